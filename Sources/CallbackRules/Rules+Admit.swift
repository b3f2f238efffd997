import Foundation

extension Rules {
  /// Says what becomes of a message that came in at `now`: a new callback, or part of one that is there.
  ///
  /// One that comes in late comes in overdue: its clocks count from when the call was taken, and what they already demand is
  /// done in the same transition.
  public func admit(_ message: Message, related: Related = Related(), at now: Date) -> Admittance {
    var admittance = admittance(of: message, related, at: now)
    admittance.transition = heedingQuietHours(admittance.transition, at: now)
    admittance.others = admittance.others.map { heedingQuietHours($0, at: now) }
    return admittance
  }

  private func admittance(of message: Message, _ related: Related, at now: Date) -> Admittance {
    guard message.problem == nil else { return Admittance(begin(message, at: now)) }
    return recognise(message, related, at: now) ?? amend(message, related, at: now)
      ?? withdraw(message, related, at: now)
      ?? join(message, related, at: now) ?? begin(message, related, at: now)
  }

  /// Makes a callback of the message.
  ///
  /// - Parameters:
  ///   - kind: nil: as the message was read.
  ///   - levels: by how many its urgency is raised, because the caller rings again.
  ///   - notes: what else was odd about it.
  func begin(
    _ message: Message, as kind: Callback.Kind? = nil, raisedBy levels: Int = 0, notes: [String] = [], at now: Date
  ) -> Transition {
    let kind = kind ?? (message.problem == nil ? .message : .unreadable)
    let urgency = max(message.urgency.raised(by: levels), kind == .message ? .routine : .urgent)
    let due = due(for: message, urgency: urgency)
    let target = kind == .missing ? (id: ownRecipient(of: message), notes: []) : recipient(of: message)

    var callback = Callback(
      kind: kind, message: message, recipient: target.id, admittedAt: now, dueAt: due.at, dueBasis: due.basis)
    callback.urgency = urgency
    callback.ownBy = ownBy(from: message.takenAt, for: callback)
    callback.remindersDone = remindersPast(of: callback, at: now)

    var transition = Transition(callback)
    let actor = kind == .missing ? Event.Actor.callbackd : .service(message.service)
    transition.append(
      Event(at: now, actor: actor, .admitted, person: target.id, until: due.at, urgency: urgency))
    for note in message.notes + target.notes + due.notes + notes {
      transition.append(Event(at: now, .noted, text: note))
    }
    announce(policy(of: callback).announce, reason: .announce, in: &transition, at: now)
    tellOfUnknown(target.notes, in: &transition, at: now)
    runClocks(of: &transition, at: now)
    return transition
  }

  /// Tells the fallback that the message names somebody who is not known.
  func tellOfUnknown(_ notes: [String], in transition: inout Transition, at now: Date) {
    guard !notes.isEmpty else { return }
    for person in office.people(for: office.fallback, at: now) { transition.tell(person.id, .unknownName, at: now) }
  }

  /// How many reminders lie behind. Whoever is told now need not be reminded of what is less than a reminder away.
  func remindersPast(of callback: Callback, at now: Date) -> Int {
    let counting = counting(of: callback)
    return policy(of: callback).remindBefore.count { counting.moment(-$0, from: callback.dueAt) <= now }
  }

  /// Whom a message is for, and what the fallback must be told about that.
  func recipient(of message: Message) -> (id: String, notes: [String]) {
    var notes: [String] = []
    let account = message.account.flatMap { office.accounts[$0] }
    if let unknown = message.unknownAccount {
      notes.append("The account “\(unknown)” is not known; add it to the configuration, or tell the service.")
    } else if account == nil, office.accounts.count > 1 {
      notes.append("The message names no account; ask the service which practice it is for.")
    }
    if let written = message.to {
      if let id = office.id(named: written) {
        if office.isSomebody(id) { return (id, notes) }
        notes.append("It is for “\(written)”, who has left, with nobody instead.")
        return (office.fallback, notes)
      }
      notes.append("It is for “\(written)”, who is not known or not the only one of that name.")
    }
    return (ownRecipient(of: message), notes)
  }

  /// Whom the account's messages are for that name nobody.
  private func ownRecipient(of message: Message) -> String {
    message.account.flatMap { office.accounts[$0]?.recipient } ?? office.fallback
  }

  /// Tells those people at once; if there are none, the first step is taken at once.
  func announce(_ ids: [String], reason: Notice.Reason, in transition: inout Transition, at now: Date) {
    guard !ids.isEmpty else { return }
    let people = people(named: ids, for: transition.callback, at: now)
    for person in people {
      transition.tell(person.id, reason, at: now)
    }
    if people.isEmpty {
      transition.append(nobody(in: ids, for: transition.callback, step: nil, at: now))
      takeNextStep(of: &transition, at: now)
    }
  }
}

extension Urgency {
  /// So many levels up, at most an emergency.
  func raised(by levels: Int) -> Urgency { Urgency(rawValue: rawValue + levels) ?? .emergency }
}
