import Foundation

/// Says when trouble has lasted for so long that the fallback is told, when it is told again, and when it is over.
///
/// Trouble that comes and goes is one trouble: it is over when nothing has failed for a while. Spans are measured on a clock
/// that nobody sets; the dates are for people.
struct TroubleWatch {
  /// How long things take.
  struct Limits {
    /// Trouble that lasts for longer is told.
    var patience: Duration
    /// After this time without a failure it is over.
    var quiet: Duration
    /// How often it is told while it lasts; nil: once.
    var again: Duration?
    /// How soon it is tried again to tell where nobody could be told.
    var retry = Duration.seconds(60)
  }

  /// What the fallback is to be told.
  enum News: Equatable {
    case lasts(since: Date)
    case over(since: Date, until: Date)
  }

  private struct Trouble {
    var since: Date
    var beganAt: ContinuousClock.Instant
    var failedLast: Date
    var failedLastAt: ContinuousClock.Instant
    /// When it is to be told next; nil: never again.
    var tellAt: ContinuousClock.Instant?
    /// Whether somebody was told, or it was tried.
    var isKnown = false
  }

  private var trouble: Trouble?

  /// Since when there is trouble of which the fallback knows.
  var knownSince: Date? { trouble.flatMap { $0.isKnown ? $0.since : nil } }

  /// Notes that something failed.
  mutating func failed(now: Date, at moment: ContinuousClock.Instant, limits: Limits) {
    var current =
      trouble
      ?? Trouble(
        since: now, beganAt: moment, failedLast: now, failedLastAt: moment, tellAt: moment + limits.patience)
    current.failedLast = now
    current.failedLastAt = moment
    trouble = current
  }

  /// Whether nothing has failed for so long that it may be over.
  func isQuiet(at moment: ContinuousClock.Instant, limits: Limits) -> Bool {
    trouble.map { moment - $0.failedLastAt >= limits.quiet } ?? true
  }

  /// What is to be told now; until the caller says what came of that, it stays so.
  ///
  /// - Parameter isOK: whether the last try went well.
  mutating func news(isOK: Bool, at moment: ContinuousClock.Instant, limits: Limits) -> News? {
    guard let current = trouble else { return nil }
    if isOK {
      guard isQuiet(at: moment, limits: limits) else { return nil }
      guard current.isKnown else {
        trouble = nil
        return nil
      }
      return .over(since: current.since, until: max(current.failedLast, current.since))
    }
    guard let tellAt = current.tellAt, tellAt <= moment else { return nil }
    return .lasts(since: current.since)
  }

  /// Notes that it was tried to tell that it lasts.
  ///
  /// - Parameter isTold: whether somebody was reached.
  mutating func told(_ isTold: Bool, at moment: ContinuousClock.Instant, limits: Limits) {
    trouble?.isKnown = true
    trouble?.tellAt = isTold ? limits.again.map { moment + $0 } : moment + limits.retry
  }

  /// Notes that it was told that it is over.
  mutating func ended() { trouble = nil }
}
