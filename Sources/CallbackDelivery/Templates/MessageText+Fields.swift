import CallbackRules

extension MessageText {
  /// All that a template may say of the message, each alone and all of them as `facts`.
  var fields: Fields {
    var fields = Fields()
    fields.set("callback", line: message.callback?.written)
    fields.set("dial", line: dial)
    fields.set("caller", line: message.caller)
    fields.set("relationship", line: message.relationship)
    fields.set("patient", line: message.patient)
    fields.set("date_of_birth", line: message.dateOfBirth)
    fields.set("regarding", line: message.regarding)
    fields.set("language", line: message.language)
    fields.set("voicemail", message.voicemailAllowed)
    fields.set("reachable_until", line: message.reachableUntil.map(time))
    fields.set("promised", line: message.promisedAt.map(time))
    fields.set("to", line: message.to)
    fields.set("unknown_account", line: message.unknownAccount)
    fields.set("operator", line: message.operatorName)
    fields.set("ref", line: message.ref)
    fields.set("problem", line: message.problem)
    fields.set("withdrawn", message.withdrawn)
    fields.set("body", lines: message.body)
    fields.set(
      "facts",
      facts.map { fact in
        var fields = Fields()
        fields.set("name", line: fact.name)
        fields.set("value", line: fact.value)
        return fields
      })
    return fields
  }

  /// The number as a `tel:` link has it (RFC 3966, global number); nil if there are no digits to dial.
  private var dial: String? {
    // The longest number there is (ITU-T E.164) has fifteen.
    guard let digits = message.callback?.digits, (3...15).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return "+\(digits)"
  }
}
