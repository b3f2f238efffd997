import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Notification files")
struct NotificationFileTests {
  let scene: Scene

  init() throws {
    scene = try Scene()
    scene.channels = [Channel(id: "wall", kind: .file)]
    scene.people[0].channels = ["wall"]
  }

  @Test("a notification file says what a minimal mail says, on one line")
  func minimal() async throws {
    let delivery = await scene.deliverer.deliver(Scene.item(), now: Scene.now)
    #expect(delivery == Delivery(outcome: .delivered))
    #expect(
      try scene.read("notifications/34.json")
        == #"{"account":"riverside","attempts":0,"callback":12,"created_at":"2026-11-23T19:34:00Z","#
        + #""due_at":"2026-11-23T19:25:00Z","kind":"message","notice":34,"overdue_seconds":540,"person":"rivera","#
        + #""reason":"step","service":"night-desk","service_phone":"+1 555 010 9000","state":"open","urgency":"urgent"}"#
        + "\n")
  }

  @Test("with detail = full the message is in it, without anything that acts on a terminal")
  func full() async throws {
    scene.mail.detail = .full
    var item = Scene.item()
    item.callback.message.caller = "Maria\u{1B}[2J\u{9B}\nOrtega"
    _ = await scene.deliverer.deliver(item, now: Scene.now)
    let json = try scene.read("notifications/34.json")
    #expect(json.contains(#""message":{"body":"Fever since noon.\nPlease ring.","callback":"555-010-4477","#))
    #expect(json.contains(#""caller":"Maria [2J Ortega""#))
    #expect(json.split(separator: "\n").count == 1)
  }

  @Test("with detail = full an account with a group has no message in its file, and all of it in its person's command")
  func accountWithGroup() async throws {
    scene.mail.detail = .full
    scene.accounts = [Account(id: "riverside", zone: Scene.newYork), Account(id: "hillside", zone: Scene.newYork)]
    scene.accounts[1].group = "hillside"
    scene.channels = [Channel(id: "pager", kind: .command([try scene.script("page", "cat >$here/json")]))]
    scene.people[0].channels = ["pager"]
    func item(_ id: Int64, _ account: String?) -> OutgoingNotice.Item {
      var item = Scene.item().only
      (item.number, item.callback.id, item.callback.message.account) = (id, id, account)
      return item
    }
    func withMessage(_ name: String) throws -> [Int64] {
      struct Digest: Decodable { let callbacks: [One] }
      struct One: Decodable {
        let callback: Int64
        let message: Words?
      }
      struct Words: Decodable { let caller: String }
      let digest = try JSONDecoder().decode(Digest.self, from: Data(try scene.read(name).utf8))
      return digest.callbacks.filter { $0.message?.caller == "Maria Ortega" }.map(\.callback).sorted()
    }
    let all = [item(1, "riverside"), item(2, "hillside"), item(3, nil), item(4, "closed-since")]
    #expect(await scene.deliverer.deliver(Scene.notice(of: all), now: Scene.now) == Delivery(outcome: .delivered))
    #expect(try withMessage("notifications/34.json") == [1, 3])
    #expect(try withMessage("json") == [1, 2, 3, 4])

    var alone = Scene.item()
    alone.callback.message.account = "hillside"
    _ = await scene.deliverer.deliver(alone, now: Scene.now)
    #expect(try !scene.read("notifications/34.json").contains("Ortega"))
    #expect(try scene.read("json").contains("Ortega"))
  }

  @Test("a file is readable by its group whatever the umask, and leaves no temporary file")
  func mode() async {
    // In a process of its own: the umask is the whole process's.
    await #expect(processExitsWith: .success) {
      umask(0o077)
      let scene = try Scene()
      let item = Scene.item(person: "nobody")
      _ = await scene.deliverer.deliver(item, now: Scene.now)
      let attributes = try FileManager.default.attributesOfItem(atPath: scene.path("notifications/34.json"))
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scene.path("notifications")) == ["34.json"])
    }
  }

  @Test("a repeat replaces the file, and what a crash left behind")
  func replaces() async throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: scene.path("notifications/34.json")))
    try Data("half".utf8).write(to: URL(fileURLWithPath: scene.path("notifications/.34.tmp")))
    #expect(await scene.deliverer.deliver(Scene.item(), now: Scene.now).outcome == .delivered)
    #expect(try scene.read("notifications/34.json").hasPrefix("{"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scene.path("notifications")) == ["34.json"])
  }

  @Test("one that was written before the hand-over is left alone by it, once, where it says the same")
  func early() async throws {
    let deliverer = scene.deliverer
    func deliver(_ item: OutgoingNotice) async throws -> String {
      #expect(await deliverer.deliver(item, now: Scene.now) == Delivery(outcome: .delivered))
      return try scene.read("notifications/34.json")
    }
    func mark() throws { try Data("left".utf8).write(to: URL(fileURLWithPath: scene.path("notifications/34.json"))) }
    var item = Scene.item()
    deliverer.earlyFiles(of: [item])()
    let written = try scene.read("notifications/34.json")
    #expect(written.hasPrefix(#"{"account":"riverside""#))
    try mark()
    #expect(try await deliver(item) == "left")
    #expect(try await deliver(item) == written)

    deliverer.earlyFiles(of: [item])()
    try mark()
    item.callback.urgency = .emergency
    #expect(try await deliver(item).contains(#""urgency":"emergency""#))
  }

  @Test("one that is handed over before it is its turn is not written again by what was to write it before")
  func overtaken() async throws {
    let deliverer = scene.deliverer
    let write = deliverer.earlyFiles(of: [Scene.item()])
    #expect(await deliverer.deliver(Scene.item(), now: Scene.now) == Delivery(outcome: .delivered))
    try FileManager.default.removeItem(atPath: scene.path("notifications/34.json"))
    write()
    #expect(!scene.exists("notifications/34.json"))
  }

  @Test("what says something else by another configuration is written again, and what becomes part of a digest is not")
  func earlyThenElse() async throws {
    let files = NotificationFiles(directory: scene.path("notifications"))
    func deliverer() -> Deliverer {
      Deliverer(
        office: scene.office, mail: scene.mail, files: files, scratchDirectory: scene.path("scratch"), host: scene.host)
    }
    scene.mail.detail = .full
    deliverer().earlyFiles(of: [Scene.item()])()
    #expect(try scene.read("notifications/34.json").contains("Maria"))
    scene.mail.detail = .minimal
    _ = await deliverer().deliver(Scene.item(), now: Scene.now)
    #expect(try !scene.read("notifications/34.json").contains("Maria"))

    var other = Scene.item().only
    (other.number, other.callback.id) = (35, 13)
    var digest = Scene.item()
    digest.content = .callbacks([Scene.item().only, other])
    var single = Scene.item()
    (single.number, single.content) = (35, .callbacks([other]))
    let write = deliverer().earlyFiles(of: [single])
    _ = await deliverer().deliver(digest, now: Scene.now)
    write()
    #expect(!scene.exists("notifications/35.json"))
    #expect(try scene.read("notifications/34.json").contains(#""callbacks":["#))
  }

  @Test("one that can't be written before is written by the hand-over, and what keeps it from that is said then")
  func earlyFails() async throws {
    let deliverer = scene.deliverer
    try FileManager.default.removeItem(atPath: scene.path("notifications"))
    deliverer.earlyFiles(of: [Scene.item()])()
    #expect(await deliverer.deliver(Scene.item(), now: Scene.now).fileProblem != nil)
    try FileManager.default.createDirectory(atPath: scene.path("notifications"), withIntermediateDirectories: false)
    deliverer.earlyFiles(of: [Scene.item()])()
    #expect(scene.exists("notifications/34.json"))
  }

  @Test("written before and handed over at once, each is there whole, and no temporary file stays")
  func earlyAndNow() async throws {
    let deliverer = scene.deliverer
    let items = (1...60).map { number in
      var item = Scene.item()
      item.number = Int64(number)
      return item
    }
    let writers = (0..<2).map { first in
      deliverer.earlyFiles(of: stride(from: first, to: 60, by: 2).map { items[$0] })
    }
    await withTaskGroup(of: Void.self) { group in
      for write in writers { group.addTask { write() } }
      for item in items.reversed() {
        group.addTask { #expect(await deliverer.deliver(item, now: Scene.now) == Delivery(outcome: .delivered)) }
      }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: scene.path("notifications"))
    #expect(Set(names) == Set((1...60).map { "\($0).json" }))
  }

  @Test("a link in the place of the temporary file is not followed")
  func link() async throws {
    try Data("precious".utf8).write(to: URL(fileURLWithPath: scene.path("target")))
    try FileManager.default.createSymbolicLink(
      atPath: scene.path("notifications/.34.tmp"), withDestinationPath: scene.path("target"))
    #expect(await scene.deliverer.deliver(Scene.item(), now: Scene.now).outcome == .delivered)
    #expect(try scene.read("target") == "precious")
  }

  @Test("a file that can't be written delays the channel that is only the file")
  func missingDirectory() async throws {
    try FileManager.default.removeItem(atPath: scene.path("notifications"))
    let why = "can't open \(scene.path("notifications")): No such file or directory"
    #expect(
      await scene.deliverer.deliver(Scene.item(), now: Scene.now)
        == Delivery(outcome: .retryLater(why), fileProblem: why, extent: .channel))
  }

  @Test("a directory in the file's place is said, and no temporary file stays")
  func directoryInPlace() async throws {
    try FileManager.default.createDirectory(
      atPath: scene.path("notifications/34.json/x"), withIntermediateDirectories: true)
    let problem = await scene.deliverer.deliver(Scene.item(), now: Scene.now).fileProblem
    #expect(problem == "can't rename a file to \(scene.path("notifications/34.json")): Is a directory")
    #expect(!scene.exists("notifications/.34.tmp"))
  }
}
