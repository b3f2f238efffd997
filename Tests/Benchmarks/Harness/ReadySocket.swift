import Foundation

/// Where a daemon says that it is ready, as systemd has it (sd_notify(3)).
final class ReadySocket {
  let path: String
  private let descriptor: Int32

  init(path: String) throws(CannotMeasure) {
    self.path = path
    descriptor = try done(
      socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0), "make a socket")
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      guard path.utf8.count < bytes.count else { return false }
      bytes.copyBytes(from: path.utf8)
      return true
    }
    guard fits else { throw CannotMeasure("\(path) is too long for a socket: name a shorter directory with --dir") }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try done(bound, "listen at \(path)")
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  /// Waits until it says so.
  func wait() throws(CannotMeasure) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let end = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < end {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard try done(poll(&watched, 1, 1000), "wait for READY") > 0 else { continue }
      let count = try done(recv(descriptor, &buffer, buffer.count, 0), "read what the daemon says")
      if buffer[..<count].split(separator: UInt8(ascii: "\n")).contains(where: { $0.elementsEqual("READY=1".utf8) }) {
        return
      }
    }
    throw CannotMeasure("callbackd was not ready after ten minutes")
  }
}
