import CallbackRules
import Foundation
import Testing

@testable import CallbackControl

@Suite struct WatchTests {
  static let call = #"{"method":"org.callbackd.Control.Watch","more":true}"# + "\0"

  private static func limits(_ change: (inout ControlServer.Limits) -> Void = { _ in }) -> ControlServer.Limits {
    var limits = ControlServer.Limits()
    limits.watchSpacing = .milliseconds(10)
    change(&limits)
    return limits
  }

  @Test("First comes a page, then what changes, each reply saying that more follow", .timeLimit(.minutes(10)))
  func changes() throws {
    let server = try TestServer(limits: Self.limits())
    let client = try RawClient(server.path)
    client.send(Self.call)
    let page = try #require(client.receive())
    #expect(page.contains(#""is_page":true"#) && page.contains(#""continues":true"#))
    for number in 2...4 {
      server.noteChange()
      let change = try #require(client.receive())
      #expect(change.contains(#""is_page":false"#) && change.contains(#""continues":true"#))
      #expect(change.contains(#""id":\#(number)"#), "\(change)")
    }
  }

  @Test("What changes in a rush is one reply, and none comes sooner than it may", .timeLimit(.minutes(10)))
  func rush() throws {
    let server = try TestServer(limits: Self.limits { $0.watchSpacing = .milliseconds(300) })
    let client = try RawClient(server.path)
    client.send(Self.call)
    _ = client.receive()
    let started = ContinuousClock.now
    for _ in 0..<1000 { server.noteChange() }
    #expect(client.receive()?.contains(#""id":2"#) == true)
    #expect(started.duration(to: .now) >= .milliseconds(200))
    server.noteChange()
    #expect(client.receive()?.contains(#""id":3"#) == true)
  }

