import CallbackRules
import Foundation

/// What must hold for each open callback once everything that was to be done at a moment has been done.
extension Check where Subject == Rest {
  static let ofRest = [
    wakes, wakesForEveryClock, toldWhenOverdue, neverSilentForLong, ownerIsThere, snoozeIsBounded, refusedGoesOn,
  ]

  // MARK: - Promise 3

  private static let wakes = Check("every open callback wakes, and has woken") { rest in
    guard let wakeAt = rest.callback.wakeAt else { return "it never wakes" }
    return wakeAt > rest.now ? nil : "it was to wake at \(Trace.text(wakeAt))"
  }

  private static let wakesForEveryClock = Check("no clock runs out unseen") { rest in
    let callback = rest.callback
    var clocks = [("own", callback.ownBy), ("due", callback.overdue ? nil : callback.dueAt)]
    if !rest.isSnoozed {
      clocks += [("finish", callback.finishBy), ("retry", callback.retryAt), ("repeat", callback.repeatAt)]
    }
    clocks.append(("snooze", callback.snoozedUntil))
    for (name, time) in clocks {
      guard let time else { continue }
      if time <= rest.now { return "\(name) ran out at \(Trace.text(time))" }
      if let wakeAt = callback.wakeAt, time < wakeAt { return "\(name) is at \(Trace.text(time)), before it wakes" }
    }
    return nil
  }

  // MARK: - Promise 4

  private static let toldWhenOverdue = Check("once it is overdue somebody has been told so") { rest in
    guard !rest.isSnoozed, let since = rest.kept.overdueSince else { return nil }
    return (rest.kept.toldAt ?? .min) >= since ? nil : "nobody was, since it is overdue"
  }

  private static let neverSilentForLong = Check("an overdue callback is never silent for long") { rest in
    guard !rest.isSnoozed, let since = rest.kept.overdueSince else { return nil }
    // The clock may have been set back, to before the deadline.
    let quiet = max(rest.kept.toldAt ?? since, rest.notBefore, rest.clock.real(at: rest.callback.dueAt))
    let start = Date(timeIntervalSince1970: Double(quiet + rest.clock.offset))
    let limit = rest.longestSilence(from: start)
    return rest.now <= limit ? nil : "nobody was told since \(Trace.text(start)), at the latest by \(Trace.text(limit))"
  }

  private static let ownerIsThere = Check("who has it is there and on shift") { rest in
    guard let owner = rest.callback.owner else { return nil }
    guard rest.office.people[owner]?.active == true else { return "\(owner) has left" }
    guard let rotation = rest.callback.ownedFor, rest.office.rotations[rotation] != nil else { return nil }
    guard !rest.office.isOnCall(owner, in: rotation, at: rest.now) else { return nil }
    let since = rest.callback.ownerSince.map(Trace.text) ?? "never"
    return "\(owner), who has it since \(since), is off shift: \(rest.office.shift(in: rotation, at: rest.now))"
  }

  private static let snoozeIsBounded = Check("nobody snoozes for longer than the policy allows") { rest in
    guard let until = rest.callback.snoozedUntil else { return nil }
    let most = Double(rest.policy.snoozeAtMost.seconds)
    guard rest.callback.owner != nil else { return "nobody has it" }
    return until <= rest.now.addingTimeInterval(most) ? nil : "until \(Trace.text(until))"
  }

  // MARK: - Promise 6

  /// Those that are beside the callback, which itself is told to others.
  private static let beside: [Notice.Reason] = [
    .unknownName, .rangAgain, .snoozed, .answerUnclear, .answerRefused, .closedByMail,
  ]

  private static let refusedGoesOn = Check("where nobody could be told, others are before long") { rest in
    let notices = rest.kept.notices.reversed().lazy.filter { !beside.contains($0.notice.reason) }
    // A clock that is set back may take the policy's interval from then.
    guard let latest = notices.first?.madeAt, latest > rest.notBefore else { return nil }
    let told = notices.prefix { $0.madeAt == latest }
    guard told.allSatisfy({ $0.state == .failed }), !rest.isSnoozed else { return nil }
    // Whoever has taken it since knows of it.
    if let since = rest.callback.ownerSince, told.contains(where: { since >= $0.createdAt }) { return nil }
    let soon = rest.now.addingTimeInterval(900)
    if let wakeAt = rest.callback.wakeAt, wakeAt <= soon { return nil }
    return
      "all of \(told.map(\.notice.person)) were refused, and it wakes at \(rest.callback.wakeAt.map(Trace.text) ?? "no time")"
  }
}

extension Rest {
  /// Until when somebody must be told again of an overdue callback that is told at `start`: the policy's longest interval,
  /// and a snooze.
  fileprivate func longestSilence(from start: Date) -> Date {
    let policy = policy
    var counting = office.counting(of: policy, account: callback.message.account)
    if callback.dueBasis != .policy { counting = counting.inWallTime }
    let defaultRepetition = min(max(policy.callBackWithin.seconds, 900), 86_400)
    let spans =
      policy.steps.flatMap { [$0.after, $0.repeatEvery].compactMap(\.self) } + [TimeSpan(seconds: defaultRepetition)]
    let latest = spans.map { counting.moment($0, from: start) }.max() ?? start
    return latest.addingTimeInterval(Double(policy.snoozeAtMost.seconds) + 960)
  }
}
