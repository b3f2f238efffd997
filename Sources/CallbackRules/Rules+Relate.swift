import Foundation

/// Messages that belong to a callback that is there: changed by the service, withdrawn, or the same caller ringing again.
extension Rules {
  // MARK: - The same Ref

  /// What a callback of this Ref says already, as in an export that holds all rows again: it changes nothing and tells nobody.
  func recognise(_ message: Message, _ related: Related, at now: Date) -> Admittance? {
    guard !message.withdrawn,
      let known = related.sameRef.first(where: { message.agrees(with: $0.message) }),
      known.kind == .message, message.repeats(known.message)
    else { return nil }
    let again = Event(at: now, actor: .service(message.service), .receivedAgain)
    return Admittance(Transition(known, events: [again]), part: .again)
  }

  /// A message with the Ref of an open callback changes it, if number or caller agrees: else the Ref was used again.
  func amend(_ message: Message, _ related: Related, at now: Date) -> Admittance? {
    guard !message.withdrawn,
      let known = related.sameRef.first(where: { $0.isOpen && message.agrees(with: $0.message) })
    else { return nil }
    return amend(known, by: message, at: now)
  }

  private func amend(_ known: Callback, by message: Message, at now: Date) -> Admittance {
    var transition = Transition(known)
    let changed = message.changes(to: known.message)
    transition.callback.message = known.message.amended(by: message)
    transition.callback.kind = .message
    transition.append(
      Event(
        at: now, actor: .service(message.service), .amended,
        text: changed.isEmpty ? nil : changed.joined(separator: ", ")))
    for note in message.notes { transition.append(Event(at: now, .noted, text: note)) }
    raise(to: max(known.urgency, message.urgency), reason: .amended, in: &transition, at: now)
    hasten(by: transition.callback.message, in: &transition, at: now)
    if changed.contains("To") { redirect(to: message, in: &transition, at: now) }
    tellOwner(.amended, event: .announced, in: &transition, at: now)
    runClocks(of: &transition, at: now)
    return Admittance(transition, part: .amendment)
  }

  /// `Status: withdrawn` tells the owner, or the recipient; it closes nothing.
  func withdraw(_ message: Message, _ related: Related, at now: Date) -> Admittance? {
    guard message.withdrawn else { return nil }
    let ofRef = related.sameRef.filter { message.agrees(with: $0.message) || message.namesNobody }
    // A service may number the withdrawal itself.
    let ofCaller = sameCaller(of: message, among: related.sameNumber.filter(\.isOpen))
    guard let known = ofRef.first(where: \.isOpen) ?? ofRef.first ?? ofCaller else { return nil }
    var transition = Transition(known)
    transition.append(Event(at: now, actor: .service(message.service), .withdrawn))
    if known.isOpen {
      tellOwner(.withdrawn, event: .announced, in: &transition, at: now)
      runClocks(of: &transition, at: now)
    }
    return Admittance(transition, part: .withdrawal)
  }

  // MARK: - The same caller

  /// The caller rings again while the callback is open: it counts, is more urgent, due sooner, and the owner knows. Where the
  /// callback is of a file that could not be read, this is what it said.
  func join(_ message: Message, _ related: Related, at now: Date) -> Admittance? {
    guard !message.withdrawn, let known = sameCaller(of: message, among: related.sameNumber.filter(\.isOpen)) else {
      return nil
    }
    guard known.kind == .message else { return amend(known, by: message, at: now) }
    var transition = Transition(known)
    transition.callback.repeatCalls += 1
    transition.callback.endSnooze()
    transition.append(Event(at: now, actor: .service(message.service), .repeatCall))
    for note in message.notes { transition.append(Event(at: now, .noted, text: note)) }
    if NameIndex.key(known.message.patient ?? "").isEmpty, let patient = message.patient {
      // From now on it is this patient's, and another patient on the number is another call.
      transition.callback.message.patient = patient
      transition.append(Event(at: now, .noted, text: "This call names the patient; the one before did not."))
    }
    raise(
      to: max(known.urgency.raised(by: office.repeatCaller.raise), message.urgency), reason: .repeatCall,
      in: &transition, at: now)
    hasten(by: message, in: &transition, at: now)
    tellOwner(.repeatCall, event: .announced, in: &transition, at: now)
    if message.to != nil { tellNamed(by: message, .repeatCall, in: &transition, at: now) }
    runClocks(of: &transition, at: now)
    return Admittance(transition, part: .repeatCall)
  }

  /// The one callback that this caller can mean: that of the same patient, or, where one side gives none, the only one.
  private func sameCaller(of message: Message, among open: [Callback]) -> Callback? {
    if let same = open.first(where: { message.hasPatient(of: $0.message) }) { return same }
    let possible = open.filter { message.isSamePatient(as: $0.message) }
    let patients = Set(possible.map { NameIndex.key($0.message.patient ?? "") })
    return patients.count == 1 ? possible.first : nil
  }

