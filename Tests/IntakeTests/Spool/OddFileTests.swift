import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake

@Suite("Odd files")
struct OddFileTests {
  /// Puts the only file away, which must be rejected as it is, with a reason.
  private func reject(_ scene: SpoolScene, because reason: String) throws {
    let arrival = try scene.onlyArrival()
    #expect(arrival.original.isEmpty)
    #expect(arrival.parts.count == 1)
    let problem = try #require(arrival.problem)
    #expect(problem.contains(reason))
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "incoming").filter { $0 != "night-desk" }.isEmpty)
    #expect(try scene.names(in: "work").isEmpty)
    #expect(try scene.names(in: "rejected") == ["odd.1", "odd.1.reason"])
    #expect(try scene.text(of: "rejected/odd.1.reason") == problem + "\n")
    #expect(try scene.status(of: "rejected/odd.1.reason").st_mode & 0o777 == 0o640)
    #expect(try scene.names(in: "accepted") == ["odd.1.receipt"])
    #expect(try scene.scan().arrivals.isEmpty)
  }

  @Test(
    "A symbolic link is rejected, and what it points to is not touched",
    arguments: ["file", "../victim", "none", ".", "/proc/self/environ", "/proc/self/fd/0", "odd"])
  func symbolicLink(target: String) throws {
    let scene = try SpoolScene()
    let victim = scene.root + "/victim"
    try scene.put("victim", "secret", in: ".")
    chmod(victim, 0o644)
    let before = try scene.status(of: "incoming").st_mode
    #expect(symlink(target == "file" ? victim : target, scene.root + "/incoming/odd") == 0)
    try reject(scene, because: "symbolic link")
    #expect(try scene.status(of: "rejected/odd.1").st_mode & S_IFMT == S_IFLNK)
    #expect(try scene.text(of: "victim") == "secret")
    #expect(try scene.status(of: "victim").st_mode & 0o777 == 0o644)
    #expect(try scene.status(of: "incoming").st_mode == before)
  }

  @Test("Putting a link away changes no rights of what it points to, in the spool or outside")
  func rightsBehindLink() throws {
    let scene = try SpoolScene()
    try scene.put("victim", "secret", in: "rejected")
    chmod(scene.root + "/rejected/victim", 0o644)
    #expect(symlink(scene.root + "/rejected/victim", scene.root + "/incoming/odd") == 0)
    try scene.putAway(try scene.onlyArrival())
    #expect(try scene.status(of: "rejected/victim").st_mode & 0o777 == 0o644)
  }

  @Test("A FIFO is rejected without waiting for a writer")
  func fifo() throws {
    let scene = try SpoolScene()
    #expect(mkfifo(scene.root + "/incoming/odd", 0o666) == 0)
    try reject(scene, because: "not a regular file")
  }

  @Test("A socket is rejected")
  func socketFile() throws {
    let scene = try SpoolScene()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array((scene.root + "/incoming/odd").utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    try reject(scene, because: "not a regular file")
  }

  @Test("A device is rejected unopened", .enabled(if: geteuid() == 0))
  func device() throws {
    let scene = try SpoolScene()
    // /dev/tty waits, or steals a terminal, when it is opened.
    guard mknod(scene.root + "/incoming/odd", S_IFCHR | 0o666, makeDevice(5, 0)) == 0 else {
      print("no device can be made here (\(String(cString: strerror(errno)))): left out")
      return
    }
    let arrival = try scene.onlyArrival()
    #expect(arrival.original.isEmpty && arrival.problem != nil)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "rejected") == ["odd.1", "odd.1.reason"])
  }

  private func makeDevice(_ major: UInt64, _ minor: UInt64) -> dev_t { dev_t(major << 8 | minor) }

  @Test("Whatever lies there, others don't wait for it, and each is found")
  func together() throws {
    let scene = try SpoolScene()
    let incoming = scene.root + "/incoming/"
    #expect(mkfifo(incoming + "fifo", 0o666) == 0)
    for (name, target) in [("dangling", "none"), ("loop", "loop"), ("proc", "/proc/kmsg"), ("up", "../../..")] {
      #expect(symlink(target, incoming + name) == 0)
    }
    try scene.put("sparse", "")
    #expect(truncate(incoming + "sparse", 10 << 30) == 0)
    try scene.put("empty", "")
    try scene.put("victim", "secret", in: ".")
    #expect(link(scene.root + "/victim", incoming + "hard") == 0)
    for number in 0..<10 { try scene.put("good\(number)") }
    // The machine may be busy with other tests: the best of five shows what the scan itself takes.
    var quickest = Duration.seconds(60)
    for _ in 0..<5 {
      var arrivals: [Arrival] = []
      quickest = min(quickest, try ContinuousClock().measure { arrivals = try scene.scan().arrivals })
      #expect(arrivals.count == 18)
      #expect(arrivals.filter { $0.problem == nil }.count == 10)
    }
    #expect(quickest < .milliseconds(100), "took \(quickest)")
  }

  @Test("Files that vanish after they were listed or announced are no trouble")
  func vanished() throws {
    let scene = try SpoolScene()
    for number in 0..<600 { try scene.put("\(number)") }
    scene.spool.noteRenamedIn(Array("never".utf8), folder: nil)
    let first = try scene.spool.nextBatch(at: Date())
    #expect(first.arrivals.count == 256 && !first.isLast)
    for name in try scene.names(in: "incoming") { unlink(scene.root + "/incoming/" + name) }
    let (arrivals, last) = try scene.scan()
    #expect(arrivals.isEmpty && last.problem == nil)
    for arrival in first.arrivals { #expect(try scene.putAway(arrival) == .done) }
    #expect(try scene.names(in: "accepted").count == 256)
  }

  @Test("A file that is swapped for a link after it was listed is not followed")
  func swappedForLink() throws {
    let scene = try SpoolScene()
    try scene.put("victim", "secret", in: ".")
    for number in 0..<600 { try scene.put("\(number)") }
    let first = try scene.spool.nextBatch(at: Date())
    let read = Set(first.arrivals.map(\.nameText))
    for name in try scene.names(in: "incoming") where !read.contains(name) {
      unlink(scene.root + "/incoming/" + name)
      #expect(symlink(scene.root + "/victim", scene.root + "/incoming/" + name) == 0)
    }
    let (arrivals, _) = try scene.scan()
    #expect(arrivals.count == 600 - read.count)
    #expect(arrivals.allSatisfy { $0.original.isEmpty && $0.problem?.contains("symbolic link") == true })
  }

  @Test("A hard link is rejected, and its other name keeps content and mode")
  func hardLink() throws {
    let scene = try SpoolScene()
    try scene.put("victim", "secret", in: ".")
    chmod(scene.root + "/victim", 0o644)
    #expect(link(scene.root + "/victim", scene.root + "/incoming/odd") == 0)
    try reject(scene, because: "hard link")
    #expect(try scene.text(of: "victim") == "secret")
    #expect(try scene.status(of: "victim").st_mode & 0o777 == 0o644)
  }

  @Test("A folder where nobody would look is answered for like a bad file, with all that is in it")
  func folderInFolder() throws {
    let scene = try SpoolScene()
    try scene.makeFolder("incoming/night-desk")
    try scene.makeFolder("incoming/night-desk/odd")
    try scene.put("a.txt", in: "incoming/night-desk/odd")
    try reject(scene, because: "folder")
    #expect(try scene.names(in: "incoming") == ["night-desk"])
    #expect(try scene.names(in: "rejected/odd.1") == ["a.txt"])
  }

  @Test("A folder whose name can be no service's is answered for")
  func folderNotUTF8() throws {
    let scene = try SpoolScene()
    #expect(mkdir(scene.path("incoming", [0xFF]), 0o755) == 0)
    let arrival = try scene.onlyArrival()
    #expect(arrival.problem?.contains("folder") == true)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "rejected") == ["_.1", "_.1.reason"])
  }

  @Test("A file that the daemon may not read is answered for with the remedy")
  func noRights() throws {
    let scene = try SpoolScene()
    try scene.put("odd")
    chmod(scene.root + "/incoming/odd", 0o600)
    for directory in ["", "/incoming", "/work", "/.."] { chmod(scene.root + directory, 0o777) }
    guard geteuid() == 0 else { return }
    let arrival = try FileUser.unprivileged { try scene.onlyArrival() }
    #expect(arrival.problem?.contains("chmod g+r") == true)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.text(of: "rejected/odd.1") == SpoolScene.message)
  }

  @Test("An empty file is rejected")
  func empty() throws {
    let scene = try SpoolScene()
    try scene.put("odd", "")
    try reject(scene, because: "empty")
  }

  @Test("A file of up to the limit is read whole, a larger one is rejected as it is", arguments: [1, 4095, 4096, 4097])
  func sizes(count: Int) throws {
    let scene = try SpoolScene(maxSizeBytes: 4096)
    let text = String(repeating: "x", count: count)
    try scene.put("odd", text)
    if count > 4096 {
      try reject(scene, because: "larger than 4096 bytes")
      #expect(try scene.text(of: "rejected/odd.1") == text)
    } else {
      #expect(try scene.onlyArrival().text == text)
    }
  }

  @Test("Ten gigabytes of nothing are rejected unread")
  func sparse() throws {
    let scene = try SpoolScene()
    try scene.put("odd", "")
    #expect(truncate(scene.root + "/incoming/odd", 10 << 30) == 0)
    try reject(scene, because: "larger than")
    #expect(try scene.status(of: "rejected/odd.1").st_size == 10 << 30)
  }

  @Test(
    "A file from any year is read, put away and known again",
    arguments: [-2_147_483_648, 0, 4_102_444_800, 10_413_792_000])
  func anyYear(seconds: Int) throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let time = timeval(tv_sec: seconds, tv_usec: 0)
    #expect(utimes(scene.root + "/incoming/a.txt", [time, time]) == 0)
    let arrival = try scene.onlyArrival()
    #expect(arrival.problem == nil)
    #expect(try scene.onlyArrival().identity == arrival.identity)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "incoming").isEmpty)
  }

  static let names: [[UInt8]] = [
    Array("a\nb\r".utf8), Array("\u{1B}[2J.txt".utf8), [0xFF, 0xFE, 0x2E], Array(repeating: 0x61, count: 255),
    Array(repeating: 0xE9, count: 255), Array("-rf".utf8), Array("--".utf8), Array("a b;$(id)`.txt".utf8),
    Array("<script>".utf8), Array("Müller, 李.txt".utf8), [0x01], Array("1".utf8), Array("..a".utf8.dropFirst(2)),
  ]

  @Test(
    "Whatever a file is called, its receipt and its reason have a name that harms nobody", arguments: names,
    [true, false])
  func oddNames(name: [UInt8], isReadable: Bool) throws {
    let scene = try SpoolScene()
    try scene.put(name, isReadable ? SpoolScene.message : "\0\0\0\0")
    let arrival = try scene.onlyArrival()
    #expect(arrival.place.name == name)
    #expect((arrival.problem == nil) == isReadable)
    #expect(try scene.putAway(arrival) == .done)
    #expect(try scene.names(in: "incoming").isEmpty)
    #expect(try scene.names(in: "work").isEmpty)
    let rejected = try scene.names(in: "rejected")
    let written = try scene.names(in: "accepted") + rejected
    #expect(written.count == (isReadable ? 1 : 3))
    #expect(rejected.count == (isReadable ? 0 : 2))
    for name in written {
      #expect(name.utf8.count <= 255)
      #expect(name.first != "-" && name.first != ".")
      #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
    }
  }

  @Test("An error about a file never tells its name")
  func silentErrors() throws {
    let scene = try SpoolScene()
    try scene.put("Smith.txt", "\0\0\0\0")
    let arrival = try scene.onlyArrival()
    for directory in ["rejected", "accepted"] {
      #expect(rename(scene.root + "/" + directory, scene.root + "/away") == 0)
      let error = try #require(throws: SpoolError.self) { try scene.putAway(arrival) }
      #expect(!error.description.contains("Smith"))
      #expect(error.description.contains(directory))
      #expect(rename(scene.root + "/away", scene.root + "/" + directory) == 0)
    }
  }
}
