import CallbackRules
import Foundation

/// The words of a notice about one callback, without a word of the patient: for somebody woken by a phone.
struct NoticeText {
  let item: OutgoingNotice.Item
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let now: Date

  var callback: Callback { item.callback }
  var number: Int64 { callback.id }
  var reason: Notice.Reason { item.notice.reason }
  var isMine: Bool { callback.owner == item.notice.person }
  var owner: String? { callback.owner.map(name) }
  var isOverdue: Bool { now >= callback.dueAt }

  func name(_ id: String) -> String { VisibleText(office.displayName(of: id)).line }

  private var account: String {
    callback.message.account.map { VisibleText($0).line } ?? "account not known"
  }

  /// `Callback 12: overdue by 10 min, urgent, riverside`.
  var subject: String {
    "Callback \(number): \(lateness), \(callback.urgency.name), \(account)"
  }

  /// `overdue by 10 min`, `due in 2 h`, `due now`, `closed`.
  var lateness: String {
    guard callback.isOpen else { return "closed" }
    let seconds = LocalTime.seconds(from: callback.dueAt, to: now)
    guard let span = LocalTime.span(seconds: abs(seconds)) else { return "due now" }
    return seconds < 0 ? "due in \(span)" : "overdue by \(span)"
  }

  /// Three lines: what to do, by when, how to answer.
  var opening: String {
    let tail = ofAnswer.map { "\n\n" + $0 } ?? ""
    guard callback.isOpen else {
      let what = reason == .answerRefused ? "Your answer was not carried out" : "Nothing to do"
      return
        "\(what): callback \(number) is closed.\n\(deadline)\nTo see it: callbackctl show \(number)\(onHost)\(tail)"
    }
    let why = situation.map { ": " + $0 } ?? ""
    return "\(action)\(why).\n\(deadline)\n\(answers)\(tail)"
  }

  /// Its line in a digest: `12: urgent, overdue by 10 min, riverside, not taken in time; nobody has it`.
  var line: String {
    let facts = [callback.urgency.name, lateness, account, shortSituation, shortlyMissing].compactMap(\.self)
    return "\(number): \(facts.joined(separator: ", "))\(callback.isOpen ? "; \(holder)" : "")"
  }

  // MARK: By when, and how to answer

  private var deadline: String {
    let zone = office.zone(ofAccount: callback.message.account)
    let place = zone == office.zone ? "" : " (\(zone.name))"
    let time = LocalTime.short(callback.dueAt, zone: zone) + place
    let seconds = LocalTime.seconds(from: callback.dueAt, to: now)
    guard let span = LocalTime.span(seconds: abs(seconds)) else { return "It is due now: \(time)." }
    return seconds < 0 ? "By \(time), in \(span)." : "It was due \(time), \(span) ago."
  }

  private var answers: String {
    var commands: [String] = []
    if reason == .amended { commands.append("callbackctl show \(number) (what it says now)") }
    if !isMine {
      commands.append("callbackctl ack \(number)\(callback.owner == nil ? "" : " --take") (I have it)")
    }
    commands.append("callbackctl done \(number) (reached)")
    if reason == .withdrawn {
      commands.append("callbackctl close \(number) --reason \"withdrawn\" (no call wanted)")
    } else if isMine {
      commands.append("callbackctl attempt \(number) no-answer")
    }
    return "Answer\(onHost): \(commands.joined(separator: ", "))"
  }

  private var onHost: String { Self.on(host) }

  /// ` on front-desk`; nothing for a host without a name.
  static func on(_ host: String) -> String {
    let name = VisibleText(host).line
    return name.isEmpty ? "" : " on \(name)"
  }

  // MARK: The facts

  /// What else may be said, a line each.
  var facts: String {
    var lines = [
      "Callback: \(number)",
      "Urgency:  \(callback.urgency.name)",
      "Account:  \(account)",
    ]
    if callback.recipient != item.notice.person { lines.append("For:      \(name(callback.recipient))") }
    lines += ["State:    \(state)", "Attempts: \(callback.attempts)"]
    if callback.repeatCalls > 0 { lines.append("Calls:    \(calls)") }
    lines.append("Message:  callbackctl show \(number)")
    return lines.joined(separator: "\n")
  }

  private var state: String {
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
