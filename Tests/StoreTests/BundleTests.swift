import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Notices that are handed over together")
struct BundleTests {
  private static let now = StoreScene.now
  private static let again = Settlement.again(at: now + 60, channelIndex: 0, tries: 1, why: "busy")

  /// So many callbacks, each with a notice for Rivera; the later, the sooner due.
  @discardableResult
  private func admit(
    _ count: Int, _ scene: StoreScene, urgency: Urgency = .routine, reason: Notice.Reason = .announce,
    person: String = "rivera"
  ) throws -> [Int64] {
    try (0..<count).map { number in
      try scene.admit(
        Message(takenAt: Self.now, urgency: urgency), notices: [Notice(person: person, reason: reason)]
      ) { $0.dueAt = Self.now + (3600 - number) }.id
    }
  }

  private func lease(
    _ scene: StoreScene, at moment: Date = now, limit: Int = 100, over digestOver: Int = 3,
    atLeast urgency: Urgency = .routine
  ) throws -> [Lease] {
    try scene.store.leaseNotices(at: moment, limit: limit, digestOver: digestOver, atLeast: urgency)
  }

  /// The callbacks of each lease.
  private func callbacks(_ leases: [Lease]) -> [[Int64]] { leases.map { $0.entries.map(\.callback.id) } }

  private func waitingAndSending(_ scene: StoreScene) throws -> Int {
    try scene.number("SELECT count(*) FROM notice WHERE state IN ('waiting', 'sending')")
  }

  @Test("More than so many for one person are one lease, the most urgent first, then the longest overdue")
  func digest() throws {
    let scene = try StoreScene()
    try admit(2, scene)
    try admit(2, scene, urgency: .urgent)
    try admit(3, scene, person: "chen")
    let leases = try lease(scene)
    #expect(callbacks(leases) == [[4, 3, 2, 1], [5], [6], [7]])
    let digest = try #require(leases.first)
    #expect(digest.person == "rivera")
    #expect(digest.number == digest.entries.first?.number)
    #expect(digest.entries.map(\.notice) == Array(repeating: Notice(person: "rivera", reason: .announce), count: 4))
    #expect(try scene.story(1).notices.map(\.bundle) == [4])
    #expect(try scene.story(4).notices.map(\.bundle) == [4])
    #expect(try scene.story(5).notices.map(\.bundle) == [5])
    #expect(try lease(scene).isEmpty)
  }

  @Test("A hand-off takes along all that its person is to be told, but is no digest by itself")
  func handOff() throws {
    let scene = try StoreScene()
    try admit(1, scene)
    try admit(1, scene, reason: .handOff)
    try admit(1, scene, reason: .handOff, person: "chen")
    #expect(try callbacks(lease(scene)) == [[1, 2], [3]])
  }

  @Test("Asked for none, each goes by itself, hand-offs too")
  func none() throws {
    let scene = try StoreScene()
    try admit(5, scene, reason: .handOff)
    #expect(try callbacks(lease(scene, over: .max)) == [[1], [2], [3], [4], [5]])
  }

  @Test("An emergency and an alarm go by themselves")
  func alone() throws {
    let scene = try StoreScene()
    try admit(2, scene, urgency: .emergency, reason: .handOff)
    try admit(4, scene)
    _ = try scene.store.raise(Alarm(.downTime, from: Self.now, until: Self.now), to: ["rivera"], at: Self.now)
    let leases = try lease(scene)
    #expect(callbacks(leases) == [[1], [2], [], [6, 5, 4, 3]])
  }

  @Test("What is to be tried later, or by another channel, stays out of it")
  func apart() throws {
    let scene = try StoreScene()
    try admit(6, scene)
    let single = try lease(scene, limit: 2, over: .max)
    try scene.settle(single[0], as: .again(at: Self.now, channelIndex: 1, tries: 0, why: "refused"))
    try scene.settle(single[1], as: Self.again)
    let leases = try lease(scene)
    #expect(callbacks(leases).map(Set.init) == [[1], [3, 4, 5, 6]])
    #expect(leases.map(\.channelIndex) == [1, 0])
  }

