import CallbackRules

/// What to do, and why this person is told.
extension NoticeText {
  var action: String {
    if let missing { return "Please \(missing)\(reason == .withdrawn ? ", or close it with a reason" : "")" }
    let ring =
      switch reason {
      case .retry: "Please ring the caller again"
      case .amended: "Please read the message again, then ring the caller back"
      case .withdrawn: "Please ring the caller back, or close callback \(number) with a reason"
      default: "Please ring the caller back"
      }
    if isMine || reason == .assigned { return ring }
    if let owner { return "\(ring), or see that \(owner) does" }
    switch reason {
    case .announce, .reminder, .retry, .notFinished, .reopened, .wrongNumber, .assigned, .repeatCall, .amended,
      .withdrawn, .handOff:
      return ring
    case .notOwned, .step, .unknownName, .rangAgain, .snoozed, .nobodyElse, .answerUnclear, .answerRefused,
      .closedByMail:
      return "\(ring), or see that somebody does"
    }
  }

  /// `you have it`, `Dr. Chen has it`, `nobody has it`.
  var holder: String { isMine ? "you have it" : "\(owner ?? "nobody") has it" }

  /// Why this person is told; nil where the action says all there is to say.
  var situation: String? {
    // Where the action has named it, it need not be named again.
    let it = missing == nil ? "callback \(number)" : "it"
    let caller = missing == nil ? "the caller of callback \(number)" : "the caller"
    switch reason {
    case .announce: return missing == nil ? "\(it) is new" : nil
    case .reminder: return "\(it) is \(isOverdue ? "overdue" : "due soon"), and \(holder)"
    case .retry: return missing == nil ? "it is time for the next try at \(it)" : "it is time for the next try"
    case .notOwned: return owner == nil ? "nobody has taken \(it) yet" : "\(it) was not taken in time; \(holder) now"
    case .notFinished:
      if isMine { return "you took \(it) and it is not finished" }
      return owner.map { "\($0) took \(it) and has not finished it" } ?? "\(it) is not finished"
    case .step: return "\(it) is \(isOverdue ? "overdue" : "not finished yet"), and \(holder)"
    case .reopened: return "\(it) was opened again"
    case .wrongNumber:
      return owner == nil || isMine ? "the number given is wrong" : "the number given is wrong, and \(holder)"
    case .unknownName: return "\(it) names a person or an account that is not known here"
    case .assigned: return "\(it) was given to \(receiver)\(isMine ? "" : ", and \(holder)")"
    case .repeatCall: return "\(caller) \(rang), and \(holder)"
    case .rangAgain: return "\(caller) rang again after an earlier callback was closed, and \(holder)"
    case .amended: return "the service changed \(it), and \(holder)"
    case .withdrawn: return "the service says that the caller no longer wants a call"
    case .handOff: return "you are on call, \(it) is \(isOverdue ? "overdue" : "open"), and \(holder)"
    case .snoozed: return snooze(of: it)
    case .nobodyElse: return "nobody else could be told of \(it) and \(holder)"
    case .answerUnclear: return "your answer about \(it) is kept as a note, and \(holder)"
    case .answerRefused: return "your answer about \(it) was not carried out, and \(holder)"
    case .closedByMail: return "\(it) was closed by mail"
    }
  }

  /// What there is to say of an answer; nil where the notice is of none.
  var ofAnswer: String? {
    switch reason {
    case .answerUnclear, .answerRefused, .closedByMail: item.notice.text.map { VisibleText($0).line }
    default: nil
    }
  }

  /// The same in a few words, which the holder follows.
  var shortSituation: String? {
    switch reason {
    case .announce: "new"
    case .reminder: "reminder"
    case .retry: "time for the next try"
    case .notOwned: "not taken in time"
    case .notFinished: "not finished in time"
    case .step: callback.recipient == item.notice.person || isMine ? "yours to answer" : "escalated to you"
    case .reopened: "opened again"
    case .wrongNumber: nil
    case .unknownName: "names a person or an account not known here"
    case .assigned: "given to \(receiver)"
    case .repeatCall: "the caller \(rang)"
    case .rangAgain: "the caller rang again after an earlier callback was closed"
    case .amended: "changed by the service"
    case .withdrawn: "the caller no longer wants a call: ring back, or close it with a reason"
    case .handOff: "on your shift"
    case .snoozed: "put off past its deadline"
    case .nobodyElse: "nobody else could be told"
    case .answerUnclear: "your answer is kept as a note"
    case .answerRefused:
      "your answer was not carried out: \(item.notice.text.map { VisibleText($0).line } ?? "see its history")"
    case .closedByMail: "closed by mail"
    }
  }

  private var rang: String {
    callback.repeatCalls > 0 ? "has rung \(Quantity.text(calls)) times" : "rang again"
  }

  private var receiver: String { callback.recipient == item.notice.person ? "you" : name(callback.recipient) }

  private func snooze(of it: String) -> String {
    let until = callback.snoozedUntil.map { " until \(time($0))," } ?? ""
    if isMine { return "you put \(it) off\(until) past its deadline" }
    return owner.map { "\($0) put \(it) off\(until) past its deadline" }
      ?? "\(it) was put off past its deadline, and \(holder)"
  }

  // MARK: What can't be rung

  /// What must be asked of the service before anybody can ring; nil if nothing.
  var missing: String? {
    let what: String
    if callback.kind == .unreadable {
      what = "the message, which could not be read"
    } else if callback.kind == .missing {
      what = "\(missingMessages), which did not come in"
    } else if reason == .wrongNumber {
      what = "the right number"
    } else if callback.message.callback?.digits.isEmpty ?? true {
      what = "the number to ring"
    } else {
      return nil
    }
    return "phone the service\(servicePhone), quote callback \(number) and ask for \(what)"
  }

  /// The same in a few words.
  var shortlyMissing: String? {
    guard missing != nil else { return nil }
    let what =
      switch callback.kind {
      case .unreadable: "not readable"
      case .missing: "\(missingMessages) missing"
      case .message: reason == .wrongNumber ? "wrong number" : "no number"
      }
    return "\(what): phone the service\(servicePhone)"
  }

  /// `messages 43 to 45`: callbackd's own words, never a message's.
  private var missingMessages: String { VisibleText(callback.message.regarding ?? "messages").line }

  /// ` at +1 555 010 9000`; nothing where none is known.
  private var servicePhone: String { service.map { " at \(VisibleText($0.phone).line)" } ?? "" }

  /// Whom to ask about it.
  var service: Service? { NotificationRecord.service(of: callback, office: office) }
}
