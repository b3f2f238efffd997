import CallbackRules
import Foundation

/// The words of a notice about one callback, without a word of the patient: for somebody woken by a phone.
struct NoticeText {
  let item: OutgoingNotice.Item
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let now: Date
  /// Whether it can be answered by replying to the mail.
  var byReply = false

  var callback: Callback { item.callback }
  var number: Int64 { callback.id }
  var reason: Notice.Reason { item.notice.reason }
  var isMine: Bool { callback.owner == item.notice.person }
  var owner: String? { callback.owner.map(name) }
  var isOverdue: Bool { now >= callback.dueAt }

  func name(_ id: String) -> String { VisibleText(office.displayName(of: id)).line }

  var account: String {
    callback.message.account.map { VisibleText($0).line } ?? "account not known"
  }

  /// `overdue by 10 min`, `due in 2 h`, `due now`, `closed`.
  var lateness: String {
    guard callback.isOpen else { return "closed" }
    let seconds = LocalTime.seconds(from: callback.dueAt, to: now)
    guard let span = LocalTime.span(seconds: abs(seconds)) else { return "due now" }
    return seconds < 0 ? "due in \(span)" : "overdue by \(span)"
  }

  /// What to do, and why.
  var todo: String {
    guard callback.isOpen else {
      let what = reason == .answerRefused ? "Your answer was not carried out" : "Nothing to do"
      return "\(what): callback \(number) is closed."
    }
    return "\(action)\(situation.map { ": " + $0 } ?? "")."
  }

  /// Its line in a digest, behind number and lateness: `urgent, riverside, not taken in time; nobody has it`.
  var details: String { standing(late: nil) }

  /// Its line in a digest: `12: urgent, overdue by 10 min, riverside, not taken in time; nobody has it`.
  var line: String { "\(number): \(standing(late: lateness))" }

  private func standing(late: String?) -> String {
    let facts = [callback.urgency.name, late, account, shortSituation, shortlyMissing].compactMap(\.self)
    return "\(facts.joined(separator: ", "))\(callback.isOpen ? "; \(holder)" : "")"
  }

  // MARK: By when

  var deadline: String {
    let zone = office.zone(ofAccount: callback.message.account)
    let place = zone == office.zone ? "" : " (\(zone.name))"
    let time = LocalTime.short(callback.dueAt, zone: zone) + place
    guard callback.isOpen else {
      let closed = callback.closedAt.map { "It was closed \(LocalTime.short($0, zone: zone)); the" } ?? "The"
      return "\(closed) deadline was \(time)."
    }
    let seconds = LocalTime.seconds(from: callback.dueAt, to: now)
    guard let span = LocalTime.span(seconds: abs(seconds)) else { return "It is due now: \(time)." }
    return seconds < 0 ? "By \(time), in \(span)." : "It was due \(time), \(span) ago."
  }

  /// ` on front-desk`; nothing for a host without a name.
  static func on(_ host: String) -> String {
    let name = VisibleText(host).line
    return name.isEmpty ? "" : " on \(name)"
  }

  // MARK: The facts

  var state: String {
    guard callback.isOpen else { return "closed" }
    let has = "\(owner ?? "nobody") has it"
    let snoozed = callback.snoozedUntil.map { "snoozed until \(time($0))" }
    let next = callback.retryAt.map { "next try \(time($0))" }
    return [has, snoozed, next].compactMap(\.self).joined(separator: ", ")
  }

  /// How often the caller has rung.
  var calls: Int { callback.repeatCalls + 1 }

  func time(_ moment: Date) -> String {
    LocalTime.short(moment, zone: office.zone(ofAccount: callback.message.account))
  }
}
