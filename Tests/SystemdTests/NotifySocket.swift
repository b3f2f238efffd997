import Glibc
import Testing

/// The service manager's end of a notification socket, with an abstract address (unix(7)) that leaves nothing behind.
///
/// It sets NOTIFY_SOCKET, so it belongs into a process of its own (an exit test): others read the environment meanwhile.
struct NotifySocket {
  private let descriptor: Int32

  init() throws {
    let name = "callbackd-test-\(getpid())"
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
    let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { socklen_t($0 + 1 + name.utf8.count) }
    let size = try #require(length)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    try #require(bound == 0)
    setenv("NOTIFY_SOCKET", "@" + name, 1)
  }

  /// The next datagram, as text; nil if none was sent.
  func next() -> String? {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }
}
