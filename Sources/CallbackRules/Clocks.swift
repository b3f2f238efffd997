import Foundation

/// What a callback can be waiting for. Where two are due at one moment, they act in this order.
enum Clock: CaseIterable {
  /// The recipient left the file, or the office with nobody instead.
  case recipient
  /// The owner's shift.
  case shift
  case reminder, due, own, finish, step, retry, repetition
  /// The owner's snooze. Last, so that what waited for it has told the owner already.
  case snooze

  /// Whether it waits while the owner snoozes. The deadline never does.
  fileprivate var isHeldBySnooze: Bool {
    switch self {
    case .reminder, .finish, .step, .retry, .repetition: true
    case .recipient, .shift, .due, .own, .snooze: false
    }
  }
}

extension Rules {
  /// The clock that runs out first; nil only for a closed callback.
  func nextClock(of callback: Callback) -> (Clock, Date)? {
    guard callback.isOpen else { return nil }
    let policy = policy(of: callback)
    let counting = counting(of: callback)
    var first: (Clock, Date)?
    for clock in Clock.allCases {
      guard var time = time(of: clock, for: callback, policy: policy, counting: counting) else { continue }
      if clock.isHeldBySnooze, let until = callback.snoozedUntil { time = max(time, until) }
      if first.map({ time < $0.1 }) ?? true { first = (clock, time) }
    }
    return first
  }

  private func time(of clock: Clock, for callback: Callback, policy: Policy, counting: Counting) -> Date? {
    switch clock {
    case .recipient: return standIn(for: callback) == nil ? nil : Self.atOnce
    case .shift: return endOfOwnership(of: callback)
    case .reminder:
      guard callback.remindersDone < policy.remindBefore.count, !callback.overdue else { return nil }
      return counting.moment(-policy.remindBefore[callback.remindersDone], from: callback.dueAt)
    case .due: return callback.overdue ? nil : callback.dueAt
    case .own: return callback.ownBy
    case .finish: return callback.finishBy
    case .step:
      guard callback.nextStep < policy.steps.count else { return nil }
      return counting.moment(policy.steps[callback.nextStep].after, from: callback.dueAt)
    case .retry: return callback.retryAt
    case .repetition:
      // A step or, after the last, a repetition: so an open callback never sleeps for good. A reload that shortened the steps
      // can have left neither; those of the last are then told when it is due.
      return callback.repeatAt ?? (callback.nextStep < policy.steps.count ? nil : callback.dueAt)
    case .snooze: return callback.snoozedUntil
    }
  }

  /// Sets sooner what waits longer than it would if it began now: the policy is stricter since a reload, or the system's clock
  /// was ahead when it was set. Where the clock only goes forward and the policy stays, this changes nothing.
  func correctClocks(of transition: inout Transition, at now: Date) {
    let corrected = corrected(transition.callback, at: now)
    guard corrected != transition.callback else { return }
    transition.callback = corrected
    transition.append(Event(at: now, .clockCorrected, until: corrected.dueAt))
  }

  func corrected(_ callback: Callback, at now: Date) -> Callback {
    guard callback.isOpen else { return callback }
    var callback = callback
    if callback.admittedAt > now.addingTimeInterval(60) {
      // It was admitted in what is now the future: it has the time that it was given then, from now on.
      let given = max(0, callback.dueAt.timeIntervalSince(callback.admittedAt))
      callback.dueAt = min(callback.dueAt, now.addingTimeInterval(given))
      callback.admittedAt = now
    }
    // Nobody has had it since a time that is yet to come: who went off shift before that has it no longer.
    callback.sooner(\.ownerSince, now)
    callback.sooner(\.snoozedAt, now)
    let policy = policy(of: callback)
    let counting = counting(of: callback)
    let soon = now.addingTimeInterval(Double(Self.nobodyToldSeconds))
    callback.sooner(\.ownBy, max(callback.dueAt, ownBy(from: now, for: callback)))
    callback.sooner(\.finishBy, finishBy(from: now, for: callback))
    callback.sooner(\.snoozedUntil, now.addingTimeInterval(Double(policy.snoozeAtMost.seconds)))
    callback.sooner(\.retryAt, nextTry(after: policy.retry.longest, for: callback, at: now))
    callback.sooner(
      \.repeatAt,
      max(policy.repetition(ofStep: latestStep(of: callback), from: now, counting: counting) ?? soon, soon))
    return callback
  }
}

extension Callback {
  /// Sets a clock that runs to `limit` where it would run longer.
  mutating func sooner(_ clock: WritableKeyPath<Callback, Date?>, _ limit: Date) {
    if let time = self[keyPath: clock], time > limit { self[keyPath: clock] = limit }
  }
}

extension Policy.Retry {
  fileprivate var longest: TimeSpan {
    [noAnswer, busy, voicemail].max { $0.seconds < $1.seconds } ?? noAnswer
  }
}
