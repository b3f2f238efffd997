import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Health")
struct HealthTests {
  private let now = Date(timeIntervalSince1970: 1_795_461_600)
  private let moment = ContinuousClock.now

  @Test("Working through what came due long ago is progress")
  func backlog() {
    var health = Health()
    health.advanced(at: moment)
    let due = now.addingTimeInterval(-86_400)
    #expect(!health.isTimerStuck(dueSince: due, now: now, at: moment.advanced(by: .seconds(50))))
    #expect(health.isTimerStuck(dueSince: due, now: now, at: moment.advanced(by: .seconds(70))))
  }

  @Test("Nothing is stuck as long as nothing is due")
  func idle() {
    var health = Health()
    health.advanced(at: moment)
    let later = moment.advanced(by: .seconds(3600))
    #expect(!health.isTimerStuck(dueSince: now.addingTimeInterval(1), now: now, at: later))
    #expect(!health.isTimerStuck(dueSince: now.addingTimeInterval(-30), now: now, at: later))
  }

  @Test("A hand-over that does not end is stuck, one that ended is not")
  func handOver() {
    var health = Health()
    health.handedOver(7, at: moment.advanced(by: .seconds(-100)))
    #expect(health.isDeliveryStuck(longestSeconds: 60))
    #expect(!health.isDeliveryStuck(longestSeconds: 600))
    health.settled(7)
    #expect(!health.isDeliveryStuck(longestSeconds: 60))
  }
}
