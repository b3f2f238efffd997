import CallbackRules
import Foundation

/// The words of a notice, without a word of the patient: for somebody woken by a phone.
struct NoticeText {
  let item: OutgoingNotice
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let now: Date

  private var callback: Callback { item.callback }
  private var number: Int64 { callback.id }
  private var isMine: Bool { callback.owner == item.notice.person }
  private var owner: String? { callback.owner.map { VisibleText(office.displayName(of: $0)).line } }
  private var isOverdue: Bool { now >= callback.dueAt }

  private var account: String {
    callback.message.account.map { VisibleText($0).line } ?? "account not known"
  }

  /// `Callback 12: overdue by 10 min, urgent, riverside`.
  var subject: String {
    "Callback \(number): \(callback.isOpen ? lateness : "closed"), \(callback.urgency.name), \(account)"
  }

  private var lateness: String {
    let seconds = LocalTime.seconds(from: callback.dueAt, to: now)
    guard let span = LocalTime.span(seconds: abs(seconds)) else { return "due now" }
    return seconds < 0 ? "due in \(span)" : "overdue by \(span)"
  }

  /// Three lines: what to do, by when, how to answer.
  var opening: String {
    guard callback.isOpen else {
      return "Nothing to do: callback \(number) is closed.\n\(deadline)\nTo see it: callbackctl show \(number)\(onHost)"
    }
    let why = situation.map { ": " + $0 } ?? ""
    return "\(action)\(why).\n\(deadline)\n\(answers)"
  }

  // MARK: What to do

  private var action: String {
    if let missing { return "Please \(missing)" }
    let again = item.notice.reason == .retry ? "again" : "back"
    let ring = "Please ring the caller \(again)"
    if isMine { return ring }
    if let owner { return "\(ring), or see that \(owner) does" }
    switch item.notice.reason {
    case .announce, .reminder, .retry, .notFinished, .reopened, .wrongNumber, .assigned, .repeatCall, .amended,
      .withdrawn, .handOff:
      return ring
    case .notOwned, .step, .unknownName, .rangAgain, .snoozed, .nobodyElse: return "\(ring), or see that somebody does"
    }
  }

  /// What must be asked of the service before anybody can ring; nil if nothing.
  private var missing: String? {
    let what: String
    if callback.kind == .unreadable {
      what = "the message, which could not be read"
    } else if item.notice.reason == .wrongNumber {
      what = "the right number"
    } else if callback.message.callback?.digits.isEmpty ?? true {
      what = "the number to ring"
    } else {
      return nil
    }
    let place = servicePhone.map { " at \($0)" } ?? ""
    return "phone the service\(place), quote callback \(number) and ask for \(what)"
  }

  private var servicePhone: String? {
    NotificationRecord.service(of: callback, office: office).map { VisibleText($0.phone).line }
  }

  /// Why this person is told; nil where the action says all there is to say.
  private var situation: String? {
    // Where the action has named it, it need not be named again.
    let it = missing == nil ? "callback \(number)" : "it"
    let holder = isMine ? "you have it" : owner.map { "\($0) has it" } ?? "nobody has it"
    switch item.notice.reason {
    case .announce: return missing == nil ? "\(it) is new" : nil
    case .reminder: return "\(it) is due soon, and \(holder)"
    case .retry: return missing == nil ? "it is time for the next try at \(it)" : "it is time for the next try"
    case .notOwned: return owner == nil ? "nobody has taken \(it) yet" : "\(it) was not taken in time; \(holder) now"
    case .notFinished:
      if isMine { return "you took \(it) and it is not finished" }
      return owner.map { "\($0) took \(it) and has not finished it" } ?? "\(it) is not finished"
    case .step: return "\(it) is \(isOverdue ? "overdue" : "not finished yet"), and \(holder)"
    case .reopened: return "\(it) was opened again"
    case .wrongNumber: return "the number given is wrong"
    case .unknownName: return "\(it) names a person or an account that is not known here"
    case .assigned: return "\(it) was given to you"
    case .repeatCall: return "the caller of \(it) rang again"
    case .rangAgain: return "the caller rang again after \(it) was closed"
    case .amended: return "the service changed \(it)"
    case .withdrawn: return "the service says the caller of \(it) no longer wants a call"
    case .handOff: return "you are on call, and \(it) is open"
    case .snoozed: return "\(owner ?? "its owner") put \(it) off past its deadline"
    case .nobodyElse: return "nobody else could be told of \(it) and \(holder)"
    }
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
    let done = "callbackctl done \(number) (reached)"
    if isMine { return "Answer\(onHost): \(done), callbackctl attempt \(number) no-answer" }
    let take = callback.owner == nil ? "" : " --take"
    return "Answer\(onHost): callbackctl ack \(number)\(take) (I have it), \(done)"
  }

  private var onHost: String {
    let name = VisibleText(host).line
    return name.isEmpty ? "" : " on \(name)"
  }

  // MARK: The facts

  /// What else may be said, a line each.
  var facts: String {
    let state =
      switch callback.state {
      case .open: "nobody has it"
      case .owned, .retrying: "\(owner ?? "nobody") has it\(nextTry)"
      case .closed: "closed"
      }
    return """
      Callback: \(number)
      Urgency:  \(callback.urgency.name)
      Account:  \(account)
      State:    \(state)
      Attempts: \(callback.attempts)
      Message:  callbackctl show \(number)
      """
  }

  private var nextTry: String {
    guard let retryAt = callback.retryAt else { return "" }
    let zone = office.zone(ofAccount: callback.message.account)
    return ", next try \(LocalTime.short(retryAt, zone: zone))"
  }
}
