import CallbackConfiguration
import CallbackRules

extension DigestText {
  /// All that a template may say of it.
  func fields(detail: Configuration.Mail.Detail) -> Fields {
    var fields = Fields()
    fields.set("count", line: Quantity.text(count))
    fields.set("late", line: late.map { Quantity.text($0) })
    fields.set("worst", line: worst)
    fields.set("urgency", line: digest.worst.callback.urgency.name)
    fields.set("hand_off", digest.isHandOff)
    fields.set("todo", line: todo)
    fields.set("deadline", line: deadline)
    fields.set("list", line: list)
    answers.fill(&fields)
    fields.set("more", line: rest > 0 ? Quantity.text(rest) : nil)
    let messages = detail == .full ? digest.messages(office: office) : [:]
    fields.set(
      "callbacks",
      digest.listed.map { item in
        let message = messages[item.callback.id]
        var fields = text(of: item).fields(message: message)
        fields.set("elsewhere", detail == .full && message == nil)
        return fields
      })
    let isQuoted = detail == .minimal && digest.items.contains { $0.callback.isOpen }
    fields.set("quote", line: isQuoted ? "the callback's number and its account" : nil)
    fields.set("services", services)
    return fields
  }

  /// Whom to ask about those listed, each once.
  private var services: [Fields] {
    var asked: [Service] = []
    for item in digest.listed {
      guard let service = text(of: item).service, !asked.contains(where: { $0.id == service.id }) else { continue }
      asked.append(service)
    }
    return asked.enumerated().map { index, service in
      var fields = Fields()
      fields.set("first", index == 0)
      fields.set("service", line: service.id)
      fields.set("phone", line: service.phone)
      return fields
    }
  }
}
