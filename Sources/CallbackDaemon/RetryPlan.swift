import CallbackRules
import CallbackStore
import Foundation

/// What follows from one try to hand a notice over: done, again later, the next channel, or given up.
public struct RetryPlan {
  public var settlement: Settlement
  /// What the rules are told of it.
  public var outcome: DeliveryOutcome
  /// Whether the history should get a line for this trouble: the first of its channel, or the end.
  public var isFirstTrouble: Bool

  /// After so many tries a channel is given up, about two hours after the first.
  static let mostTries = 16

  /// Seconds until the next try: 5, 10, 20, … at most 15 minutes.
  static func delaySeconds(afterTries tries: Int) -> Int { min(5 << min(tries - 1, 20), longestDelaySeconds) }

  static let longestDelaySeconds = 900

  /// - Parameter channels: how many channels the person has.
  static func plan(
    for outcome: DeliveryOutcome, of lease: Lease, channels: Int, at now: Date
  ) -> RetryPlan {
    let tries = lease.tries + 1
    let isLastChannel = lease.channelIndex + 1 >= channels
    switch outcome {
    case .delivered:
      return RetryPlan(settlement: .delivered, outcome: outcome, isFirstTrouble: false)
    case .retryLater(let why) where tries < mostTries:
      let again = Settlement.again(
        at: now.addingTimeInterval(Double(delaySeconds(afterTries: tries))), channelIndex: lease.channelIndex,
        tries: tries, why: why)
      return RetryPlan(settlement: again, outcome: outcome, isFirstTrouble: tries == 1)
    case .retryLater(let why), .refused(let why):
      guard isLastChannel else {
        let next = Settlement.again(at: now, channelIndex: lease.channelIndex + 1, tries: 0, why: why)
        return RetryPlan(settlement: next, outcome: .retryLater(why), isFirstTrouble: true)
      }
      return RetryPlan(settlement: .failed(why: why), outcome: .refused(why), isFirstTrouble: true)
    }
  }
}
