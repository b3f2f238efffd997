import Foundation

/// Tries to reach the patient, and when to try again.
extension Rules {
  /// Records one try. Whoever tries a callback that nobody has, has it.
  func attempt(
    _ outcome: AttemptOutcome, by person: String, actor: Event.Actor, in transition: inout Transition, at now: Date
  ) throws(Refusal) {
    try requireOpen(transition.callback)
    transition.callback.attempts += 1
    transition.callback.attemptedAt = transition.callback.attemptedAt ?? now
    if transition.callback.owner == nil { own(by: person, in: &transition, at: now) }
    let retry = policy(of: transition.callback).retry
    switch outcome {
    case .reached:
      transition.callback.reachedAt = now
      transition.append(Event(at: now, actor: actor, .reached))
      close(in: &transition, by: person, actor: actor, reason: nil, at: now)
    case .declined:
      transition.append(Event(at: now, actor: actor, .declined))
      close(in: &transition, by: person, actor: actor, reason: "declined by the patient", at: now)
    case .noAnswer: tryAgain(.noAnswer, after: retry.noAnswer, actor: actor, in: &transition, at: now)
    case .busy: tryAgain(.busy, after: retry.busy, actor: actor, in: &transition, at: now)
    case .voicemail: tryAgain(.voicemail, after: retry.voicemail, actor: actor, in: &transition, at: now)
    case .wrongNumber:
      tryAgain(.wrongNumber, after: retry.noAnswer, actor: actor, in: &transition, at: now)
      askService(by: person, in: &transition, at: now)
    }
    if transition.callback.isOpen { tellOfTries(in: &transition, at: now) }
  }

  private func tryAgain(
    _ kind: Event.Kind, after span: TimeSpan, actor: Event.Actor, in transition: inout Transition, at now: Date
  ) {
    let next = nextTry(after: span, for: transition.callback, at: now)
    transition.callback.state = .retrying
    transition.callback.retryAt = next
    transition.append(Event(at: now, actor: actor, kind, until: next))
  }

  /// Whoever tried, and the recipient, are to ask the service for the right number.
  private func askService(by person: String, in transition: inout Transition, at now: Date) {
    let ids = Set([person, transition.callback.recipient]).sorted()
    let people = people(named: ids, for: transition.callback, at: now)
    for person in people { transition.tell(person.id, .wrongNumber, at: now) }
    if people.isEmpty {
      transition.append(nobody(in: ids, for: transition.callback, step: nil, at: now))
      tellFallback(in: &transition, at: now)
    }
  }

  /// After as many tries as the policy has, the last step and the owner are told, and again until somebody closes it.
  private func tellOfTries(in transition: inout Transition, at now: Date) {
    let policy = policy(of: transition.callback)
    let tries = transition.callback.attempts
    // Beyond the limit too: a reload can have lowered it, or added steps.
    let laddersEnd = transition.callback.nextStep >= policy.steps.count
    if tries == policy.retry.attempts || (tries > policy.retry.attempts && !laddersEnd) {
      takeLastStep(of: &transition, at: now)
    }
  }

  /// The next time, at least `span` from now, at which the caller may be rung: while the office of the policy is open, by day
  /// where the call can wait, and before the caller can't be reached any more.
  func nextTry(after span: TimeSpan, for callback: Callback, at now: Date) -> Date {
    let policy = policy(of: callback)
    let counting = office.counting(of: policy, account: callback.message.account)
    var next = counting.moment(span, from: now)
    switch counting {
    case .openTime(let hours, let zone): next = hours.opening(atOrAfter: next, in: zone)
    case .aroundTheClock(let zone): if policy.urgency == .routine { next = zone.daytime(atOrAfter: next) }
    }
    if let until = callback.message.reachableUntil {
      // A try after that reaches nobody; once it has passed, any time is as good.
      let last = until.addingTimeInterval(-Double(Self.reachableLeadSeconds))
      if now < last { next = min(next, last) }
    }
    return next
  }
}

extension Zone {
  /// The first moment at or after this one at which people may be rung about what can wait: from 8:00 to 21:00, the hours in
  /// which telephone solicitation is allowed in the United States (47 CFR 64.1200(c)(1)).
  func daytime(atOrAfter moment: Date) -> Date {
    let wall = civilTime(at: moment)
    guard wall.hour < 8 || wall.hour >= 21 else { return moment }
    let day = wall.hour < 8 ? wall : wall.adding(days: 1)
    guard let morning = CivilTime(year: day.year, month: day.month, day: day.day, hour: 8) else { return moment }
    return max(moment, self.moment(of: morning))
  }
}
