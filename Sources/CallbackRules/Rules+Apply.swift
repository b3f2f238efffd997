import Foundation

extension Rules {
  /// Does what a person commands.
  ///
  /// Whatever the clocks demand by `now` is done before, unless the command closes the callback: who was late stays late.
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
    if let purgedAt = callback.purgedAt { throw .purged(purgedAt) }
    var transition = Transition(callback)
    let actor = Event.Actor.person(person, login: login)
    if !command.closes { runClocks(of: &transition, at: now) }
    switch command {
    case .acknowledge(let take):
      try acknowledge(by: person, actor: actor, take: take, in: &transition, at: now)
    case .attempt(let outcome): try attempt(outcome, by: person, actor: actor, in: &transition, at: now)
    case .done: try attempt(.reached, by: person, actor: actor, in: &transition, at: now)
    case .close(let reason):
      try requireOpen(callback)
      close(in: &transition, by: person, actor: actor, reason: try words(reason, of: "reason"), at: now)
    case .reopen:
      guard !callback.isOpen else { throw .notClosed }
      reopen(in: &transition, actor: actor, at: now)
    case .note(let text):
      transition.append(Event(at: now, actor: actor, .note, text: try words(text, of: "note")))
    case .assign(let id): try assign(to: id, actor: actor, in: &transition, at: now)
    case .snooze(let span): try snooze(span, by: person, actor: actor, in: &transition, at: now)
    }
    if let note, !note.isEmpty { transition.append(Event(at: now, actor: actor, .note, text: note)) }
    transition.callback.wakeAt = nextClock(of: transition.callback)?.1
    return heedingQuietHours(transition, at: now)
  }

  func requireOpen(_ callback: Callback) throws(Refusal) {
    if let closedAt = callback.closedAt { throw .alreadyClosed(closedAt) }
  }

  private func words(_ text: String, of what: String) throws(Refusal) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !trimmed.isEmpty else { throw .emptyText(what) }
    return trimmed
  }

  // MARK: - Closing and reopening

  func close(
    in transition: inout Transition, by person: String, actor: Event.Actor, reason: String?, at now: Date
  ) {
    if !transition.callback.overdue, transition.callback.dueAt < now {
      // Its clock has not acted yet, just after down time: the promise passed all the same.
      transition.callback.overdue = true
      transition.append(Event(at: now, .overdue))
    }
    transition.callback.state = .closed
    transition.callback.closedAt = now
    transition.callback.closedBy = person
    transition.callback.ownBy = nil
    transition.callback.finishBy = nil
    transition.callback.retryAt = nil
    transition.callback.repeatAt = nil
    transition.callback.endSnooze()
    transition.append(Event(at: now, actor: actor, .closed, text: reason))
  }

  /// Opens it again, for anybody, with the deadline it had: the steps go on where they were.
  private func reopen(in transition: inout Transition, actor: Event.Actor, at now: Date) {
    transition.callback.state = .open
    transition.callback.owner = nil
    transition.callback.ownerSince = nil
    transition.callback.ownedFor = nil
    transition.callback.ownedAt = nil
    transition.callback.reachedAt = nil
    transition.callback.closedAt = nil
    transition.callback.closedBy = nil
    transition.callback.ownBy = ownBy(from: now, for: transition.callback)
    let callback = transition.callback
    if callback.nextStep > 0 {
      transition.callback.repeatAt =
        now < callback.dueAt
        ? policy(of: callback).repetition(
          ofStep: latestStep(of: callback), from: now, counting: counting(of: callback))
        : now
    }
    transition.append(Event(at: now, actor: actor, .reopened))
    announce([Policy.recipient], reason: .reopened, in: &transition, at: now)
    // Of one that is late the last step is told again: whoever is among those is told once.
    runClocks(of: &transition, at: now)
  }
}

extension Command {
  /// Whether the callback is closed by it.
  fileprivate var closes: Bool {
    switch self {
    case .done, .close, .attempt(.reached), .attempt(.declined): true
    case .acknowledge, .attempt, .reopen, .note, .assign, .snooze: false
    }
  }
}
