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

  /// Seconds until the next try: 5, 10, 20, 40, then a minute, so that a mail program that is back is soon found.
  static func delaySeconds(afterTries tries: Int) -> Int { min(5 << min(tries - 1, 20), longestDelaySeconds) }

  static let longestDelaySeconds = 60

  /// For how long a channel may fail before it is given up: two hours; two minutes where the person has another; half a minute
  /// for an emergency.
  static func patienceSeconds(_ urgency: Urgency, hasNext: Bool) -> Int {
    guard hasNext else { return 7200 }
    return urgency == .emergency ? 30 : 120
  }

  /// So many tries take as long as the patience lasts. Counted too, for a notice that fails where others don't.
  static func mostTries(_ urgency: Urgency, hasNext: Bool) -> Int {
    var (tries, seconds) = (1, 0)
    while seconds < patienceSeconds(urgency, hasNext: hasNext) {
      seconds += delaySeconds(afterTries: tries)
      tries += 1
    }
    return tries
  }

  /// - Parameters:
  ///   - channels: how many channels the person has.
  ///   - failingSince: when the person's channel failed first without having taken anything since.
  ///   - isGivenUp: whether the channel is given up, however long this notice has waited.
  static func plan(
    for outcome: DeliveryOutcome, of lease: Lease, channels: Int, failingSince: Date? = nil, isGivenUp: Bool = false,
    at now: Date
  ) -> RetryPlan {
    let tries = lease.tries + 1
    let why: String
    // An alarm has a notice for each channel.
    let hasNext = lease.isOfCallbacks && lease.channelIndex + 1 < channels
    switch outcome {
    case .delivered:
      return RetryPlan(settlement: .delivered, outcome: outcome, isFirstTrouble: false)
    case .retryLater(let said):
      let patience = Double(patienceSeconds(lease.urgency, hasNext: hasNext))
      let waitsSince = max(failingSince ?? now, lease.tellableSince)
      if !isGivenUp, now.timeIntervalSince(waitsSince) < patience, tries < mostTries(lease.urgency, hasNext: hasNext) {
        let again = Settlement.again(
          at: now.addingTimeInterval(Double(delaySeconds(afterTries: tries))), channelIndex: lease.channelIndex,
          tries: tries, why: said)
        return RetryPlan(settlement: again, outcome: outcome, isFirstTrouble: tries == 1)
      }
      why = said
    case .refused(let said): why = said
    }
    guard hasNext else {
      return RetryPlan(settlement: .failed(why: why), outcome: .refused(why), isFirstTrouble: true)
    }
    let next = Settlement.again(at: now, channelIndex: lease.channelIndex + 1, tries: 0, why: why)
    return RetryPlan(settlement: next, outcome: .retryLater(why), isFirstTrouble: true)
  }
}
