import Glibc
import Testing

@testable import Systemd

@Suite("Where log entries go")
struct SystemLogTests {
  @Test("the journal is chosen only where JOURNAL_STREAM names standard error itself")
  func journal() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let mine = ends[1]
    var status = stat()
    try #require(fstat(mine, &status) == 0)
    let stream = "\(status.st_dev):\(status.st_ino)"
    func destination(_ value: String?, socket: String) -> SystemLog.Destination {
      SystemLog.destination(descriptor: mine, socket: socket) { $0 == "JOURNAL_STREAM" ? value : nil }
    }
    #expect(destination(stream, socket: "/dev/null") == .journal)
    #expect(destination(stream, socket: "/nowhere/socket") == .journalStream)
    #expect(destination("\(status.st_dev):\(status.st_ino + 1)", socket: "/dev/null") == .standardError)
    #expect(destination(nil, socket: "/dev/null") == .standardError)
    #expect(destination("", socket: "/dev/null") == .standardError)
  }

  @Test("a closed standard error is no journal")
  func closed() {
    #expect(SystemLog.destination(descriptor: -1) { _ in "1:1" } == .standardError)
  }
}
