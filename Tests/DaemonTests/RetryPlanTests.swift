import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon
@testable import CallbackStore

@Suite("What follows from one try to hand a notice over")
struct RetryPlanTests {
  private static let now = Date(timeIntervalSince1970: 1_795_461_600)

  private func plan(
    _ outcome: DeliveryOutcome, _ urgency: Urgency = .routine, triesBefore: Int = 0, channel: Int = 0,
    of channels: Int = 1, madeBefore seconds: Double = 0, quietUntil: Date? = nil, failingFor: Double? = nil
  ) -> RetryPlan {
    var callback = Callback(
      kind: .message, message: Message(takenAt: Self.now), recipient: "rivera", admittedAt: Self.now, dueAt: Self.now)
    callback.urgency = urgency
    let made = Self.now - seconds
    let entry = Lease.Entry(
      number: 1, notice: Notice(person: "rivera", reason: .announce, notBefore: quietUntil), callback: callback,
      createdAt: made)
    let lease = Lease(
      number: 1, token: "00", person: "rivera", createdAt: made, tries: triesBefore, channelIndex: channel,
      content: .callbacks([entry]))
    return RetryPlan.plan(
      for: outcome, of: lease, channels: channels, failingSince: failingFor.map { Self.now - $0 }, at: Self.now)
  }

  @Test("A delay is waited out ever longer, at most a minute, for two hours, and said in the history once")
  func delays() {
    let waits = (0..<RetryPlan.mostTries(.routine, hasNext: false) - 1).map { tries -> Double in
      let plan = plan(.retryLater("busy"), triesBefore: tries)
      #expect(plan.outcome == .retryLater("busy"))
      #expect(plan.isFirstTrouble == (tries == 0))
      guard case .again(let time, 0, tries + 1, "busy") = plan.settlement else { return -1 }
      return time.timeIntervalSince(Self.now)
    }
    #expect(waits.prefix(5) == [5, 10, 20, 40, 60] && waits.dropFirst(5).allSatisfy { $0 == 60 })
    #expect((7200..<7260).contains(waits.reduce(0, +)))
  }

  @Test("Out of retries on the last channel is refused, so that the next step is taken")
  func givenUp() {
    let plan = plan(.retryLater("busy"), triesBefore: RetryPlan.mostTries(.routine, hasNext: false) - 1)
    #expect(plan.settlement == .failed(why: "busy"))
    #expect(plan.outcome == .refused("busy"))
  }

  @Test(
    "Where there is a further channel it is taken after two minutes, for an emergency after half a minute",
    arguments: [(Urgency.routine, [5, 10, 20, 40, 60]), (.urgent, [5, 10, 20, 40, 60]), (.emergency, [5, 10, 20])])
  func furtherChannel(urgency: Urgency, waits: [Double]) {
    for (tries, wait) in waits.enumerated() {
      let plan = plan(.retryLater("busy"), urgency, triesBefore: tries, of: 2)
      #expect(
        plan.settlement == .again(at: Self.now + wait, channelIndex: 0, tries: tries + 1, why: "busy"), "\(tries)")
    }
    let last = plan(.retryLater("busy"), urgency, triesBefore: waits.count, of: 2)
    #expect(last.settlement == .again(at: Self.now, channelIndex: 1, tries: 0, why: "busy"))
  }

  @Test(
    "A channel that has failed for that long is given up however often this notice was tried, but not one made since")
  func channelFails() {
    func isGivenUp(madeBefore seconds: Double, failingFor: Double, quietUntil: Date? = nil) -> Bool {
      let plan = plan(
        .retryLater("busy"), madeBefore: seconds, quietUntil: quietUntil, failingFor: failingFor)
      return plan.settlement == .failed(why: "busy")
    }
    #expect(isGivenUp(madeBefore: 7200, failingFor: 7200))
    #expect(!isGivenUp(madeBefore: 7199, failingFor: 9000))
    #expect(!isGivenUp(madeBefore: 9000, failingFor: 7199))
    #expect(!isGivenUp(madeBefore: 9000, failingFor: 9000, quietUntil: Self.now - 60))
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

  @Test("An alarm, which goes by every channel, does not move on to another")
  func alarm() {
    let lease = Lease(
      number: 1, token: "00", person: "chen", createdAt: Self.now, tries: 0, channelIndex: 0,
      content: .alarm(Alarm(.downTime, from: Self.now, until: Self.now)))
    let plan = RetryPlan.plan(for: .refused("no such user"), of: lease, channels: 2, at: Self.now)
    #expect(plan.settlement == .failed(why: "no such user"))
  }
}
