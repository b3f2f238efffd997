import CallbackControl
import CallbackReports
import Foundation
import Testing

/// Who may do what, tried with the real programs by users of every kind.
@Suite(
  "rights of users", .fewAtOnce,
  .enabled(if: DaemonProcess.mayHaveGroups, "only root can become others, with groups of their own"))
struct AccessTests {
  /// By numbers: nobody here need exist on the machine.
  struct User: Sendable, CustomTestStringConvertible {
    var name: String
    var uid: Int
    var groups: [Int]
    /// What is given with what acts, where the login is nobody's.
    var person: String?
    var maySeeOpen: Bool
    var maySeeLakeside: Bool

    var testDescription: String { name }
  }

  private static let (staff, drop, lakeside, shore) = (4241, 4242, 4243, 4244)

  static let users = [
    User(name: "root", uid: 0, groups: [0], person: "rivera", maySeeOpen: true, maySeeLakeside: true),
    User(name: "staff, a person", uid: 61_001, groups: [staff], maySeeOpen: true, maySeeLakeside: false),
    User(
      name: "staff, no person", uid: 61_002, groups: [staff], person: "chen", maySeeOpen: true, maySeeLakeside: false),
    User(name: "staff of the account", uid: 61_003, groups: [lakeside, staff], maySeeOpen: true, maySeeLakeside: true),
    User(
      name: "staff of another one", uid: 61_004, groups: [staff, shore], person: "chen", maySeeOpen: true,
      maySeeLakeside: false),
    User(name: "of the account, no staff", uid: 61_005, groups: [lakeside], maySeeOpen: false, maySeeLakeside: false),
    User(name: "drops alone", uid: 61_006, groups: [drop], maySeeOpen: false, maySeeLakeside: false),
    User(name: "nobody", uid: 61_007, groups: [], maySeeOpen: false, maySeeLakeside: false),
  ]

  /// An office with two persons who have logins, and an account for one group.
  private static func office() -> OfficeText {
    var office = OfficeText()
    office.chen = #"login = "mchen""#
    office.further = """
      [[account]]
      id = "lakeside"
      recipient = "rivera"
      group = "lakeside"

      [[person]]
      id = "shaw"
      login = "kshaw"
      email = "shaw@lakeside.example"

      """
    return office
  }

  /// A daemon that knows the groups and logins, and a callbackctl that anybody may run.
  private final class Scene {
    let place: Workplace
    let daemon: DaemonProcess
    private let program: String

    init() async throws {
      place = try Workplace(AccessTests.office(), mode: 0o711)
      let (groups, accounts) = (place.newPath("group"), place.newPath("passwd"))
      let names =
        "root:x:0:\ncallback-staff:x:\(staff):\ncallback-drop:x:\(drop):\nlakeside:x:\(lakeside):\nshore:x:\(shore):\n"
      try Data(names.utf8).write(to: URL(fileURLWithPath: groups))
      let logins = "root:x:0:0::/:/bin/sh\nmchen:x:61001:1::/:/bin/sh\nkshaw:x:61003:1::/:/bin/sh\n"
      try Data(logins.utf8).write(to: URL(fileURLWithPath: accounts))
      daemon = try DaemonProcess(in: place, groups: groups, accounts: accounts)
      program = place.newPath("callbackctl")
      try FileManager.default.copyItem(atPath: Binary.callbackctl.path, toPath: program)
      try await daemon.ready()
    }

    /// Takes in a message, and gives the number of its callback.
    func message(for account: String) async throws -> Int64 {
      let before = try daemon.client().status().counts.open
      let number = UInt32.random(in: 1_000_000...9_999_999)
      try place.drop("Account: \(account)\nCaller: zqJane \(number)\nCallback: 555\(number)\n")
      try await waitUntil("the callback", context: place.log) { try daemon.client().status().counts.open > before }
      return try #require(try daemon.client().list(ControlCall.ListQuery()).callbacks.map(\.id).max())
    }

