import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon
@testable import CallbackStore

@Suite("What follows from one try to hand a notice over")
struct RetryPlanTests {
  private static let now = Date(timeIntervalSince1970: 1_795_461_600)

  private func plan(_ outcome: DeliveryOutcome, triesBefore: Int = 0, channel: Int = 0, of channels: Int = 1)
    -> RetryPlan
  {
    let callback = Callback(
      kind: .message, message: Message(takenAt: Self.now), recipient: "rivera", admittedAt: Self.now, dueAt: Self.now)
    let entry = Lease.Entry(
      number: 1, notice: Notice(person: "rivera", reason: .announce), callback: callback, createdAt: Self.now)
    let lease = Lease(
      number: 1, token: "00", person: "rivera", createdAt: Self.now, tries: triesBefore, channelIndex: channel,
      content: .callbacks([entry]))
    return RetryPlan.plan(for: outcome, of: lease, channels: channels, at: Self.now)
  }

  @Test("A delay is waited out ever longer, at most a quarter of an hour, and said in the history once")
  func delays() {
    let waits = (0..<RetryPlan.mostTries - 1).map { tries -> Double in
      let plan = plan(.retryLater("busy"), triesBefore: tries)
      #expect(plan.outcome == .retryLater("busy"))
      #expect(plan.isFirstTrouble == (tries == 0))
      guard case .again(let time, 0, tries + 1, "busy") = plan.settlement else { return -1 }
      return time.timeIntervalSince(Self.now)
    }
    #expect(waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900, 900, 900])
  }

  @Test("Out of retries on the last channel is refused, so that the next step is taken")
  func givenUp() {
    let plan = plan(.retryLater("busy"), triesBefore: RetryPlan.mostTries - 1)
    #expect(plan.settlement == .failed(why: "busy"))
    #expect(plan.outcome == .refused("busy"))
  }

  @Test("A refusal goes to the next channel at once, and to the rules only after the last")
  func nextChannel() {
    let next = plan(.refused("no such user"), channel: 0, of: 2)
    #expect(next.settlement == .again(at: Self.now, channelIndex: 1, tries: 0, why: "no such user"))
    #expect(next.outcome == .retryLater("no such user"))
    let last = plan(.refused("no such user"), channel: 1, of: 2)
    #expect(last.settlement == .failed(why: "no such user"))
    #expect(last.outcome == .refused("no such user"))
  }
}
