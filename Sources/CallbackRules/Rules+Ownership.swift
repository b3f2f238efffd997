import Foundation

/// Who has a callback: acknowledging, assigning, snoozing, and losing it.
extension Rules {
  /// A moment that has passed: what waits for it happens at once.
  static let atOnce = Date(timeIntervalSince1970: 0)

  // MARK: - Gaining it

  /// Stops one clock, `ownBy`, and starts another, `finishBy`, unless it has run already.
  func acknowledge(
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
    own(by: person, in: &transition, at: now)
    transition.append(Event(at: now, actor: actor, .acknowledged, until: transition.callback.finishBy))
  }

  func own(by person: String, in transition: inout Transition, at now: Date) {
    if transition.callback.owner != person {
      transition.callback.owner = person
      transition.callback.ownerSince = now
      transition.callback.ownedFor = rotation(for: person, having: transition.callback, at: now)
      transition.callback.endSnooze()
    }
    transition.callback.ownBy = nil
    if transition.callback.ownedAt == nil {
      transition.callback.ownedAt = now
      transition.callback.finishBy = finishBy(from: now, for: transition.callback)
    }
    if transition.callback.state == .open { transition.callback.state = .owned }
  }

  /// The rotation for which this person, on call in it, has the callback; nil for who has it by name, or came by.
  private func rotation(for person: String, having callback: Callback, at now: Date) -> String? {
    guard callback.recipient != person else { return nil }
    let told = policy(of: callback).steps.prefix(callback.nextStep).flatMap(\.notify)
    let ids = [callback.recipient] + told.filter { $0 != Policy.recipient }
    return ids.flatMap(office.rotationsLeading(toRecipient:)).first { office.isOnCall(person, in: $0, at: now) }
  }

  // MARK: - Passing it on

  /// Makes another one owe the call. The owner no longer has it; until the new one acknowledges, `ownBy` runs.
  func assign(to id: String, actor: Event.Actor, in transition: inout Transition, at now: Date) throws(Refusal) {
    try requireOpen(transition.callback)
    guard office.isKnown(id) else { throw .unknownRecipient(id) }
    let people = office.people(for: id, at: now)
    guard !people.isEmpty else { throw .nobodyThere(office.displayName(of: id)) }
    release(&transition.callback, at: now)
    transition.callback.recipient = id
    transition.append(Event(at: now, actor: actor, .assigned, person: id, until: transition.callback.ownBy))
    for person in people { transition.tell(person.id, .assigned, at: now) }
  }

  /// Leaves the owner alone for a while: nothing but the deadline acts meanwhile, and past the deadline only with the last step
  /// told. A snooze under way is not made longer than one may be, so that after each whatever ran out meanwhile acts.
  func snooze(
    _ span: TimeSpan, by person: String, actor: Event.Actor, in transition: inout Transition, at now: Date
  ) throws(Refusal) {
    let callback = transition.callback
    try requireOpen(callback)
    guard callback.owner == person else { throw .needsOwner(callback.owner.map(office.displayName(of:))) }
    let start = min(callback.snoozedAt ?? now, now)
    let most = policy(of: callback).snoozeAtMost
    let until = now.addingTimeInterval(Double(span.seconds))
    let latest = start.addingTimeInterval(Double(most.seconds))
    guard span.seconds > 0, until <= latest else {
      let left = Int(latest.timeIntervalSince(now))
      throw .snoozeTooLong(atMost: left > 0 ? TimeSpan(seconds: left) : nil)
    }
    transition.callback.snoozedAt = start
    transition.callback.snoozedUntil = until
    transition.append(Event(at: now, actor: actor, .snoozed, until: until))
    if until > callback.dueAt { tellOfSnooze(by: person, in: &transition, at: now) }
  }

  /// Tells those of the last step, and if that is nobody but the owner, the fallback.
  private func tellOfSnooze(by owner: String, in transition: inout Transition, at now: Date) {
    let callback = transition.callback
    let last = policy(of: callback).steps.last?.notify ?? []
    var told = people(named: last, for: callback, at: now).filter { $0.id != owner }
    if told.isEmpty { told = office.people(for: office.fallback, at: now) }
    if told.isEmpty { transition.append(nobody(in: last + [office.fallback], for: callback, step: nil, at: now)) }
    for person in told {
      transition.tell(person.id, .snoozed, at: now)
    }
  }

  // MARK: - Losing it

  /// When the owner stops having it: at once where that person has left, at the end of the shift for which they have it.
  func endOfOwnership(of callback: Callback) -> Date? {
    guard let owner = callback.owner else { return nil }
    guard office.people[owner]?.active == true else { return Self.atOnce }
    guard let rotation = callback.ownedFor, let since = callback.ownerSince else { return nil }
    guard office.rotations[rotation] != nil else { return Self.atOnce }
    guard
      let end = office.shiftEnd(of: owner, in: rotation, from: since)
    else { return nil }
    // On shift without end as far as one can see.
    return office.isOnCall(owner, in: rotation, at: end) ? nil : end
  }

  /// Hands over to the rotation, or to whoever stands in for the owner, and to the recipient.
  func endOwnership(of transition: inout Transition, at now: Date) {
    guard let owner = transition.callback.owner else { return }
    let rotation = transition.callback.ownedFor
    release(&transition.callback, at: now)
    transition.append(Event(at: now, .handedOver, person: owner, until: transition.callback.ownBy))
    let heirs = office.people(for: rotation ?? owner, at: now)
    for person in heirs {
      transition.tell(person.id, rotation == nil ? .assigned : .handOff, at: now)
    }
    let recipients = office.people(for: transition.callback.recipient, at: now)
    for person in recipients where !heirs.contains(where: { $0.id == person.id }) {
      transition.tell(person.id, .assigned, at: now)
    }
    if heirs.isEmpty, recipients.isEmpty {
      let ids = [rotation ?? owner, Policy.recipient]
      transition.append(nobody(in: ids, for: transition.callback, step: nil, at: now))
      takeNextStep(of: &transition, at: now)
    }
  }

  /// Nobody has it: `ownBy` runs, sooner than now plus what the policy allows where it ran already. `finishBy` goes on.
  private func release(_ callback: inout Callback, at now: Date) {
    callback.owner = nil
    callback.ownerSince = nil
    callback.ownedFor = nil
    callback.state = .open
    callback.endSnooze()
    callback.ownBy = min(callback.ownBy ?? .distantFuture, ownBy(from: now, for: callback))
  }

  // MARK: - The recipient

  /// Who owes the call in the place of a recipient who is gone from the office; nil while the recipient is there.
  func standIn(for callback: Callback) -> String? {
    guard !office.isSomebody(callback.recipient) else { return nil }
    let account = callback.message.account.flatMap { office.accounts[$0] }
    return [account?.recipient, office.fallback].compactMap(\.self).first {
      $0 != callback.recipient && office.isSomebody($0)
    }
  }

  func replaceRecipient(of transition: inout Transition, at now: Date) {
    guard let id = standIn(for: transition.callback) else { return }
    transition.callback.recipient = id
    transition.append(Event(at: now, .assigned, person: id))
    announce([id], reason: .assigned, in: &transition, at: now)
  }
}

extension Callback {
  mutating func endSnooze() {
    snoozedAt = nil
    snoozedUntil = nil
  }
}
