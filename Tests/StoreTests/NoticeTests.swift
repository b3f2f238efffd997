import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Notices")
struct NoticeTests {
  private static let now = StoreScene.now
  private let announce = Notice(person: "rivera", reason: .announce)

  private func lease(_ scene: StoreScene, at moment: Date = now, limit: Int = 100) throws -> [Lease] {
    try scene.store.leaseNotices(at: moment, limit: limit)
  }

  @Test("The most urgent come first, then the oldest, never more than asked for")
  func order() throws {
    let scene = try StoreScene()
    for urgency in [Urgency.routine, .emergency, .urgent, .emergency] {
      try scene.admit(Message(takenAt: Self.now, urgency: urgency), notices: [announce])
    }
    #expect(try lease(scene, limit: 0).isEmpty)
    #expect(try lease(scene, limit: 3).map(\.callback.id) == [2, 4, 3])
    #expect(try lease(scene).map(\.callback.id) == [1])
  }

  @Test("A leased notice isn't leased again, not even by a daemon that starts, until leases are released")
  func leases() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce])
    let first = try #require(try lease(scene).first)
    #expect(try lease(scene).isEmpty)
    #expect(try scene.store.nextTry() == nil)
    let after = try scene.crashed()
    #expect(try lease(after).isEmpty)
    try after.store.releaseLeases()
    let again = try #require(try lease(after).first)
    #expect(again.number == first.number)
    #expect(again.token == first.token)
    #expect(try after.store.counts().noticesWaiting == 1)
  }

  @Test("Tokens are 24 hexadecimal digits, each its own, and stay with the notice")
  func tokens() throws {
    let scene = try StoreScene()
    try scene.admit(notices: (0..<50).map { Notice(person: "p\($0)", reason: .announce) })
    let leased = try lease(scene)
    #expect(Set(leased.map(\.token)).count == 50)
    #expect(leased.allSatisfy { $0.token.count == 24 && $0.token.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    for one in leased {
      try scene.settle(one, as: .again(at: Self.now + 60, channelIndex: 0, tries: 1, why: "busy"))
    }
    let again = try lease(scene, at: Self.now + 60)
    #expect(again.map(\.token) == leased.map(\.token))
  }

  @Test("A notice to be tried again waits for its time, with its channel and its tries")
  func again() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce])
    let leased = try #require(try lease(scene).first)
    try scene.settle(leased, as: .again(at: Self.now + 60, channelIndex: 1, tries: 2, why: "no route"))
    #expect(try scene.store.nextTry() == Self.now + 60)
    #expect(try lease(scene, at: Self.now + 59).isEmpty)
    let again = try #require(try lease(scene, at: Self.now + 60).first)
    #expect(again.channelIndex == 1)
    #expect(again.tries == 2)
    #expect(again.createdAt == Self.now)
    #expect(try scene.story(1).notices.first?.error == "no route")
    #expect(try scene.store.counts().noticesWaiting == 1)
  }

  @Test("The earliest waiting notice of any urgency sets the next try")
  func nextTry() throws {
    let scene = try StoreScene()
    #expect(try scene.store.nextTry() == nil)
    try scene.admit(Message(takenAt: Self.now, urgency: .emergency), notices: [announce], at: Self.now + 60)
    try scene.admit(notices: [announce], at: Self.now + 30)
    #expect(try scene.store.nextTry() == Self.now + 30)
    #expect(try lease(scene).isEmpty)
  }

  @Test(
    "What became of a notice is recorded with what the rule made of it",
    arguments: [
      (Settlement.delivered, NoticeRecord.State.delivered, nil),
      (.failed(why: "no such user"), .failed, "no such user"),
    ] as [(Settlement, NoticeRecord.State, String?)])
  func settled(settlement: Settlement, state: NoticeRecord.State, why: String?) throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce])
    let leased = try #require(try lease(scene).first)
    let event = Event(at: Self.now + 5, .delivered, person: "rivera", notice: leased.number)
    try scene.store.settle(leased, as: settlement, at: Self.now + 5) { _, callback, _ in
      var callback = callback
      callback.toldAt = Self.now + 5
      return StoreScene.transition(callback, events: [event], notices: [Notice(person: "chen", reason: .step, step: 1)])
    }
    let story = try scene.crashed().story(1)
    #expect(story.callback.toldAt == Self.now + 5)
    #expect(story.events == [event])
    #expect(story.notices.map(\.state) == [state, .waiting])
    #expect(story.notices.first?.settledAt == Self.now + 5)
    #expect(story.notices.first?.error == why)
    #expect(story.notices.first?.tries == 1)
    #expect(try scene.store.counts().noticesWaiting == 1)
  }

  @Test("What became of a notice is recorded once")
  func settledTwice() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce])
    let leased = try #require(try lease(scene).first)
    try scene.settle(leased, as: .delivered)
    for settlement in [Settlement.failed(why: "late"), .again(at: Self.now, channelIndex: 0, tries: 1, why: "late")] {
      try scene.store.settle(leased, as: settlement, at: Self.now) { _, callback, _ in
        Issue.record("settled twice")
        return Transition(callback)
      }
    }
    #expect(try scene.story(1).notices.map(\.state) == [.delivered])
    #expect(try scene.store.counts().noticesWaiting == 0)
  }

  @Test("Closing withdraws what waits, but not what the closing itself says")
  func closing() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce, Notice(person: "chen", reason: .announce)])
    try scene.admit(notices: [announce])
    try scene.close(1, notices: [Notice(person: "manager", reason: .reopened)], at: Self.now + 5)
    let records = try scene.story(1).notices
    #expect(records.map(\.state) == [.withdrawn, .withdrawn, .waiting])
    #expect(records.first?.settledAt == Self.now + 5)
    #expect(try lease(scene, at: Self.now + 5).map(\.notice.person) == ["rivera", "manager"])
    #expect(try scene.store.counts().noticesWaiting == 2)
  }

  @Test(
    "A notice under way when its callback is closed is not tried again, also where that is in the same second",
    arguments: [0.0, 5])
  func closedWhileSending(after seconds: Double) throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce, Notice(person: "chen", reason: .announce)])
    let leased = try lease(scene)
    try scene.close(1, at: Self.now + seconds)
    try scene.settle(leased[0], as: .again(at: Self.now + 60, channelIndex: 0, tries: 1, why: "busy"), at: Self.now + 9)
    try scene.settle(leased[1], as: .delivered, at: Self.now + 9)
    #expect(try scene.story(1).notices.map(\.state) == [.withdrawn, .delivered])
    #expect(try scene.store.counts().noticesWaiting == 0)
  }

  @Test(
    "A notice under way when its callback was closed and the daemon crashed is withdrawn, also in the same second",
    arguments: [0.0, 5])
  func closedBeforeCrash(after seconds: Double) throws {
    let scene = try StoreScene()
    try scene.admit(notices: [announce])
    try scene.admit(notices: [announce])
    _ = try lease(scene)
    try scene.close(1, at: Self.now + seconds)
    let after = try scene.crashed()
    try after.store.releaseLeases()
    let record = try #require(try after.story(1).notices.first)
    #expect(record.state == .withdrawn)
    #expect(record.settledAt == Self.now + seconds)
    #expect(try lease(after).map(\.callback.id) == [2])
    #expect(try after.store.counts().noticesWaiting == 1)
  }

  @Test(
    "Others may know if the same step tells another person, and that has not failed",
    arguments: [
      (Notice(person: "chen", reason: .step, step: 0), nil, true),
      (Notice(person: "chen", reason: .step, step: 0), Settlement.delivered, true),
      (Notice(person: "chen", reason: .step, step: 0), .failed(why: "no"), false),
      (Notice(person: "chen", reason: .step, step: 1), nil, false),
      (Notice(person: "chen", reason: .reminder), nil, false),
    ] as [(Notice, Settlement?, Bool)])
  func others(other: Notice, settlement: Settlement?, mayKnow: Bool) throws {
    let scene = try StoreScene()
    try scene.admit(notices: [Notice(person: "rivera", reason: .step, step: 0), other])
    let leased = try lease(scene)
    if let settlement { try scene.settle(leased[1], as: settlement) }
    var heard: Bool?
    try scene.store.settle(leased[0], as: .failed(why: "no such user"), at: Self.now) { _, callback, others in
      heard = others
      return Transition(callback)
    }
    #expect(heard == mayKnow)
  }
}
