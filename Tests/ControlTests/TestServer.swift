import Dispatch
import Foundation
import Testing

@testable import CallbackControl

/// A server in a directory of its own, and clients that say what no library would.
final class TestServer {
  let path: String
  let queue = DispatchQueue(label: "control tests")
  private let directory: URL
  private let server: ControlServer

  init(
    limits: ControlServer.Limits = .init(), handler: @escaping ControlServer.Handler = sampleHandler,
    identify: ControlServer.Identify? = nil
  ) throws {
    directory = URL(fileURLWithPath: "/tmp/callbackd-control-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    path = directory.path + "/control"
    server =
      if let identify {
        try ControlServer(
          path: path, queue: queue, version: "1.2", limits: limits, handler: handler, identify: identify)
      } else {
        try ControlServer(path: path, queue: queue, version: "1.2", limits: limits, handler: handler)
      }
    queue.sync { [server] in server.start() }
  }

  deinit {
    queue.sync { [server] in server.stop() }
    do {
      try FileManager.default.removeItem(at: directory)
    } catch {
      Issue.record("\(directory.path) can't be removed: \(error)")
    }
  }

  var clientCount: Int { queue.sync { [server] in server.clientCount } }

  func noteChange() { queue.sync { [server] in server.noteChange() } }

  func stop() { queue.sync { [server] in server.stop() } }

  /// One that waits for longer than a machine is busy with other tests.
  func client() throws -> ControlClient { try ControlClient(path: path, timeout: .seconds(60)) }
}

/// A bare connection. Every wait ends after ten seconds, so that a failing test ends.
final class RawClient {
  let descriptor: Int32

  init(_ path: String) throws {
    descriptor = try #require(SocketAddress.makeSocket(nonBlocking: false))
    let address = try #require(SocketAddress(path: path))
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    try #require(address.withPointer { connect(descriptor, $0, $1) } == 0)
  }

  deinit { close(descriptor) }

  @discardableResult
  func send(_ text: String) -> Int {
    let bytes = Array(text.utf8)
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What comes until a NUL (left out) or the end; nil if it ends at once.
  func receive() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while recv(descriptor, &byte, 1, 0) == 1 {
      if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Waits for the server to close the connection, and reads nothing.
  func waitUntilHungUp() {
    var watched = pollfd(fd: descriptor, events: 0, revents: 0)
    #expect(poll(&watched, 1, 10_000) == 1)
  }

  /// Whether the server closed the connection; waits for something to happen.
  var isEnded: Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, 0)
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }
}