  @Test("A lease counts once, however many it holds, and only what is urgent enough begins one")
  func limits() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    try admit(2, scene, urgency: .urgent, person: "chen")
    try admit(1, scene, urgency: .emergency)
    let saved = try scene.crashed()
    #expect(try callbacks(lease(scene, limit: 2)) == [[7], [5]])
    #expect(try callbacks(lease(scene, limit: 2)) == [[6], [4, 3, 2, 1]])
    #expect(try callbacks(lease(saved, atLeast: .emergency)) == [[7]])
    #expect(try callbacks(lease(saved, atLeast: .urgent)) == [[5], [6]])
    try admit(1, saved, urgency: .urgent)
    #expect(try callbacks(lease(saved, atLeast: .urgent)) == [[8, 4, 3, 2, 1]])
  }

  @Test("No more than two thousand are one lease, the most urgent before all")
  func most() throws {
    let scene = try StoreScene()
    let notices = (0..<2100).map { _ in Message(takenAt: Self.now) }
    try scene.receive(scene.arrival(notices)) { message, _ in
      let notice = Notice(person: "rivera", reason: .announce)
      return Admittance(StoreScene.transition(StoreScene.callback(of: message), notices: [notice]))
    }
    let urgent = try admit(1, scene, urgency: .urgent)
    let leases = try lease(scene)
    #expect(leases.map(\.entries.count) == [2000, 101])
    #expect(leases.first?.entries.first?.callback.id == urgent.first)
    #expect(Set(leases.flatMap(\.entries).map(\.number)).count == 2101)
  }

  @Test("Tried again, or after a crash, it is the same lease, whatever came meanwhile")
  func stable() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let first = try #require(try lease(scene).first)
    try scene.settle(first, as: .again(at: Self.now + 60, channelIndex: 1, tries: 2, why: "no route"))
    try admit(5, scene)
    #expect(try callbacks(lease(scene)) == [[9, 8, 7, 6, 5]])
    let retried = try #require(try lease(scene, at: Self.now + 60).first)
    #expect(retried.number == first.number)
    #expect(retried.token == first.token)
    #expect(retried.createdAt == first.createdAt)
    #expect(retried.tries == 2)
    #expect(retried.channelIndex == 1)
    #expect(callbacks([retried]) == callbacks([first]))
    let after = try scene.crashed()
    try after.store.releaseLeases()
    try admit(1, after)
    let crashed = try lease(after, at: Self.now + 60)
    #expect(Set(crashed.map(\.number)).isSuperset(of: [first.number, 9]))
    #expect(crashed.first { $0.number == first.number }.map { callbacks([$0]) } == callbacks([first]))
    #expect(crashed.first { $0.number == first.number }?.token == first.token)
    #expect(try after.store.counts().noticesWaiting == 10)
  }

  @Test("What is closed leaves it, the first too, and the rest keep its number, token and channel")
  func closing() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let first = try #require(try lease(scene).first)
    try scene.settle(first, as: .again(at: Self.now, channelIndex: 0, tries: 1, why: "busy"), at: Self.now)
    try scene.close(4, at: Self.now + 5)
    let second = try #require(try lease(scene, at: Self.now + 5).first)
    #expect(second.number == first.number)
    #expect(second.token == first.token)
    #expect(callbacks([second]) == [[3, 2, 1]])
    // Closed while it is handed over.
    try scene.close(3, at: Self.now + 6)
    try scene.settle(
      second, as: .again(at: Self.now + 60, channelIndex: 1, tries: 0, why: "refused"), at: Self.now + 7)
    #expect(try scene.store.counts().noticesWaiting == 2)
    // And before a crash.
    let third = try #require(try lease(scene, at: Self.now + 60).first)
    #expect(third.channelIndex == 1)
    try scene.close(2, at: Self.now + 61)
    let after = try scene.crashed()
    try after.store.releaseLeases()
    let last = try lease(after, at: Self.now + 60)
    #expect(last.map(\.number) == [first.number])
    #expect(last.map(\.token) == [first.token])
    #expect(callbacks(last) == [[1]])
    #expect(
      try (1...4).map { try after.story($0).notices.map(\.state) } == [
        [.sending], [.withdrawn], [.withdrawn], [.withdrawn],
      ])
    #expect(try after.store.counts().noticesWaiting == 1)
  }

  @Test("What became of it is recorded for each of its callbacks, once, with what the rule made of it")
  func settled() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let digest = try #require(try lease(scene).first)
    for _ in 1...2 {
      try scene.store.settle(digest, as: .delivered, at: Self.now + 5) { entry, callback, othersMayKnow in
        #expect(entry.callback.id == callback.id)
        #expect(!othersMayKnow)
        return Transition(callback, events: [Event(at: Self.now + 5, .delivered, notice: entry.number)])
      }
    }
    for id in 1...4 as ClosedRange<Int64> {
      let story = try scene.crashed().story(id)
      #expect(story.notices.map(\.state) == [.delivered])
      #expect(story.events == [Event(at: Self.now + 5, .delivered, notice: story.notices.first?.number)])
    }
    #expect(try scene.store.counts().noticesWaiting == 0)
  }

  @Test("Where what became of it can't be recorded for one, it is for none, and may be later")
  func settledWhole() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let digest = try #require(try lease(scene).first)
    #expect(throws: StoreError.self) {
      try scene.store.settle(digest, as: .delivered, at: Self.now) { _, callback, _ in
        var callback = callback
        if callback.id == 2 { callback.wakeAt = nil }
        return Transition(callback)
      }
    }
    #expect(try scene.store.counts().noticesWaiting == 4)
    try scene.settle(digest, as: .delivered)
    #expect(try scene.store.counts().noticesWaiting == 0)
  }

  @Test("What was tried by itself stays by itself: whoever has got it knows it again")
  func triedAlone() throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let single = try #require(try lease(scene, limit: 1, over: .max).first)
    try scene.settle(single, as: .again(at: Self.now, channelIndex: 0, tries: 7, why: "busy"))
    let again = try #require(try lease(scene, over: 1).first { $0.number == single.number })
    #expect(again.token == single.token)
    #expect(again.entries.count == 1)
    #expect(again.tries == 7)
  }

  /// When a callback of a digest became an emergency.
  enum Moment: CaseIterable {
    case waiting, sending, beforeCrash
  }

  @Test("A callback that became an emergency leaves it for a notice of its own, at once", arguments: Moment.allCases)
  func emergencyLeaves(moment: Moment) throws {
    let scene = try StoreScene()
    try admit(4, scene)
    let first = try #require(try lease(scene).first)
    if moment == .waiting { try scene.settle(first, as: Self.again) }
    try scene.change(4) { $0.urgency = .emergency }
    var after = scene
    switch moment {
    case .waiting: break
    case .sending: try scene.settle(first, as: Self.again)
    case .beforeCrash:
      after = try scene.crashed()
      try after.store.releaseLeases()
    }
    let alone = try #require(try lease(after, limit: 1).first)
    #expect(callbacks([alone]) == [[4]])
    #expect(alone.number != first.number)
    #expect(alone.token != first.token)
    #expect(alone.notice == first.notice)
    #expect(try after.story(4).notices.map(\.state) == [.withdrawn, .sending])
    let rest = try lease(after, at: Self.now + 60)
    #expect(callbacks(rest) == [[3, 2, 1]])
    #expect(rest.map(\.number) == [first.number])
    #expect(rest.map(\.token) == [first.token])
    #expect(try after.store.counts().noticesWaiting == waitingAndSending(after))
  }

  @Test("A waiting notice goes by the urgency that its callback has by now")
  func raised() throws {
    let scene = try StoreScene()
    try admit(5, scene)
    try scene.change(2) { $0.urgency = .emergency }
    try scene.change(1) { $0.urgency = .urgent }
    #expect(try callbacks(lease(scene)) == [[2], [1, 5, 4, 3]])
  }
}
