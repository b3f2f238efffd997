import Dispatch
import Foundation
import Synchronization
import Testing

/// Stands for systemd: the socket that NOTIFY_SOCKET names (sd_notify(3)), and all that came in by it.
///
/// Reads at once whatever comes: a full queue would make the daemon wait.
final class ServiceManager {
  let path: String
  private let inbox = Inbox()
  private let source: any DispatchSourceRead

  struct Message: Sendable {
    /// Its lines, in their order.
    var lines: [String]

    func value(_ key: String) -> String? {
      lines.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }
  }

  init(path: String) throws {
    self.path = path
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "service manager"))
    source.setEventHandler { @Sendable [inbox] in inbox.read(descriptor) }
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.resume()
  }

  deinit { source.cancel() }

  /// Everything so far.
  var received: [Message] { inbox.messages.withLock { $0 } }

  func first(_ line: String, after index: Int = 0) -> Message? {
    received.dropFirst(index).first { $0.lines.contains(line) }
  }
}

/// What came in, written on the socket's queue and read by tests.
private final class Inbox: Sendable {
  let messages = Mutex<[ServiceManager.Message]>([])

  func read(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 8192)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
      messages.withLock { $0.append(ServiceManager.Message(lines: lines)) }
    }
  }
}
