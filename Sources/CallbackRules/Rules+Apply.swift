import Foundation

extension Rules {
  /// Does what a person commands.
  ///
  /// - Parameters:
  ///   - person: the id of who acts: an active person, because only a named one's outcome closes a callback.
  ///   - login: the local account that acted as this person.
  ///   - note: further words for the history.
  public func apply(
    _ command: Command, by person: String, login: String? = nil, note: String? = nil, to callback: Callback,
    at now: Date
  ) throws(Refusal) -> Transition {
    guard office.people[person]?.active == true else { throw .needsPerson }
    var transition = Transition(callback)
    let actor = Event.Actor.person(person, login: login)
    switch command {
    case .acknowledge(let take):
      try acknowledge(by: person, actor: actor, take: take, in: &transition, at: now)
    case .attempt(let outcome):
      try attempt(outcome, by: person, actor: actor, in: &transition, at: now)
    case .done:
      try requireOpen(callback)
      transition.callback.reachedAt = now
      transition.append(Event(at: now, actor: actor, .reached))
      close(in: &transition, actor: actor, reason: nil, at: now)
    case .close(let reason):
      try requireOpen(callback)
      close(in: &transition, actor: actor, reason: try words(reason, of: "reason"), at: now)
    case .reopen:
      guard !callback.isOpen else { throw .notClosed }
      reopen(in: &transition, actor: actor, at: now)
    case .note(let text):
      transition.append(Event(at: now, actor: actor, .note, text: try words(text, of: "note")))
    case .assign, .snooze: throw .needsPerson
    }
    if let note, !note.isEmpty { transition.append(Event(at: now, actor: actor, .note, text: note)) }
    transition.callback.wakeAt = nextClock(of: transition.callback)?.1
    return transition
  }

  /// Stops one clock, `ownBy`, and starts another, `finishBy`, unless it has run already.
  private func acknowledge(
    by person: String, actor: Event.Actor, take: Bool, in transition: inout Transition, at now: Date
  ) throws(Refusal) {
    let callback = transition.callback
    try requireOpen(callback)
    if let owner = callback.owner, owner != person {
      guard take else {
        throw .ownedByAnother(office.displayName(of: owner), since: callback.ownerSince ?? callback.admittedAt)
      }
      transition.append(Event(at: now, actor: actor, .taken, person: owner))
    }
    transition.append(Event(at: now, actor: actor, .acknowledged))
    own(by: person, in: &transition, at: now)
  }

  private func own(by person: String, in transition: inout Transition, at now: Date) {
    if transition.callback.owner != person {
      transition.callback.owner = person
      transition.callback.ownerSince = now
    }
    transition.callback.ownBy = nil
    if transition.callback.ownedAt == nil {
      transition.callback.ownedAt = now
      let finish = office.policy(for: transition.callback.urgency).finishWithin
      transition.callback.finishBy = now.addingTimeInterval(Double(finish.seconds))
    }
    if transition.callback.state == .open { transition.callback.state = .owned }
  }

  /// Records one try to reach the patient. Whoever tries a callback that nobody has, has it.
  private func attempt(
    _ outcome: AttemptOutcome, by person: String, actor: Event.Actor, in transition: inout Transition, at now: Date
  ) throws(Refusal) {
    try requireOpen(transition.callback)
    transition.callback.attempts += 1
    if transition.callback.owner == nil { own(by: person, in: &transition, at: now) }
    let retry = office.policy(for: transition.callback.urgency).retry
    switch outcome {
    case .reached:
      transition.callback.reachedAt = now
      transition.append(Event(at: now, actor: actor, .reached))
      close(in: &transition, actor: actor, reason: nil, at: now)
    case .declined:
      transition.append(Event(at: now, actor: actor, .declined))
      close(in: &transition, actor: actor, reason: "declined by the patient", at: now)
    case .noAnswer: tryAgain(.noAnswer, after: retry.noAnswer, actor: actor, in: &transition, at: now)
    case .busy: tryAgain(.busy, after: retry.busy, actor: actor, in: &transition, at: now)
    case .voicemail: tryAgain(.voicemail, after: retry.voicemail, actor: actor, in: &transition, at: now)
    case .wrongNumber:
      tryAgain(.wrongNumber, after: retry.noAnswer, actor: actor, in: &transition, at: now)
      for id in Set([person, transition.callback.recipient]).sorted() {
        for told in office.people(for: id, at: now) {
          transition.notify(Notice(person: told.id, reason: .wrongNumber))
        }
      }
    }
    guard transition.callback.isOpen else { return }
    let tries = transition.callback.attempts
    // Beyond the limit too: a reload can have lowered it, or added steps.
    let laddersEnd = transition.callback.nextStep >= office.policy(for: transition.callback.urgency).steps.count
    if tries == retry.attempts || (tries > retry.attempts && !laddersEnd) { takeLastStep(of: &transition, at: now) }
  }

  private func tryAgain(
    _ kind: Event.Kind, after span: TimeSpan, actor: Event.Actor, in transition: inout Transition, at now: Date
  ) {
    var next = now.addingTimeInterval(Double(span.seconds))
    if let until = transition.callback.message.reachableUntil {
      // A try after that reaches nobody; once it has passed, any time is as good.
      let last = until.addingTimeInterval(-Double(Self.reachableLeadSeconds))
      if now < last { next = min(next, last) }
    }
    transition.callback.state = .retrying
    transition.callback.retryAt = next
    transition.append(Event(at: now, actor: actor, kind, until: next))
  }

  private func close(
    in transition: inout Transition, actor: Event.Actor, reason: String?, at now: Date
  ) {
    if !transition.callback.overdue, transition.callback.dueAt < now {
      // Its clock has not acted yet, just after down time: the promise passed all the same.
      transition.callback.overdue = true
      transition.append(Event(at: now, .overdue))
    }
    transition.callback.state = .closed
    transition.callback.closedAt = now
    transition.callback.ownBy = nil
    transition.callback.finishBy = nil
    transition.callback.retryAt = nil
    transition.callback.repeatAt = nil
    transition.append(Event(at: now, actor: actor, .closed, text: reason))
  }

  /// Opens it again, for anybody, with the deadline it had: the steps go on where they were.
  private func reopen(in transition: inout Transition, actor: Event.Actor, at now: Date) {
    let policy = office.policy(for: transition.callback.urgency)
    transition.callback.state = .open
    transition.callback.owner = nil
    transition.callback.ownerSince = nil
    transition.callback.ownedAt = nil
    transition.callback.reachedAt = nil
    transition.callback.closedAt = nil
    let taken = transition.callback.message.takenAt
    let allowed = ownBy(from: taken, due: transition.callback.dueAt, policy: policy).timeIntervalSince(taken)
    transition.callback.ownBy = now.addingTimeInterval(allowed)
    let latest = latestStep(of: transition.callback)
    if transition.callback.nextStep > 0 {
      transition.callback.repeatAt =
        now < transition.callback.dueAt ? policy.repetition(ofStep: latest, from: now) : now
    }
    transition.append(Event(at: now, actor: actor, .reopened))
    announce([Policy.recipient], reason: .reopened, in: &transition, at: now)
  }

  private func requireOpen(_ callback: Callback) throws(Refusal) {
    if let closedAt = callback.closedAt { throw .alreadyClosed(closedAt) }
  }

  private func words(_ text: String, of what: String) throws(Refusal) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !trimmed.isEmpty else { throw .emptyText(what) }
    return trimmed
  }
}
