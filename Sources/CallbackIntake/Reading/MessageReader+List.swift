import CallbackRules

/// A service's list of the messages that it believes it sent.
extension MessageReader {
  /// What only a message has: a mail that is forwarded says `Sent:` too.
  private static let ofMessages: [FieldName] = [
    .callback, .patient, .dateOfBirth, .relationship, .ref, .promised, .reachableUntil, .status,
  ]

  /// The list that these fields are, with its problem if it can't be read; nil: they are a message.
  ///
  /// Of a message, what is called Sent is kept beside the other fields.
  func list(
    from fields: inout GatheredFields, _ split: SplitMessage, of belonging: Belonging, from source: MessageSource
  ) -> Message? {
    guard fields.namesSent else { return nil }
    var sent = SentRefs()
    for field in fields.sent { sent.read(field.value) }
    if sent.problem == nil, let freeText = split.freeText { sent.readLines(of: freeText) }
    let isRead = sent.isTooLong || sent.problem == nil && !sent.refs.isEmpty
    guard !Self.ofMessages.contains(where: { fields[$0] != nil }), isRead || !hasWords(fields, split) else {
      for field in fields.sent { fields.keepBeside(field) }
      return nil
    }

    var message = blankMessage(of: belonging, from: source)
    message.operatorName = fields[.operatorName]?.value
    message.takenAt = source.arrivedAt
    message.notes = fields.notes
    let nothing = sent.refs.isEmpty ? "The list holds no Ref; write Sent: and the Refs of all messages sent" : nil
    let problems = ([sent.problem, nothing, accountProblem(of: message)] + split.problems).compactMap { $0 }
    if let problem = problems.first {
      message.body = split.written.isEmpty ? nil : String(decoding: split.written, as: UTF8.self)
      markUnreadable(&message, because: problem, others: [])
    } else {
      message.sent = RefList(refs: sent.refs)
    }
    return message
  }

  /// Whether there is something for a person to read, beside what a list has.
  private func hasWords(_ fields: GatheredFields, _ split: SplitMessage) -> Bool {
    split.freeText != nil || !fields.bodies.isEmpty || !fields.urgencies.isEmpty
      || fields[.caller] != nil || fields[.regarding] != nil
  }

  /// A Ref counts within its account: compared with another, all would be missing.
  private func accountProblem(of list: Message) -> String? {
    guard list.unknownAccount != nil || list.account == nil && office.accounts.count > 1 else { return nil }
    return "The list is for no account that is known; write Account: and the practice's name"
  }
}
