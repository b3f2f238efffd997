import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Alarms")
struct AlarmTests {
  private static let now = StoreScene.now

  private static let alarms = [
    Alarm(.downTime, from: now + (-5400), until: now, promisesPassed: 3),
    Alarm(.clockSet, from: now + 1, until: now + 2),
    Alarm(.coverageGap, from: now, until: now + 60, rotation: "oncall"),
  ]

  private func lease(_ scene: StoreScene, at moment: Date = now) throws -> [Lease] {
    try scene.store.leaseNotices(at: moment, limit: 100, digestOver: 1)
  }

  private func alarm(of lease: Lease) -> Alarm? {
    if case .alarm(let alarm) = lease.content { alarm } else { nil }
  }

  @Test(
    "Each person is told of an alarm by a notice that comes back as it was raised, also after a crash",
    arguments: alarms)
  func told(alarm: Alarm) throws {
    let scene = try StoreScene()
    #expect(try scene.store.raise(alarm, to: ["manager", "chen"], at: Self.now))
    #expect(try scene.store.counts().noticesWaiting == 2)
    #expect(try scene.store.nextTry() == Self.now)
    let leases = try lease(scene.crashed())
    #expect(leases.map(\.person) == ["manager", "chen"])
    #expect(leases.map(self.alarm) == [alarm, alarm])
    #expect(Set(leases.map(\.token)).count == 2)
    #expect(leases.allSatisfy { $0.createdAt == Self.now && $0.tries == 0 && $0.channelIndex == 0 })
  }

  @Test("A person with several channels is told by each, and an alarm of a channel comes back with it")
  func channels() throws {
    let scene = try StoreScene()
    let alarm = Alarm(.channelTrouble, from: Self.now - 60, until: Self.now, channel: "mail", notices: 7)
    let routes = [Route(person: "chen", channelIndex: 1), Route(person: "chen", channelIndex: 2)]
    #expect(try scene.store.raise(alarm, to: routes, at: Self.now))
    let leases = try lease(scene)
    #expect(leases.map(\.channelIndex) == [1, 2])
    #expect(leases.map(self.alarm) == [alarm, alarm])
    #expect(Set(leases.map(\.token)).count == 2)
  }

  @Test("One with the same key is raised once, however it ends and whatever else it says")
  func once() throws {
    let scene = try StoreScene()
    var alarm = Self.alarms[0]
    #expect(try scene.store.raise(alarm, to: ["manager"], at: Self.now))
    for lease in try lease(scene) { try scene.settle(lease, as: .delivered) }
    alarm.until = Self.now + 900
    alarm.promisesPassed = 9
    #expect(try !scene.crashed().store.raise(alarm, to: ["chen"], at: Self.now + 900))
    #expect(try !scene.store.raise(alarm, to: ["chen"], at: Self.now + 900))
    #expect(try lease(scene, at: Self.now + 900).isEmpty)
    for other in Self.alarms.dropFirst() {
      #expect(try scene.store.raise(other, to: ["manager"], at: Self.now))
    }
    #expect(try lease(scene).count == 2)
  }

  @Test("It comes after emergencies and before what is routine")
  func order() throws {
    let scene = try StoreScene()
    for urgency in [Urgency.routine, .emergency] {
      try scene.admit(
        Message(takenAt: Self.now, urgency: urgency), notices: [Notice(person: "manager", reason: .announce)])
    }
    _ = try scene.store.raise(Self.alarms[0], to: ["manager"], at: Self.now)
    #expect(try lease(scene).map { alarm(of: $0) != nil } == [false, true, false])
  }

  @Test("What became of it is recorded once, without a rule; tried again it is the same")
  func settled() throws {
    let scene = try StoreScene()
    _ = try scene.store.raise(Self.alarms[0], to: ["manager"], at: Self.now)
    let first = try #require(try lease(scene).first)
    try settle(first, as: .again(at: Self.now + 60, channelIndex: 1, tries: 3, why: "busy"), scene)
    #expect(try lease(scene).isEmpty)
    let again = try #require(try lease(scene, at: Self.now + 60).first)
    #expect(again.number == first.number)
    #expect(again.token == first.token)
    #expect(again.channelIndex == 1)
    #expect(again.tries == 3)
    let after = try scene.crashed()
    try after.store.releaseLeases()
    #expect(try lease(after, at: Self.now + 60).map(\.token) == [first.token])
    for _ in 1...2 { try settle(again, as: .failed(why: "no such user"), scene) }
    #expect(try scene.store.counts().noticesWaiting == 0)
    #expect(try scene.number("SELECT count(*) FROM notice WHERE state = 'failed' AND error = 'no such user'") == 1)
  }

  private func settle(_ lease: Lease, as settlement: Settlement, _ scene: StoreScene) throws {
    try scene.store.settle(lease, as: settlement, at: Self.now) { _, callback, _ in
      Issue.record("the rule was asked")
      return Transition(callback)
    }
  }
}
