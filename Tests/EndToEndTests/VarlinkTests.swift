import CallbackControl
import Foundation
import Testing

/// Clients that are not ours.
@Suite("the control socket", .fewAtOnce)
struct VarlinkTests {
  /// Where `make test` has put PyPI's varlink, if it is nowhere else.
  private static let library = sources + "/.build/varlink"
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path

  private static let hasLibrary: Bool = {
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["PYTHONPATH=\(library)", "python3", "-c", "import varlink"]
    python.standardError = FileHandle.nullDevice
    do {
      try python.run()
    } catch {
      return false
    }
    python.waitUntilExit()
    return python.terminationStatus == 0
  }()

  @Test(
    "PyPI's varlink introspects, lists, acknowledges and watches, and gets errors of varlink's own",
    .enabled(if: hasLibrary, "there is no varlink for Python: `make test` installs it"))
  func independent() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback") { try daemon.client().status().counts.open == 1 }
    let run = try await Run(
      "/usr/bin/env",
      [
        "PYTHONPATH=\(Self.library)", "python3", Self.sources + "/Tests/EndToEndTests/Clients/varlink_client.py",
        place.control, "rivera",
      ], in: place)
    #expect(run.status == 0, "\(run.errors)")
    let expected = """
      interfaces org.varlink.service org.callbackd.Control
      methods Acknowledge Assign Attempt Close Done Export List MailReport Metrics Names Note OnCall Purge Receipt \
      Reopen Report Show Snooze Status Verify Watch
      page True 1
      show Jane Doe
      ack rivera
      change False ['rivera']
      happened acknowledged reached closed
      status 0
      no such callback org.callbackd.Control.NoSuchCallback
      closed org.callbackd.Control.Refused
      parameter org.varlink.service.InvalidParameter
      more org.varlink.service.ExpectedMore
      method org.varlink.service.MethodNotFound

      """
    #expect(run.output == expected)
    try await daemon.stop()
  }

  @Test(
    "a thousand idle clients, and hundreds that come and go or send nonsense, keep no message and nobody else waiting")
  func crowd() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    // In a process of their own: where this one has more than 1,300 descriptors open, Foundation's Process reads past the end of
    // their list, and crashes when that is the end of what is mapped.
    let (idle, hold) = (Process(), Pipe())
    idle.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    idle.arguments = [
      "python3", Self.sources + "/Tests/EndToEndTests/Clients/idle_clients.py", place.control, "1000",
      place.root + "/idle",
    ]
    idle.standardInput = hold
    try idle.run()
    try await waitUntil("a thousand idle clients", context: place.log) {
      FileManager.default.fileExists(atPath: place.root + "/idle")
    }
    for number in 0..<300 {
      let client = try Plain(place.control)
      switch number % 4 {
      case 0: client.send("nonsense\0")
      case 1: client.send(#"{"method":"org.callbackd.Control.List"}"# + "\0")
      case 2: client.send(#"{"method":"org.callbackd.Control.Watch","more":true}"# + "\0")
      default: client.send(String(repeating: "[", count: 20_000))
      }
    }
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the mail", context: place.log) { try !place.mails.isEmpty }
    // Whoever only stays connected makes room.
    try await waitUntil("an answer", context: place.log) {
      do { return try daemon.client().status().counts.open == 1 } catch { return false }
    }
    #expect(idle.isRunning)
    try hold.fileHandleForWriting.close()
    try await waitUntil("the end of the idle clients") { !idle.isRunning }
    #expect(idle.terminationStatus == 0)
    try await daemon.stop()
  }

  /// A bare connection.
  private final class Plain {
    private let descriptor: Int32

    init(_ path: String) throws {
      descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      try #require(descriptor >= 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let status = withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(status == 0)
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
      // The daemon may have hung up already, which is its right.
      _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
  }
}
