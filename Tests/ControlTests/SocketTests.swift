import Foundation
import Testing

@testable import CallbackControl

@Suite struct SocketTests {
  @Test("Everybody may connect; the file goes when the server stops, and clients are told that nobody is there")
  func life() throws {
    let server = try TestServer()
    var status = stat()
    #expect(lstat(server.path, &status) == 0)
    #expect(status.st_mode == S_IFSOCK | 0o666)
    let client = try server.client()
    server.stop()
    #expect(lstat(server.path, &status) == -1)
    #expect(throws: ControlError.brokenOff(path: server.path)) { try client.status() }
    #expect(throws: ControlError.unreachable(path: server.path, errno: ENOENT)) { try server.client() }
  }

  @Test("A socket on which somebody answers is left to them")
  func answered() throws {
    let server = try TestServer()
    #expect(
      throws: ControlError.cannotListen(path: server.path, reason: "another daemon answers there; stop it first")
    ) { try ControlServer(path: server.path, queue: server.queue, version: "", handler: sampleHandler) }
    #expect(try server.client().status().version == "1.2")
  }

  @Test("A socket left by a daemon that is gone is replaced")
  func stale() throws {
    let server = try TestServer()
    server.stop()
    let left = try #require(SocketAddress.makeSocket(nonBlocking: false))
    let address = try #require(SocketAddress(path: server.path))
    try #require(address.withPointer { bind(left, $0, $1) } == 0)
    close(left)
    #expect(throws: ControlError.unreachable(path: server.path, errno: ECONNREFUSED)) { try server.client() }
    let next = try ControlServer(path: server.path, queue: server.queue, version: "1.3", handler: sampleHandler)
    server.queue.sync { next.start() }
    #expect(try server.client().status().version == "1.2")
    server.queue.sync { next.stop() }
  }

  @Test("Anything else than a socket is left alone")
  func notASocket() throws {
    let server = try TestServer()
    server.stop()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: server.path))
    #expect(throws: ControlError.self) {
      try ControlServer(path: server.path, queue: server.queue, version: "", handler: sampleHandler)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: server.path)) == Data("mine".utf8))
  }

  @Test("A path that is too long is refused with what to do")
  func longPath() {
    let path = "/tmp/" + String(repeating: "x", count: 200)
    #expect(throws: ControlError.self) {
      try ControlServer(path: path, queue: DispatchQueue(label: "x"), version: "", handler: sampleHandler)
    }
  }

  @Test("A daemon that does not answer is given up in time")
  func silentDaemon() throws {
    let server = try TestServer { call, peer in
      usleep(1_500_000)
      return sampleHandler(call, peer)
    }
    let client = try ControlClient(path: server.path, timeout: .milliseconds(100))
    #expect(throws: ControlError.timedOut(path: server.path)) { try client.status() }
  }
}
