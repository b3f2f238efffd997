import Foundation

@testable import CallbackRules

/// What rules may do wrong.
enum Flaw: String, CaseIterable, Sendable {
  case forgetsToWake, wakesTooLate, movesTheDeadlineOnAck, closesOnVoicemail, forgetsWhoIsTold, forgetsWhoElseIsTold,
    mergesPatients,
    keepsWhoIsOffShift, neverRaises, letsASecondAckExtend, neverAsksToFinish, losesAnEvent, losesWhatAPersonDid,
    snoozesForGood, stopsAtARefusal, fallsSilent, lowersUrgency, acceptsTheUnreadable, writesPatientsDown,
    countsNoRepeatCall, closesByItself,
    takesACallForTheSame, wakesTheQuiet, keepsTheUrgentQuiet, keepsTheOverdueQuiet
}

/// The real rules, with one flaw.
struct FlawedRules: RuleBook {
  let rules: Rules
  let flaw: Flaw

  var office: Office { rules.office }

  init(_ flaw: Flaw, office: Office) {
    var office = office
    if flaw == .neverRaises { office.repeatCaller.raise = 0 }
    rules = Rules(office: office)
    self.flaw = flaw
  }

  func admit(_ message: Message, related: Related, at now: Date) -> Admittance {
    var message = message
    if flaw == .mergesPatients, let known = related.sameNumber.first(where: \.isOpen) {
      message.patient = known.message.patient
    }
    if flaw == .acceptsTheUnreadable { message.problem = nil }
    if flaw == .takesACallForTheSame, message.problem == nil, let known = related.sameNumber.first {
      return Admittance(Transition(known, events: [Event(at: now, .receivedAgain)]), part: .again)
    }
    var admittance = rules.admit(message, related: related, at: now)
    let before =
      admittance.part == .first
      ? nil : (related.sameRef + related.sameNumber).first { $0.id == admittance.transition.callback.id }
    admittance.transition = spoiled(admittance.transition, before, at: now)
    if flaw == .lowersUrgency, admittance.part == .amendment { admittance.transition.callback.urgency = .routine }
    if flaw == .countsNoRepeatCall, let before { admittance.transition.callback.repeatCalls = before.repeatCalls }
    return admittance
  }

  func advance(_ callback: Callback, at now: Date) -> Transition {
    var known = callback
    if flaw == .keepsWhoIsOffShift { known.ownedFor = nil }
    var transition = rules.advance(known, at: now)
    if flaw == .keepsWhoIsOffShift { transition.callback.ownedFor = callback.ownedFor }
    return spoiled(transition, callback, at: now)
  }

  func apply(
    _ command: Command, by person: String, login: String?, note: String?, to callback: Callback, at now: Date
  ) throws(Refusal) -> Transition {
    var transition = try rules.apply(command, by: person, login: login, note: note, to: callback, at: now)
    switch (flaw, command) {
    case (.movesTheDeadlineOnAck, .acknowledge): transition.callback.dueAt += 600
    case (.closesOnVoicemail, .attempt(.voicemail)):
      transition.callback.state = .closed
      transition.callback.closedAt = now
      transition.callback.wakeAt = nil
    case (.letsASecondAckExtend, .acknowledge):
      if callback.ownedAt != nil, transition.callback.finishBy != nil {
        transition.callback.finishBy = rules.finishBy(from: now, for: transition.callback)
      }
    case (.snoozesForGood, .snooze):
      transition.callback.snoozedUntil = now + 30 * 86_400
    default: break
    }
    return spoiled(transition, callback, at: now)
  }

  func settle(
    _ outcome: DeliveryOutcome, of notice: Notice, number: Int64, firstTry: Bool, fileProblem: String?,
    othersMayKnow: Bool, on callback: Callback, at now: Date
  ) -> Transition {
    let transition = rules.settle(
      outcome, of: notice, number: number, firstTry: firstTry, fileProblem: fileProblem,
      othersMayKnow: othersMayKnow || flaw == .stopsAtARefusal, on: callback, at: now)
    return spoiled(transition, callback, at: now)
  }

