import CallbackRules
import Foundation

/// What the fields of a message mean, in an office with these accounts, services and words.
extension MessageReader {
  /// The message that these fields and this free text make.
  func interpret(
    _ split: SplitMessage, of belonging: Belonging, layout: MessageLayout, from source: MessageSource
  ) -> Message {
    var fields = GatheredFields(split.fields)
    if let list = list(from: &fields, split, of: belonging, from: source) { return list }
    var message = blankMessage(of: belonging, from: source)
    let times = TimeFields(source: source, belonging: belonging, office: office)

    fillWords(of: &message, from: &fields)
    message.callback = fields[.callback].map { PhoneNumber(written: $0.value, countryCode: office.countryCode) }
    message.body = body(fields.bodies, split.freeText)
    message.urgency = urgency(of: &fields, layout) ?? message.urgency
    let taken = times.taken(from: &fields)
    message.takenAt = taken.moment
    var notes = taken.notes
    message.promisedAt = times.toCome(.promised, takenAt: taken.moment, in: &fields, notes: &notes)
    message.reachableUntil = times.toCome(.reachableUntil, takenAt: taken.moment, in: &fields, notes: &notes)
    message.otherFields = fields.others
    message.notes = fields.notes + notes

    let nothing = nothingToAct(on: message, fields, of: split.form, layout)
    if nothing != nil { message.body = split.written.isEmpty ? nil : String(decoding: split.written, as: UTF8.self) }
    // Of a row or object that is broken, nothing to act on is only what follows from that.
    let isExplained = split.form != .file && !split.problems.isEmpty
    let found =
      [split.patternProblem, isExplained ? nil : nothing] + split.problems
      + [fields.secondMessageProblem(in: split.form), taken.problem]
    let problems = found.compactMap { $0 }
    if let problem = problems.first { markUnreadable(&message, because: problem, others: problems.dropFirst()) }
    return message
  }

  /// A message that holds nothing but its text, if that.
  func unreadable(_ text: DecodedText?, because problem: String?, from source: MessageSource) -> Message {
    let belonging = Belonging(account: source.mail?.account, from: source, in: office)
    var message = blankMessage(of: belonging, from: source)
    let times = TimeFields(source: source, belonging: belonging, office: office)
    (message.takenAt, message.notes) = (times.fileTime, times.fileTimeNotes)
    message.body = text?.string
    markUnreadable(&message, because: problem ?? "The file can't be read", others: [])
    return message
  }

  func markUnreadable(_ message: inout Message, because problem: String, others: ArraySlice<String>) {
    message.problem = problem
    message.notes += others
    message.body = message.body?.prefix(utf8: Self.maximumUnreadableBytes)
    message.urgency = max(message.urgency, .urgent)
  }

  /// A message with its account and service, and the account's defaults.
  func blankMessage(of belonging: Belonging, from source: MessageSource) -> Message {
    var message = Message(
      takenAt: source.arrivedAt, urgency: belonging.account?.urgency ?? .routine, service: belonging.service,
      account: belonging.account?.id)
    message.unknownAccount = belonging.unknownAccount
    return message
  }

  // MARK: - Words

  private func fillWords(of message: inout Message, from fields: inout GatheredFields) {
    message.to = fields[.to]?.value
    message.caller = fields[.caller]?.value
    message.relationship = fields[.relationship]?.value
    message.patient = fields[.patient]?.value
    if let patient = message.patient, ["same", "self"].contains(FieldName.key(of: patient.utf8.prefix(10))) {
      message.patient = message.caller
    }
    message.dateOfBirth = fields[.dateOfBirth]?.value
    message.language = fields[.language]?.value
    message.operatorName = fields[.operatorName]?.value
    message.ref = fields[.ref]?.value
    message.regarding = fields[.regarding]?.value
    message.voicemailAllowed = answer(.voicemail, in: &fields, yes: Self.yes, no: Self.no)
    message.withdrawn = answer(.status, in: &fields, yes: ["withdrawn"], no: [])
  }

  private static let yes: Set<String> = ["yes", "y", "ok", "true", "1"]
  private static let no: Set<String> = ["no", "n", "false", "0"]

  /// Whether the field says one of the words for yes. What is neither yes nor no counts as no, and is kept.
  private func answer(
    _ name: FieldName, in fields: inout GatheredFields, yes: Set<String>, no: Set<String>
  ) -> Bool {
    guard let field = fields[name] else { return false }
    let word = FieldName.key(of: field.value.utf8)
    if !yes.contains(word), !no.contains(word) { fields.keepBeside(field) }
    return yes.contains(word)
  }

  private func body(_ fields: [MessageField], _ freeText: String?) -> String? {
    let parts = fields.map(\.value) + [freeText].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "\n")
  }

  /// The highest urgency that a field states: forms ask `STAT: N` and `Urgent: Y` side by side.
  private func urgency(of fields: inout GatheredFields, _ layout: MessageLayout) -> Urgency? {
    var highest: Urgency?
    for field in fields.urgencies {
      let known = urgencyWords.urgency(of: field, in: layout)
      let read = known ?? (urgencyWords.namesEmergency(field, in: layout) ? .emergency : .urgent)
      if known == nil {
        fields.keepBeside(field)
        fields.note("line \(field.line): the urgency \"\(quoted(field.value))\" is not known; read as \(read.name)")
      }
      highest = max(highest ?? .routine, read)
    }
    return highest
  }

  // MARK: - What is missing

  private func nothingToAct(
    on message: Message, _ fields: GatheredFields, of form: SplitMessage.Form, _ layout: MessageLayout
  ) -> String? {
    guard fields.recognised else { return form.nothingKnown(hasPatterns: layout.hasPatterns) }
    let words = [message.caller, message.patient, message.regarding, message.ref, message.body]
    guard message.callback == nil, words.allSatisfy({ $0 == nil }) else { return nil }
    return form.nothingSaid
  }
}
