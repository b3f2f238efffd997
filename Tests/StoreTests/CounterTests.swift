import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

/// SplitMix64: the same seed gives the same run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite("Counters")
struct CounterTests {
  /// What the counters must say.
  private func recount(_ scene: StoreScene) throws -> StoreCounts {
    var counts = StoreCounts()
    counts.open = try scene.number("SELECT count(*) FROM callback WHERE state <> 'closed'")
    counts.owned = try scene.number("SELECT count(*) FROM callback WHERE state <> 'closed' AND owner IS NOT NULL")
    counts.overdue = try scene.number("SELECT count(*) FROM callback WHERE state <> 'closed' AND overdue")
    counts.noticesWaiting = try scene.number("SELECT count(*) FROM notice WHERE state IN ('waiting', 'sending')")
    if counts.overdue > 0 {
      let due = try scene.number("SELECT min(due_at) FROM callback WHERE state <> 'closed'")
      counts.oldestOverdueDue = Date(timeIntervalSince1970: Double(due))
    }
    return counts
  }

  private func notices(_ generator: inout SeededGenerator) -> [Notice] {
    (0..<Int.random(in: 0...3, using: &generator)).map { Notice(person: "p\($0)", reason: .announce) }
  }

  /// Makes something else of a callback, at random.
  private func shuffle(_ callback: inout Callback, at now: Date, _ generator: inout SeededGenerator) {
    callback.owner = Bool.random(using: &generator) ? "chen" : nil
    callback.overdue = Bool.random(using: &generator)
    let closed = Int.random(in: 0..<3, using: &generator) == 0
    callback.state = closed ? .closed : callback.owner == nil ? .open : .owned
    callback.closedAt = closed ? now : nil
    callback.urgency = Urgency.allCases.randomElement(using: &generator) ?? .routine
    callback.wakeAt = closed ? nil : now + Int.random(in: -10...10, using: &generator)
  }

  /// Does one thing to the store, and says which.
  private func step(_ scene: StoreScene, at now: Date, _ generator: inout SeededGenerator) throws -> String {
    let id = Int64.random(in: 1...40, using: &generator)
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: return try receive(scene, at: now, &generator)
    case 1:
      try scene.admit(notices: notices(&generator)) { shuffle(&$0, at: now, &generator) }
      return "admit"
    case 2, 3:
      let notices = notices(&generator)
      _ = try scene.store.change(id, at: now) { callback in
        var callback = callback
        shuffle(&callback, at: now, &generator)
        return StoreScene.transition(callback, notices: notices)
      }
      return "change \(id)"
    case 4:
      let notices = notices(&generator)
      let count = try scene.store.advanceDue(at: now, limit: 5) { callback in
        var callback = callback
        shuffle(&callback, at: now, &generator)
        return StoreScene.transition(callback, notices: notices)
      }
      return "advance \(count)"
    case 5, 6:
      let digestOver = [1, 3, Int.max].randomElement(using: &generator) ?? 1
      let leased = try scene.store.leaseNotices(at: now, limit: 4, digestOver: digestOver)
      let settlements: [Settlement] = [
        .delivered, .failed(why: "no"), .again(at: now, channelIndex: 0, tries: 1, why: "busy"),
      ]
      for one in leased.dropLast() {
        try scene.store.settle(one, as: settlements.randomElement(using: &generator) ?? .delivered, at: now) {
          _, callback, _ in
          var callback = callback
          shuffle(&callback, at: now, &generator)
          return Transition(callback)
        }
      }
      return "lease \(leased.count)"
    case 7:
      try scene.store.releaseLeases()
      return "release"
    case 8:
      let alarm = Alarm(.downTime, from: StoreScene.now + Int(id), until: now)
      return "alarm \(try scene.store.raise(alarm, to: ["p0", "p1"], at: now))"
    case 9:
      let count = try scene.store.handOff(
        for: ["rivera"], ownedFor: "oncall", limit: 3, marking: "shift", at: now
      ) { callback in
        var callback = callback
        shuffle(&callback, at: now, &generator)
        return StoreScene.transition(callback, notices: [Notice(person: "p0", reason: .handOff)])
      }
      return "hand off \(count)"
    default: return try receive(scene, at: now, &generator)
    }
  }

  /// Takes in a message that is part of the latest callback of its number, and changes the others.
  private func receive(_ scene: StoreScene, at now: Date, _ generator: inout SeededGenerator) throws -> String {
    let phone = PhoneNumber(written: "555 010 447\(Int.random(in: 0..<3, using: &generator))", countryCode: "1")
    let parts = [Admittance.Part.first, .repeatCall, .amendment, .withdrawal]
    var part = parts.randomElement(using: &generator) ?? .first
    let notices = notices(&generator)
    let message = Message(takenAt: now, callback: phone)
    try scene.receive(scene.arrival([message]), at: now) { message, related in
      var callbacks = related.sameNumber.prefix(5).map { callback in
        var callback = callback
        shuffle(&callback, at: now, &generator)
        return callback
      }
      if callbacks.isEmpty || part == .first {
        part = .first
        callbacks.insert(StoreScene.callback(of: message), at: 0)
      }
      let transitions = callbacks.map { StoreScene.transition($0, notices: notices) }
      return Admittance(transitions[0], part: part, others: Array(transitions.dropFirst()))
    }
    return "receive \(part)"
  }

  @Test("Counters equal a recount after whatever was done", arguments: [1, 2, 3, 4] as [UInt64])
  func equalRecount(seed: UInt64) throws {
    let scene = try StoreScene()
    var generator = SeededGenerator(seed: seed)
    var trace: [String] = []
    for moment in 0..<200 {
      trace.append(try step(scene, at: StoreScene.now + moment, &generator))
      try #require(try scene.store.counts() == recount(scene), "seed \(seed): \(trace.suffix(20))")
    }
  }
}