    func run(_ words: [String], as user: User) async throws -> Run {
      let groups = user.groups.map(String.init).joined(separator: ",")
      return try await Run(
        "/usr/bin/setpriv",
        [
          "--reuid=\(user.uid)", "--regid=\(user.uid)", groups.isEmpty ? "--clear-groups" : "--groups=\(groups)",
          program,
        ]
          + words + ["--socket", place.control], in: place)
    }

    func refusals(of number: Int64) throws -> [EventRow] {
      try daemon.client().show(number).detail.events.filter { $0.kind == "refused" }
    }
  }

  /// Each of which works after the one before.
  private static let acts = [
    ["note", "#", "seen"], ["ack", "#", "--take"], ["attempt", "#", "busy"], ["snooze", "#", "1m"],
    ["assign", "#", "chen"], ["done", "#"], ["reopen", "#"], ["close", "#", "--reason", "seen"],
  ]

  @Test(
    "each user may do to each account's callbacks what the table says, and what is refused stands there",
    arguments: users)
  func table(user: User) async throws {
    let scene = try await Scene()
    for (account, may) in [("riverside", user.maySeeOpen), ("lakeside", user.maySeeLakeside)] {
      let number = try await scene.message(for: account)
      let commands = [["show", "#"]] + Self.acts.map { $0 + (user.person.map { ["--as", $0] } ?? []) }
      for words in commands {
        let run = try await scene.run(words.map { $0 == "#" ? "\(number)" : $0 }, as: user)
        #expect(run.status == (may ? 0 : 77), "\(account) \(words): \(run.status), \(run.errors)")
        if !may {
          #expect(!(run.output + run.errors).contains("zqJane"))
          #expect(run.errors.contains(user.maySeeOpen ? "the group lakeside" : "the group callback-staff"))
        }
      }
      let refusals = try scene.refusals(of: number)
      #expect(refusals.map(\.text) == (may ? [] : commands.map(\.[0])))
      let person = user.uid == 61_001 ? "chen" : nil
      #expect(refusals.allSatisfy { $0.actorID == person && $0.actor == "person" })
      let login = [61_001: "mchen", 61_003: "kshaw"][user.uid] ?? "uid \(user.uid)"
      #expect(refusals.allSatisfy { $0.login == login })
      // Whoever is refused twice stands there once.
      if !may {
        _ = try await scene.run(["show", "\(number)"], as: user)
        #expect(try scene.refusals(of: number).count == refusals.count)
      }
    }
    for words in [["list"], ["oncall"]] {
      let run = try await scene.run(words, as: user)
      #expect(run.status == (user.maySeeOpen ? 0 : 77), "\(words): \(run.status), \(run.errors)")
    }
    #expect(try await scene.run(["status"], as: user).status == 0)
    try await scene.daemon.stop()
  }