  /// This time the message names somebody else: whoever that is must know.
  private func tellNamed(
    by message: Message, _ reason: Notice.Reason, in transition: inout Transition, at now: Date
  ) {
    let target = recipient(of: message)
    guard target.id != transition.callback.recipient, target.id != transition.callback.owner else { return }
    for note in target.notes { transition.append(Event(at: now, .noted, text: note)) }
    for person in office.people(for: target.id, at: now) { transition.tell(person.id, reason, at: now) }
    tellOfUnknown(target.notes, in: &transition, at: now)
  }

  // MARK: - A callback of its own

  /// A new callback, linked with what has to do with it: another patient on the same number, or one that was closed.
  func begin(_ message: Message, _ related: Related, at now: Date) -> Admittance {
    let sameRef = related.sameRef.filter { message.agrees(with: $0.message) }
    let rest = related.sameNumber.filter { known in !sameRef.contains { $0.id == known.id } }
    let closed = message.withdrawn ? nil : rest.first { !$0.isOpen && message.isSamePatient(as: $0.message) }
    var linked = (sameRef.first.map { [$0] } ?? []) + rest.filter(\.isOpen)
    if let closed { linked.append(closed) }

    var transition = begin(
      message, raisedBy: closed == nil ? 0 : office.repeatCaller.raise, notes: notes(of: message, related), at: now)
    for known in linked { transition.append(Event(at: now, .linked, other: known.id)) }
    if let closed { tellCloser(of: closed, in: &transition, at: now) }
    return Admittance(transition, others: linked.map { link($0, isSameCaller: $0.id == closed?.id, at: now) })
  }

  private func notes(of message: Message, _ related: Related) -> [String] {
    var notes: [String] = []
    if message.withdrawn { notes.append("It says that the call was withdrawn, but none with its Ref is known.") }
    if let used = related.sameRef.first, !message.withdrawn,
      !related.sameRef.contains(where: { message.agrees(with: $0.message) })
    {
      notes.append("Ref reused: callback \(used.id) has it too, with another number and caller.")
    }
    return notes
  }

  private func link(_ known: Callback, isSameCaller: Bool, at now: Date) -> Transition {
    Transition(
      known, events: [Event(at: now, isSameCaller ? .rangAgain : .linked, other: Event.newCallback)])
  }

  /// Whoever closed the callback before, and the fallback, hear that the caller rang again.
  private func tellCloser(of closed: Callback, in transition: inout Transition, at now: Date) {
    for id in [closed.closedBy, office.fallback].compactMap(\.self) {
      for person in office.people(for: id, at: now) {
        transition.tell(person.id, .rangAgain, at: now)
      }
    }
  }

  // MARK: - What follows

  /// Raises the urgency: the steps begin anew, by the policy of that urgency, and no clock runs longer than by it.
  private func raise(
    to urgency: Urgency, reason: Notice.Reason, in transition: inout Transition, at now: Date
  ) {
    guard urgency > transition.callback.urgency else { return }
    transition.callback.urgency = urgency
    transition.callback.nextStep = 0
    transition.callback.repeatAt = nil
    if transition.callback.owner == nil {
      let fresh = ownBy(from: now, for: transition.callback)
      transition.callback.ownBy = min(transition.callback.ownBy ?? fresh, fresh)
    }
    transition.callback = corrected(transition.callback, at: now)
    transition.callback.remindersDone = remindersPast(of: transition.callback, at: now)
    transition.append(Event(at: now, .raised, urgency: urgency))
    // Those whom this urgency's policy tells at once.
    for person in people(named: policy(of: transition.callback).announce, for: transition.callback, at: now) {
      transition.tell(person.id, reason, at: now)
    }
  }

  /// Brings the deadline forward, where this message makes it sooner. Never back.
  private func hasten(by message: Message, in transition: inout Transition, at now: Date) {
    let due = due(for: message, urgency: transition.callback.urgency)
    for note in due.notes { transition.append(Event(at: now, .noted, text: note)) }
    guard due.at < transition.callback.dueAt else { return }
    transition.callback.dueAt = due.at
    transition.callback.dueBasis = due.basis
    transition.callback.endSnooze()
    transition.callback.sooner(\.ownBy, due.at)
    transition.callback = corrected(transition.callback, at: now)
    transition.callback.remindersDone = remindersPast(of: transition.callback, at: now)
    transition.append(Event(at: now, .dueSooner, until: due.at))
  }

  /// The service names another recipient: where nobody has it yet, that one owes the call.
  private func redirect(to message: Message, in transition: inout Transition, at now: Date) {
    guard transition.callback.owner == nil else {
      tellNamed(by: message, .amended, in: &transition, at: now)
      return
    }
    let target = recipient(of: message)
    guard target.id != transition.callback.recipient else { return }
    for note in target.notes { transition.append(Event(at: now, .noted, text: note)) }
    tellOwner(.amended, event: .announced, in: &transition, at: now)
    transition.callback.recipient = target.id
    transition.append(Event(at: now, actor: .service(message.service), .assigned, person: target.id))
    tellOfUnknown(target.notes, in: &transition, at: now)
  }
}
