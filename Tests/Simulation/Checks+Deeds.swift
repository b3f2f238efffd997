import CallbackRules
import Foundation

/// What must hold for each change of a callback.
extension Check where Subject == Deed {
  static let ofDeeds =
    [
      startsFromWhatWasStored, dueIsNeverLater, finishIsNeverLater, clocksBegin, urgencyIsNeverLower, onlyPeopleClose,
      triesLeaveOpen,
      unreadableIsACallback, nobodyMeansSomebodyElse, clocksTellSomebody, historySaysAll, noticesStandInHistory,
      onePersonOneNotice, noPatientText,
    ] + ofRepeatCalls + ofQuietHours

  private static let startsFromWhatWasStored = Check("the store gives back what was committed") { deed in
    guard let before = deed.before, let read = deed.entry.before, before != read else { return nil }
    return "committed \(before), read \(read)"
  }

  // MARK: - Promise 4

  private static let dueIsNeverLater = Check("the deadline never moves later") { deed in
    guard let before = deed.before, before.dueAt < deed.after.callback.dueAt else { return nil }
    return "from \(Trace.text(before.dueAt)) to \(Trace.text(deed.after.callback.dueAt))"
  }

  private static let finishIsNeverLater = Check("the first acknowledgement says until when to finish") { deed in
    guard let limit = deed.finishLimit, deed.before?.ownedAt != nil,
      deed.after.callback.ownedAt != nil,
      let finishBy = deed.after.callback.finishBy, finishBy > limit
    else { return nil }
    return "from \(Trace.text(limit)) to \(Trace.text(finishBy))"
  }

  private static let clocksBegin = Check("whoever has it, and whoever has to have it, is on the clock") { deed in
    let callback = deed.after.callback
    guard callback.isOpen else { return nil }
    if callback.ownedAt != nil, deed.before?.ownedAt == nil, callback.finishBy == nil, !deed.has(.notFinished) {
      return "nothing says until when \(callback.owner ?? "nobody") has to finish"
    }
    let isFree = callback.owner == nil && (deed.before.map { $0.owner != nil || !$0.isOpen } ?? true)
    if isFree, callback.ownBy == nil, !deed.has(.notOwned) { return "nothing says until when somebody has to have it" }
    return nil
  }

  private static let urgencyIsNeverLower = Check("the urgency never becomes lower") { deed in
    guard let before = deed.before, before.urgency > deed.after.callback.urgency else { return nil }
    return "from \(before.urgency) to \(deed.after.callback.urgency)"
  }

  // MARK: - Promise 5

  private static let onlyPeopleClose = Check("only a person's outcome closes") { deed in
    guard let before = deed.before, before.isOpen, !deed.after.callback.isOpen else { return nil }
    guard let closing = deed.events.last(where: { $0.kind == .closed }), let person = closing.actor.personId else {
      return "no person's event closed it"
    }
    guard deed.office.people[person]?.active == true else { return "\(person) is not an active person" }
    guard deed.after.callback.closedBy == person else { return "closed by \(person), which it does not say" }
    return deed.has(.reached, .declined) || closing.text?.isEmpty == false ? nil : "without outcome or reason"
  }

  private static let triesLeaveOpen = Check("a try that reached nobody is followed by another") { deed in
    guard deed.has(.voicemail, .noAnswer, .busy, .wrongNumber) else { return nil }
    guard deed.after.callback.isOpen else { return "it is closed" }
    guard let retryAt = deed.after.callback.retryAt else { return "no further try is planned" }
    return retryAt > deed.now ? nil : "the further try is at \(Trace.text(retryAt))"
  }

  // MARK: - Promises 2 and 6

  private static let unreadableIsACallback = Check("an unreadable message is a callback with a deadline") { deed in
    guard case .message(let message, _, let part) = deed.entry.origin, message.problem != nil else { return nil }
    let callback = deed.after.callback
    guard part == .first, callback.kind == .unreadable, callback.isOpen else {
      return "it is \(part), \(callback.kind)"
    }
    return callback.wakeAt == nil ? "it will not wake" : nil
  }

  private static let nobodyMeansSomebodyElse = Check("where nobody can be told, somebody else is at once") { deed in
    guard deed.has(.nobodyToTell), deed.notices.isEmpty, deed.somebodyIsThere else { return nil }
    // The fallback itself may just have been refused: then before long again.
    let isTriedAgain = deed.after.callback.repeatAt.map { $0 <= deed.now.addingTimeInterval(900) } ?? false
    return deed.has(.deliveryFailed, .notTold) && isTriedAgain ? nil : "nobody is told"
  }

  private static let clocksTellSomebody = Check("what a clock demands is told to somebody") { deed in
    guard deed.after.callback.isOpen, deed.somebodyIsThere, deed.notices.isEmpty else { return nil }
    let isSnoozed = deed.after.callback.snoozedUntil.map { $0 > deed.now } ?? false
    let isTold =
      deed.has(
        .notOwned, .notFinished, .stepTaken, .repeated, .retryDue, .reminded, .reopened, .handedOver, .announced,
        .repeatCall)
      || (deed.has(.overdue) && !isSnoozed)
    return isTold ? "nobody is told" : nil
  }

  // MARK: - Promise 7

  private static let historySaysAll = Check("the history says everything") { deed in
    let told = Replay(of: deed.after.callback)
    guard deed.after.replay != told else { return nil }
    return "the history says \(deed.after.replay), the callback \(told)"
  }

  private static let noticesStandInHistory = Check("every notice stands in the history") { deed in
    let untold = deed.notices.first { notice in !deed.events.contains { $0.person == notice.person } }
    return untold.map { "no event says that \($0.person) is told (\($0.reason.rawValue))" }
  }

  // MARK: - Notices

  private static let onePersonOneNotice = Check("a person is told once at one moment") { deed in
    guard case .clock = deed.entry.origin else {
      return Set(deed.notices.map(\.person)).count == deed.notices.count ? nil : "told twice"
    }
    let again = deed.notices.first { notice in
      // Two rotations may change at one moment; one mail tells both.
      let isOtherRotation = notice.reason == .handOff && deed.office.rotations.count > 1
      return !isOtherRotation && deed.toldBefore.contains(notice.person)
    }
    return again.map { "\($0.person) is told again (\($0.reason.rawValue))" }
  }

  // MARK: - Promise 9

  private static let noPatientText = Check("no event that may be logged holds a patient's words") { deed in
    let quoting: [Event.Kind] = [.note, .closed, .answered, .answerRefused]
    for event in deed.events where !quoting.contains(event.kind) {
      guard let text = event.text else { continue }
      if let word = Calls.patientWords.first(where: text.contains) { return "\(event.kind) holds “\(word)”" }
    }
    return nil
  }
}