  @Test("lists, exports and reports have what their user may see, and a list of another's account is refused")
  func lists() async throws {
    let scene = try await Scene()
    let open = try await scene.message(for: "riverside")
    let hidden = try await scene.message(for: "lakeside")
    for user in Self.users where user.maySeeOpen {
      let run = try await scene.run(["list", "--json"], as: user)
      let rows = try ControlCoding.decode([CallbackRow].self, from: Data(run.output.utf8))
      #expect(rows.map(\.id).sorted() == (user.maySeeLakeside ? [open, hidden] : [open]), "\(user.name)")
      let narrowed = try await scene.run(["list", "--account", "lakeside"], as: user)
      #expect(narrowed.status == (user.maySeeLakeside ? 0 : 77), "\(user.name): \(narrowed.errors)")
      let exported = try await scene.run(["export", "--since", "1d", "--format", "json"], as: user)
      let stories = try #require(
        try JSONSerialization.jsonObject(with: Data(exported.output.utf8)) as? [[String: Any]], "\(exported.errors)")
      #expect(stories.count == rows.count, "\(user.name)")
      let report = try await scene.run(["report", "--since", "1d", "--format", "json"], as: user)
      let figures = try ControlCoding.decode(Report.self, from: Data(report.output.utf8))
      #expect(figures.total.taken == rows.count, "\(user.name): \(report.errors)")
    }
    try await scene.daemon.stop()
  }

  @Test("nobody who has no person's login acts without naming one, and that stands in the history too")
  func unnamed() async throws {
    let scene = try await Scene()
    let number = try await scene.message(for: "riverside")
    let run = try await scene.run(["ack", "\(number)"], as: Self.users[2])
    #expect(run.status == 77 && run.errors.contains("--as"), "\(run.errors)")
    #expect(try scene.refusals(of: number).map(\.login) == ["uid 61002"])
    let asAnother = try await scene.run(["ack", "\(number)", "--as", "rivera"], as: Self.users[1])
    #expect(asAnother.status == 77, "\(asAnother.errors)")
    #expect(try scene.refusals(of: number).map(\.actorID) == [nil, "chen"])
    #expect(try scene.daemon.client().show(number).detail.callback.owner == nil)
    try await scene.daemon.stop()
  }

  @Test("a script that tries every number leaves no more than a few events")
  func flooding() async throws {
    let scene = try await Scene()
    let numbers = try await (0..<30).asyncMap { _ in try await scene.message(for: "lakeside") }
    for number in numbers { _ = try await scene.run(["show", "\(number)"], as: Self.users[7]) }
    let count = try numbers.reduce(0) { try $0 + scene.refusals(of: $1).count }
    #expect(count == 20)
    #expect(scene.place.log.contains("refused too often"))
    try await scene.daemon.stop()
  }

  @Test("a group that an account gets by a reload is in force at once")
  func reload() async throws {
    let scene = try await Scene()
    _ = try await scene.message(for: "riverside")
    var office = Self.office()
    office.account = #"group = "shore""#
    try scene.place.configure(office)
    try scene.daemon.send(SIGHUP)
    try await waitUntil("the reload", context: scene.place.log) { scene.place.log.contains("was read again") }
    for (index, status) in [(1, 0), (4, 1)] {
      let run = try await scene.run(["list", "--json"], as: Self.users[index])
      #expect(try ControlCoding.decode([CallbackRow].self, from: Data(run.output.utf8)).count == status)
    }
    try await scene.daemon.stop()
  }

  @Test("a check of the configuration names a group that the machine does not have")
  func missingGroup() async throws {
    var office = Self.office()
    office.account = #"group = "no-such-group""#
    let place = try Workplace(office)
    let run = try await Run(try Binary.callbackd.path, ["--check", "--config", place.configuration], in: place)
    #expect(run.status == 0)
    #expect(run.errors.contains("account.group: this machine has no group `no-such-group`"), "\(run.errors)")
  }
}

extension AccessTests {
  @Test("a check of the configuration names the logins and programs that the machine does not have")
  func missingPrograms() async throws {
    var office = OfficeText()
    office.sendmail = "/nowhere/sendmail"
    office.rivera = #"login = "no-such-login""#
    office.further = """
      [[person]]
      id = "paged"
      channels = ["pager"]
      [[channel]]
      id = "pager"
      kind = "command"
      run = ["/nowhere/page"]
      """
    let place = try Workplace(office)
    let run = try await Run(try Binary.callbackd.path, ["--check", "--config", place.configuration], in: place)
    #expect(run.status == 0)
    #expect(run.output.hasSuffix(": no problem found, but 3 warnings.\n"), "\(run.output)")
    #expect(run.errors.contains("person.login: this machine has no account `no-such-login`"), "\(run.errors)")
    #expect(run.errors.contains("mail.sendmail: the program `/nowhere/sendmail` is not there, so no mail goes out"))
    #expect(
      run.errors.contains("channel.run: the program `/nowhere/page` is not there, so nothing goes out by `pager`"))

    try place.script("sendmail", "#!/bin/sh\n")
    #expect(chmod(place.root + "/sendmail", 0o644) == 0)
    try place.configure(OfficeText())
    let closed = try await Run(try Binary.callbackd.path, ["--check", "--config", place.configuration], in: place)
    #expect(
      closed.errors.contains("mail.sendmail: the program `\(place.root)/sendmail` may not be run"), "\(closed.errors)")
    #expect(chmod(place.root + "/sendmail", 0o755) == 0)
    let open = try await Run(try Binary.callbackd.path, ["--check", "--config", place.configuration], in: place)
    #expect(!open.errors.contains("mail.sendmail"), "\(open.errors)")
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
