import CallbackRules
import Foundation

/// Making good what was missed.
public struct CatchUp: Sendable {
  public var kind: Alarm.Kind
  public var from: Date
  public var until: Date
  /// How many deadlines passed meanwhile.
  public var promisesPassed = 0

  mutating func count(_ transition: Transition) {
    let due = transition.callback.dueAt
    if transition.events.contains(where: { $0.kind == .overdue }), from < due, due <= until { promisesPassed += 1 }
  }

  var alarm: Alarm { Alarm(kind, from: from, until: until, promisesPassed: promisesPassed) }

  /// A short restart that broke no promise is only logged.
  var isWorthTelling: Bool { promisesPassed > 0 || until.timeIntervalSince(from) >= 300 }

  /// Others than emergencies don't wait for longer than this, however much there is to make good.
  func hasTakenTooLong(at now: Date) -> Bool { abs(now.timeIntervalSince(until)) > 60 }
}
