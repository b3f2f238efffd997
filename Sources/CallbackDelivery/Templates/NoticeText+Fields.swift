import CallbackConfiguration
import CallbackRules

extension NoticeText {
  /// All that a template may say of it.
  ///
  /// - Parameter message: what is to be said of the message; nil for nothing.
  func fields(message: MessageText?) -> Fields {
    var fields = Fields()
    fields.set("number", line: String(number))
    fields.set("todo", line: todo)
    fields.set("deadline", line: deadline)
    fields.set("lateness", line: lateness)
    fields.set("about_answer", line: ofAnswer)
    fields.set("overdue", isOverdue && callback.isOpen)
    fields.set("closed", !callback.isOpen)
    fields.set("due", line: time(callback.dueAt))
    fields.set("urgency", line: callback.urgency.name)
    for urgency in Urgency.allCases { fields.set("is_\(urgency.name)", callback.urgency == urgency) }
    fields.set("reason", line: reason.rawValue)
    for each in Notice.Reason.allCases { fields.set("is_\(each.fieldName)", reason == each) }
    fields.set("unreadable", callback.kind == .unreadable)
    fields.set("missing", callback.kind == .missing)
    fields.set("account", line: account)
    fields.set("recipient", line: callback.recipient == item.notice.person ? nil : name(callback.recipient))
    fields.set("owner", line: owner)
    fields.set("yours", isMine)
    fields.set("state", line: state)
    fields.set("attempts", line: String(callback.attempts))
    fields.set("calls", line: callback.repeatCalls > 0 ? String(calls) : nil)
    fields.set("taken", line: time(callback.message.takenAt))
    fields.set("service_phone", line: service?.phone)
    fields.set("quote", line: message == nil && missing == nil && callback.isOpen ? quote : nil)
    fields.set("show", line: show)
    fields.set("line", line: line)
    fields.set("details", line: details)
    answers.fill(&fields)
    fields.set(Fields.message, message?.fields)
    return fields
  }

  /// By what the service knows the message, without a word of the patient: `callback 12, for riverside, taken Mon 23 Nov
  /// 13:55`.
  ///
  /// The callback's number stands on the service's receipt; account and time are how every desk looks calls up. Its own Ref
  /// may be made of names, so it is quoted only where the office says that the service counts, and then its digits alone.
  private var quote: String {
    let message = callback.message
    var words = ["callback \(number)"]
    if let service, service.refsWithin != nil, let ref = message.ref.flatMap({ RefNumber($0) }) {
      words.append("message \(ref.digits)")
    }
    if let account = message.account { words.append("for \(account)") }
    words.append("taken \(time(message.takenAt))")
    return words.joined(separator: ", ")
  }
}

extension RefNumber {
  /// As it is written, without what stands before.
  fileprivate var digits: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension Notice.Reason {
  fileprivate var fieldName: String { rawValue.split(separator: "-").joined(separator: "_") }
}

extension Alarm.Kind {
  var fieldName: String { rawValue.split(separator: "-").joined(separator: "_") }
}