  @Test("A watch without `more` is refused, a one-way one does nothing, and an upgrade is not implemented")
  func wrongly() throws {
    let server = try TestServer(limits: Self.limits())
    let client = try RawClient(server.path)
    client.send(#"{"method":"org.callbackd.Control.Watch"}"# + "\0")
    #expect(client.receive() == #"{"error":"org.varlink.service.ExpectedMore","parameters":{}}"#)
    client.send(#"{"method":"org.callbackd.Control.Watch","more":true,"oneway":true}"# + "\0")
    client.send(#"{"method":"org.callbackd.Control.Status","upgrade":true}"# + "\0")
    #expect(
      client.receive()
        == #"{"error":"org.varlink.service.MethodNotImplemented","parameters":{"method":"org.callbackd.Control.Status"}}"#
    )
    client.send(#"{"method":"org.callbackd.Control.Status","more":true}"# + "\0")
    #expect(client.receive()?.contains("continues") == false)
  }

  @Test("A client that hangs up, wholly or by half, watches no more", .timeLimit(.minutes(10)))
  func hangingUp() throws {
    let server = try TestServer(limits: Self.limits())
    do {
      let client = try RawClient(server.path)
      client.send(Self.call)
      _ = client.receive()
    }
    let half = try RawClient(server.path)
    half.send(Self.call)
    _ = half.receive()
    half.endSending()
    #expect(half.isEnded)
    while server.clientCount > 0 { usleep(1000) }
    server.noteChange()
  }

  @Test(
    "A client that watches and does not read is ended, and no more than one reply was made for it",
    .timeLimit(.minutes(10)))
  func deaf() throws {
    let made = Counter()
    let server = try TestServer(limits: Self.limits { $0.stalled = .milliseconds(300) }) { call, peer in
      guard case .watch(let query) = call else { return sampleHandler(call, peer) }
      made.increment()
      let rows = (1...1000).map { CallbackRow(sampleCallback(id: $0), now: sampleNow) }
      return .watched(
        WatchReply(at: sampleNow, isPage: query.place == nil, callbacks: rows),
        WatchPlace(event: 1, scope: [], troubles: []))
    }
    let client = try RawClient(server.path)
    client.send(Self.call)
    while made.value == 0 { usleep(1000) }
    for _ in 0..<100 {
      server.noteChange()
      usleep(1000)
    }
    client.waitUntilHungUp()
    #expect(made.value == 1)
    #expect(try server.client().status().version == "1.2")
  }

  @Test("One who says too much while watching is ended")
  func talking() throws {
    let server = try TestServer(limits: Self.limits { $0.messageBytes = 1000 })
    let client = try RawClient(server.path)
    client.send(Self.call)
    _ = client.receive()
    client.send(String(repeating: "x", count: 2000))
    #expect(client.isEnded)
  }

  @Test(
    "One who watches is told something now and then, though nothing changes, and is never idle",
    .timeLimit(.minutes(10))
  )
  func signOfLife() throws {
    let server = try TestServer(
      limits: Self.limits {
        $0.idle = .milliseconds(50)
        $0.signOfLife = .milliseconds(100)
      }
    ) { call, peer in
      guard case .watch(let query) = call else { return sampleHandler(call, peer) }
      let isNews = query.place == nil || query.wantsWord
      return .watched(
        isNews ? WatchReply(at: sampleNow) : nil, WatchPlace(event: 1, scope: [], troubles: []))
    }
    let client = try RawClient(server.path)
    client.send(Self.call)
    for _ in 0..<4 { #expect(client.receive()?.contains(#""continues":true"#) == true) }
  }

  @Test("A failure ends the watch, and the connection serves on")
  func failing() throws {
    let server = try TestServer(limits: Self.limits()) { call, peer in
      guard case .watch(let query) = call, query.place != nil else { return sampleHandler(call, peer) }
      return .failed(.tryAgain("Later."))
    }
    let client = try RawClient(server.path)
    client.send(Self.call)
    _ = client.receive()
    server.noteChange()
    #expect(client.receive()?.contains(#""error":"org.callbackd.Control.TryAgain""#) == true)
    client.send(#"{"method":"org.callbackd.Control.Status"}"# + "\0")
    #expect(client.receive()?.contains("1.2") == true)
  }

  @Test("No more watch than may, and what one leaves another gets", .timeLimit(.minutes(10)))
  func many() throws {
    let server = try TestServer(limits: Self.limits { $0.watchers = 3 })
    var clients: [RawClient] = []
    for _ in 0..<3 {
      clients.append(try RawClient(server.path))
      clients[clients.count - 1].send(Self.call)
      #expect(clients[clients.count - 1].receive()?.contains("is_page") == true)
    }
    let late = try RawClient(server.path)
    late.send(Self.call)
    #expect(late.receive()?.contains("TryAgain") == true)
    clients.removeLast()
    while server.clientCount > 3 { usleep(1000) }
    late.send(Self.call)
    #expect(late.receive()?.contains("is_page") == true)
  }

  @Test("Whoever only stays connected makes room for others, but not who watches", .timeLimit(.minutes(10)))
  func makingRoom() throws {
    let server = try TestServer(
      limits: Self.limits {
        $0.clients = 8
        $0.reservedForRoot = 0
        $0.mayBeIdle = .zero
      })
    let watcher = try RawClient(server.path)
    watcher.send(Self.call)
    #expect(watcher.receive()?.contains("is_page") == true)
    let silent = try (0..<50).map { _ in try RawClient(server.path) }
    // Those who have just come are not known to be silent yet.
    var version: String?
    while version == nil {
      do {
        version = try server.client().status().version
      } catch ControlError.failed(.tryAgain) {
        usleep(1000)
      }
    }
    #expect(version == "1.2")
    #expect(silent[0].isEnded)
    server.noteChange()
    #expect(watcher.receive()?.contains("is_page") == true)
    #expect(server.clientCount <= 8)
  }

  @Test("The client of this package watches too", .timeLimit(.minutes(10)))
  func client() throws {
    let server = try TestServer(limits: Self.limits())
    let client = try server.client()
    let page = try client.watch(.init())
    #expect(page.isPage && page.callbacks.map(\.id) == [1])
    server.noteChange()
    var change: WatchReply?
    while change == nil { change = try client.nextChange() }
    #expect(change?.callbacks.map(\.id) == [2] && change?.happenings.map(\.callback) == [2])
    #expect(try client.nextChange() == nil)
    server.stop()
    #expect(throws: ControlError.self) { while true { _ = try client.nextChange() } }
  }

  @Test("All watches together leave the daemon nine tenths of its time")
  func budget() {
    let budget = WatchBudget()
    let limits = ControlServer.Limits()
    for _ in 0..<10 { #expect(budget.begin(0, limits) == nil) }
    let now = ContinuousClock.now
    #expect((0..<10).allSatisfy { _ in budget.moment(at: now) == now })
    for _ in 0..<100 { budget.took(.milliseconds(50)) }
    let moments = (0..<10).map { _ in budget.moment(at: now) }
    for (one, next) in zip(moments, moments.dropFirst()) { #expect(one.duration(to: next) > .milliseconds(490)) }
    // Whoever asks long after has it at once.
    #expect(budget.moment(at: now + .seconds(100)) == now + .seconds(100))
    for _ in 0..<10 { budget.end(0) }
    #expect(budget.count == 0)
  }
}
