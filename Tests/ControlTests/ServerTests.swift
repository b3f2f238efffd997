import CallbackRules
import Foundation
import Testing

@testable import CallbackControl

@Suite struct ServerTests {
  @Test("A client's calls are answered with what the handler said")
  func calls() throws {
    let server = try TestServer()
    let client = try server.client()
    let page = try client.list(.init())
    #expect(page.callbacks.count == 500)
    #expect(page.callbacks.first == CallbackRow(sampleCallback(id: 1), now: sampleNow))
    #expect(page.next == "page 2")
    let shown = try client.show(12, original: true)
    #expect(shown.detail.original == Data("raw\0".utf8))
    #expect(shown.detail.events.map(\.actor) == ["service", "person"])
    let acted = try client.act(.init(12, .acknowledge(take: true), asPerson: "chen"))
    #expect(acted.callback.owner == "chen")
    #expect(acted.finishBy == sampleNow.addingTimeInterval(1200))
    #expect(try client.receipt(ofFile: "drop-1").receipt == "Callback: 12\n")
    #expect(try client.receipt(ofFile: "other").receipt == nil)
    #expect(try client.status().stages.store == .init(ok: false, detail: "The disk is full."))
  }

  @Test("The handler's failures reach the client as they are")
  func failures() throws {
    let server = try TestServer()
    let client = try server.client()
    #expect(throws: ControlError.failed(.noSuchCallback(13))) { try client.show(13) }
    #expect(throws: ControlError.failed(.refused("Dr. Chen has it since 02:14; use --take."))) {
      try client.act(.init(12, .acknowledge(take: false)))
    }
    #expect(throws: ControlError.failed(.needsPerson("Say who you are with --as."))) {
      try client.act(.init(12, .done))
    }
  }

  @Test("The peer is who the kernel says, with its login and groups")
  func peer() throws {
    let server = try TestServer { _, peer in
      let right = peer.uid == getuid() && peer.gid == getgid() && peer.pid == getpid() && peer.groups.contains(getgid())
      return .failed(.badRequest("\(right) \(peer.login ?? "-")"))
    }
    let login = String(cString: getpwuid(getuid()).pointee.pw_name)
    #expect(throws: ControlError.failed(.badRequest("true \(login)"))) { try server.client().status() }
  }

  @Test(
    "A name service that does not answer keeps only the client waiting, and until it does", .timeLimit(.minutes(10)))
  func slowNames() throws {
    let answers = DispatchSemaphore(value: 0)
    let asked = DispatchSemaphore(value: 0)
    let identify: ControlServer.Identify = { peer, then in
      Thread.detachNewThread { @Sendable in
        asked.signal()
        answers.wait()
        var peer = peer
        peer.login = "mchen"
        then(peer)
      }
    }
    let server = try TestServer(handler: { _, peer in .failed(.badRequest(peer.login ?? "-")) }, identify: identify)
    let client = try RawClient(server.path)
    client.send(#"{"method":"org.callbackd.Control.Status"}"# + "\0")
    asked.wait()
    #expect(server.clientCount == 1)
    answers.signal()
    #expect(client.receive()?.contains("mchen") == true)
  }

  @Test("A client that is gone before its name was found is let go", .timeLimit(.minutes(10)))
  func goneBeforeNamed() throws {
    let answers = DispatchSemaphore(value: 0)
    let identify: ControlServer.Identify = { peer, then in
      Thread.detachNewThread { @Sendable in
        answers.wait()
        then(peer)
      }
    }
    let server = try TestServer(identify: identify)
    do { _ = try RawClient(server.path) }
    while server.clientCount == 0 { usleep(1000) }
    answers.signal()
    while server.clientCount > 0 { usleep(1000) }
  }

  @Test(
    "Varlink's own calls and wrong calls have exact answers",
    arguments: [
      (
        #"{"method":"org.varlink.service.GetInfo"}"#,
        #"{"parameters":{"interfaces":["org.varlink.service","org.callbackd.Control"],"product":"callbackd","url":"","#
          + #""vendor":"callbackd","version":"1.2"}}"#
      ),
      (
        #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"x.y"}}"#,
        #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"x.y"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.Nothing","parameters":{}}"#,
        #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":"org.callbackd.Control.Nothing"}}"#
      ),
      (
        #"{"method":"x.y.List"}"#,
        #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"x.y"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.Show","parameters":{"number":"12"}}"#,
        #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"number"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.Acknowledge","parameters":{"number":12,"tkae":true}}"#,
        #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"tkae"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.List","parameters":{"limit":1001}}"#,
        #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"limit"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.Attempt","parameters":{"number":12,"outcome":"fine"}}"#,
        #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"outcome"}}"#
      ),
      (
        #"{"method":"org.callbackd.Control.Show","parameters":{"number":13}}"#,
        #"{"error":"org.callbackd.Control.NoSuchCallback","parameters":{"id":13,"message":"#
          + #""There is no callback 13: look for its number with `callbackctl list`, or `list --closed`."}}"#
      ),
    ])
  func exact(call: String, answer: String) throws {
    let server = try TestServer()
    let client = try RawClient(server.path)
    client.send(call + "\0")
    #expect(client.receive() == answer)
  }

  @Test("Pipelined calls are answered in their order, a one-way call is not, and a half-closed client still hears")
  func pipelined() throws {
    let server = try TestServer()
    let client = try RawClient(server.path)
    client.send(
      #"{"method":"a.b.C"}"# + "\0" + #"{"method":"a.b.D","oneway":true}"# + "\0" + #"{"method":"e.f.G"}"# + "\0")
    client.endSending()
    #expect(client.receive()?.contains("a.b") == true)
    #expect(client.receive()?.contains("e.f") == true)
    #expect(client.receive() == nil)
  }

  @Test(
    "What is no call ends the connection, and the next client is served",
    arguments: ["hello\0", "[]\0", "\0", #"{"method":1}"# + "\0", #"{"method":"a.b.C","parameters":[]}"# + "\0"])
  func malformed(text: String) throws {
    let server = try TestServer()
    let client = try RawClient(server.path)
    client.send(text)
    #expect(client.isEnded)
    #expect(try server.client().status().version == "1.2")
  }

  @Test("Deep nesting and a message over the limit end their connections only")
  func hostile() throws {
    let server = try TestServer()
    let deep = try RawClient(server.path)
    deep.send(String(repeating: "[", count: 100_000) + "\0")
    #expect(deep.isEnded)
    let huge = try RawClient(server.path)
    let piece = String(repeating: " ", count: 1 << 16)
    var pieces = 0
    while huge.send(piece) > 0, pieces < 1000 { pieces += 1 }
    #expect(pieces < 32)
    #expect(huge.isEnded)
    #expect(try server.client().status().version == "1.2")
  }

  @Test("A half-sent message ends its connection in time, even one that drips; a silent one stays longer")
  func slow() throws {
    var limits = ControlServer.Limits()
    limits.stalled = .milliseconds(200)
    let server = try TestServer(limits: limits)
    let silent = try RawClient(server.path)
    let dripping = try RawClient(server.path)
    let started = ContinuousClock.now
    // Sends until the server has closed it: each byte in time, the message never whole.
    while dripping.send("{") == 1, ContinuousClock.now < started.advanced(by: .seconds(10)) { usleep(20_000) }
    #expect(dripping.isEnded)
    #expect(started.duration(to: .now) < .seconds(5))
    silent.send(#"{"method":"a.b.C"}"# + "\0")
    #expect(silent.receive() != nil)
  }

  @Test("A silent connection ends after the idle time")
  func idle() throws {
    var limits = ControlServer.Limits()
    limits.idle = .milliseconds(50)
    let server = try TestServer(limits: limits)
    #expect(try RawClient(server.path).isEnded)
  }

  @Test("A client that does not read its replies is ended, and never makes the server keep more than one")
  func doesNotRead() throws {
    var limits = ControlServer.Limits()
    limits.stalled = .milliseconds(200)
    let calls = Counter()
    let server = try TestServer(limits: limits) { call, peer in
      calls.increment()
      return sampleHandler(call, peer)
    }
    let deaf = try RawClient(server.path)
    for _ in 0..<20 { deaf.send(#"{"method":"org.callbackd.Control.List","parameters":{"limit":1000}}"# + "\0") }
    deaf.waitUntilHungUp()
    #expect((1...3).contains(calls.value))
    #expect(try server.client().status().version == "1.2")
  }

  @Test("Clients that vanish before their answer leave nothing behind")
  func vanishing() throws {
    let server = try TestServer()
    for _ in 0..<50 {
      try RawClient(server.path).send(#"{"method":"org.callbackd.Control.List"}"# + "\0")
    }
    // Accepted after all of them.
    let last = try server.client()
    #expect(try last.status().version == "1.2")
    while server.clientCount > 1 { usleep(1000) }
    #expect(try last.status().version == "1.2")
  }

  @Test("With a hundred silent clients those over the limit are told to try again, and room that is freed is used")
  func many() throws {
    let server = try TestServer()
    var clients = try (0..<100).map { _ in try RawClient(server.path) }
    #expect(clients.removeLast().receive()?.contains("org.callbackd.Control.TryAgain") == true)
    #expect(server.clientCount == (getuid() == 0 ? 64 : 16))
    clients.removeAll()
    while server.clientCount > 0 { usleep(1000) }
    #expect(try server.client().status().version == "1.2")
  }

  @Test("A client is refused while descriptors are short")
  func descriptors() throws {
    var limits = ControlServer.Limits()
    limits.spareDescriptors = .max / 2
    let server = try TestServer(limits: limits)
    #expect(throws: (any Error).self) { try server.client().status() }
    #expect(server.clientCount == 0)
  }
}

/// Counts across threads.
final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func increment() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