  func missing(_ missing: MissingRefs, at now: Date) -> Transition {
    spoiled(rules.missing(missing, at: now), nil, at: now)
  }

  func handOff(_ handOff: HandOff, of callback: Callback, at now: Date) -> Transition {
    var known = callback
    if flaw == .keepsWhoIsOffShift { known.ownedFor = nil }
    var transition = rules.handOff(handOff, of: known, at: now)
    if flaw == .keepsWhoIsOffShift { transition.callback.ownedFor = callback.ownedFor }
    return spoiled(transition, callback, at: now)
  }

  func answer(_ mail: AnswerMail, to notice: AnsweredNotice, at now: Date) -> AnswerVerdict {
    var verdict = rules.answer(mail, to: notice, at: now)
    verdict.transitions = verdict.transitions.map { transition in
      spoiled(transition, notice.entries.first { $0.callback.id == transition.callback.id }?.callback, at: now)
    }
    return verdict
  }

  func stray(_ mail: AnswerMail?, meaning meant: Callback?, at now: Date) -> AnswerVerdict {
    rules.stray(mail, meaning: meant, at: now)
  }

  // MARK: - Flaws of any transition

  private func spoiled(_ transition: Transition, _ before: Callback?, at now: Date) -> Transition {
    var spoiled = transition
    let hasTaken = transition.events.contains { $0.kind == .stepTaken }
    switch flaw {
    case .forgetsToWake where hasTaken: spoiled.callback.wakeAt = nil
    case .wakesTooLate where hasTaken: spoiled.callback.wakeAt? += 3600
    case .forgetsWhoIsTold where hasTaken: spoiled = transition.with(notices: [])
    case .forgetsWhoElseIsTold where transition.events.contains { $0.kind == .nobodyToTell }:
      spoiled = transition.with(notices: [])
    case .neverAsksToFinish:
      spoiled.callback.finishBy = nil
      spoiled.callback.wakeAt = rules.nextClock(of: spoiled.callback)?.1
    case .losesAnEvent: spoiled = transition.with(events: transition.events.filter { $0.kind != .overdue })
    case .losesWhatAPersonDid: spoiled = transition.with(events: transition.events.filter { $0.kind != .assigned })
    case .fallsSilent where transition.callback.repeatAt != nil && transition.callback.isOpen:
      spoiled.callback.repeatAt = now + 30 * 86_400
      spoiled.callback.wakeAt = rules.nextClock(of: spoiled.callback)?.1
    case .writesPatientsDown:
      let patient = transition.callback.message.patient ?? "nobody"
      spoiled = transition.with(events: transition.events.map { $0.kind == .announced ? $0.saying(patient) : $0 })
    case .wakesTheQuiet:
      spoiled = transition.with(notices: transition.notices.map { $0.waiting(until: nil) })
    case .keepsTheUrgentQuiet where transition.callback.urgency == .urgent,
      .keepsTheOverdueQuiet where transition.callback.overdue && transition.callback.urgency == .routine:
      spoiled = transition.with(
        notices: transition.notices.map { $0.waiting(until: office.quietHoursEnd(of: $0.person, at: now)) })
    case .closesByItself where transition.callback.overdue && transition.callback.isOpen:
      spoiled = Transition(transition.callback, events: transition.events + [Event(at: now, .closed, text: "too late")])
      spoiled.callback.state = .closed
      spoiled.callback.closedAt = now
      spoiled.callback.wakeAt = nil
    default: break
    }
    return spoiled
  }
}

extension Transition {
  fileprivate func with(events: [Event]? = nil, notices: [Notice]? = nil) -> Transition {
    var other = Transition(callback, events: events ?? self.events)
    for notice in notices ?? self.notices { other.notify(notice) }
    return other
  }
}

extension Notice {
  fileprivate func waiting(until time: Date?) -> Notice {
    var notice = self
    notice.notBefore = time
    return notice
  }
}

extension Event {
  fileprivate func saying(_ text: String) -> Event {
    var event = self
    event.text = text
    return event
  }
}
