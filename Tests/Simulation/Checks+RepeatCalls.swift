import CallbackRules
import Foundation

/// What must hold when a message comes in that may belong to a callback that is there.
extension Check where Subject == Deed {
  static let ofRepeatCalls = [repeatCallIsOfThisPatient, repeatCallMakesItMoreUrgent, sameCallerJoins]

  private static let repeatCallIsOfThisPatient = Check("another patient's call is a callback of its own") { deed in
    guard case .message(let message, _, .repeatCall) = deed.entry.origin, let before = deed.before else { return nil }
    guard let patient = message.patient, let known = before.message.patient, patient != known else {
      return nil
    }
    return "\(patient) joined the callback of \(known)"
  }

  private static let repeatCallMakesItMoreUrgent = Check("a repeat call counts, raises, and ends the snooze") { deed in
    guard case .message(let message, _, .repeatCall) = deed.entry.origin, let before = deed.before else {
      return nil
    }
    let after = deed.after.callback
    let raised = Urgency(rawValue: before.urgency.rawValue + deed.office.repeatCaller.raise) ?? .emergency
    if after.repeatCalls != before.repeatCalls + 1 { return "it counts \(after.repeatCalls)" }
    if after.urgency < max(raised, message.urgency) { return "it is only \(after.urgency)" }
    if after.snoozedUntil != nil { return "it is still snoozed" }
    if !deed.has(.repeatCall) { return "the history does not say so" }
    return deed.notices.isEmpty && deed.somebodyIsThere ? "nobody is told" : nil
  }

  /// By the ledger, which keeps who rang in another way than the store does.
  private static let sameCallerJoins = Check("the same caller joins the open callback") { deed in
    guard case .message(let message, _, .first) = deed.entry.origin, deed.before == nil, message.problem == nil,
      !message.withdrawn, let patient = message.patient, let digits = message.callback?.digits
    else { return nil }
    let ledger = deed.ledger
    let since = max(ledger.clock.real - deed.office.repeatCaller.within.seconds, ledger.clockSetAt)
    let known = ledger.open.first { kept in
      let other = kept.callback
      return other.id != deed.after.callback.id && other.message.account == message.account
        && other.message.callback?.digits == digits && other.message.patient == patient
        && kept.callback.kind == .message
        && (kept.rangAt ?? .min) > since
    }
    return known.map { "callback \($0.callback.id) is open for \(patient)" }
  }
}
