import CallbackDelivery
import CallbackRules
import CallbackStore
import Foundation
import Testing

@testable import CallbackDaemon

/// Rivera's address takes nothing, Chen's, the fallback's, does: so mail is not known to fail.
@Suite("Notices that wait for too long")
struct LateNoticeTests {
  private static let now = StagesScene.now
  private static let patience = 600

  /// Hands over whatever goes at this moment: to Rivera only where `works`.
  ///
  /// - Returns: the kinds of the alarms that went.
  @discardableResult
  private func handOver(_ stages: Stages, at seconds: Double, works: Bool = false) throws -> [Alarm.Kind] {
    let now = Self.now + seconds
    var told: [Alarm.Kind] = []
    for lease in try stages.lease(at: now, limit: 100) {
      let delivery: Delivery =
        lease.person == "rivera" && !works
        ? Delivery(outcome: .retryLater("mailbox is locked"), extent: .notice) : Delivery(outcome: .delivered)
      if case .alarm(let alarm) = lease.content { told.append(alarm.kind) }
      stages.ended(lease, delivery, at: now)
      _ = try stages.settle(lease, as: delivery, at: now)
    }
    return told
  }

  private func watch(_ stages: Stages, at seconds: Double, able: Int = 10_000) throws -> Alarm? {
    try stages.watchNotices(at: Self.now + seconds, patienceSeconds: Self.patience, ableSeconds: able)
  }

  /// A scene in which a notice for Rivera waits from `now` on, and others' mails go.
  private func scene() throws -> StagesScene {
    let scene = try StagesScene()
    try scene.admit(scene.arrival(scene.message("Sam Doe", number: "555-010-4477")))
    try handOver(scene.stages, at: 0)
    #expect(try scene.stages.store.counts().noticesWaiting == 1)
    return scene
  }

  @Test("The fallback is told once, with how many wait, and when none waits for so long any more")
  func lateNotice() throws {
    let scene = try scene()
    let stages = scene.stages
    #expect(try watch(stages, at: 599) == nil)
    let alarm = Alarm(.deliveryTrouble, from: Self.now, until: Self.now + 600, notices: 1)
    #expect(try watch(stages, at: 600) == alarm)
    #expect(try watch(stages, at: 615) == nil)
    #expect(try handOver(stages, at: 615) == [.deliveryTrouble])
    #expect(try stages.lateNotices(at: Self.now + 620).map(\.from) == [Self.now])
    #expect(try handOver(stages, at: 700, works: true).isEmpty)
    let over = Alarm(.deliveryRestored, from: Self.now, until: Self.now + 705)
    #expect(try watch(stages, at: 705) == over)
    #expect(try watch(stages, at: 720) == nil)
    #expect(try handOver(stages, at: 720) == [.deliveryRestored])
    #expect(try stages.lateNotices(at: Self.now + 730).isEmpty)
  }

  @Test("Of a channel that is known to fail it says nothing, though all of its notices are late")
  func knownChannel() throws {
    let scene = try StagesScene()
    let stages = scene.stages
    try scene.admit(scene.arrival(scene.message("Sam Doe", number: "555-010-4477")))
    for lease in try stages.lease(at: Self.now, limit: 100) {
      let down = Delivery(outcome: .retryLater("sendmail is missing"), extent: .channel)
      stages.ended(lease, down, at: Self.now)
      _ = try stages.settle(lease, as: down, at: Self.now)
    }
    #expect(try stages.watchChannels(at: Self.now + 60, patienceSeconds: 60).map(\.kind) == [.channelTrouble])
    #expect(try watch(stages, at: 3600) == nil)
  }

  @Test("What waited while callbackd was down, or before the clock was set, is not late yet")
  func ableSince() throws {
    let stages = try scene().stages
    #expect(try watch(stages, at: 86_400, able: 599) == nil)
    #expect(try watch(stages, at: 86_400, able: 600)?.kind == .deliveryTrouble)
  }

  @Test("A daemon that is started again tells it no second time, and tells its end")
  func restarted() throws {
    let scene = try scene()
    #expect(try watch(scene.stages, at: 600)?.kind == .deliveryTrouble)
    let next = scene.restarted()
    try next.recallLateNotices()
    #expect(try next.lateNotices(at: Self.now + 700).map(\.from) == [Self.now])
    #expect(try watch(next, at: 700, able: 5) == nil)
    try handOver(next, at: 710, works: true)
    #expect(try watch(next, at: 720, able: 25)?.kind == .deliveryRestored)
    let third = scene.restarted()
    try third.recallLateNotices()
    #expect(try third.lateNotices(at: Self.now + 800).isEmpty)
  }
}
