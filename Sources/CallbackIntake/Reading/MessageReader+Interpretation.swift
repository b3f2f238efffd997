import CallbackRules
import Foundation

/// What the fields of a message mean, in an office with these accounts, services and words.
extension MessageReader {
  /// The message that these fields and this free text make.
  func interpret(_ split: SplitMessage, from source: MessageSource) -> Message {
    var fields = GatheredFields(split.fields)
    var message = blankMessage(from: source, account: fields[.account]?.value)
    let times = TimeFields(source: source, account: message.account.flatMap { office.accounts[$0] }, office: office)

    fillWords(of: &message, from: &fields)
    message.callback = fields[.callback].map { PhoneNumber(written: $0.value, countryCode: office.countryCode) }
    message.body = body(fields.bodies, split.freeText)
    message.urgency = urgency(of: &fields) ?? message.urgency
    let taken = times.taken(from: &fields)
    message.takenAt = taken.moment
    var notes = taken.notes
    message.promisedAt = times.toCome(.promised, takenAt: taken.moment, in: &fields, notes: &notes)
    message.reachableUntil = times.toCome(.reachableUntil, takenAt: taken.moment, in: &fields, notes: &notes)
    message.otherFields = fields.others
    message.notes = fields.notes + notes

    let nothing = nothingToAct(on: message, fields)
    if nothing != nil { message.body = split.text }
    let problems = ([nothing] + split.problems + [fields.secondMessageProblem, taken.problem]).compactMap { $0 }
    if let problem = problems.first { markUnreadable(&message, because: problem, others: problems.dropFirst()) }
    return message
  }

  /// A message that holds nothing but its text, if that.
  func unreadable(_ text: DecodedText?, because problem: String?, from source: MessageSource) -> Message {
    var message = blankMessage(from: source, account: source.mail?.account)
    let times = TimeFields(source: source, account: nil, office: office)
    (message.takenAt, message.notes) = (times.fileTime, times.fileTimeNotes)
    message.body = text?.string
    markUnreadable(&message, because: problem ?? "The file can't be read", others: [])
    return message
  }

  private func markUnreadable(_ message: inout Message, because problem: String, others: ArraySlice<String>) {
    message.problem = problem
    message.notes += others
    message.body = message.body?.prefix(utf8: Self.maximumUnreadableBytes)
    message.urgency = max(message.urgency, .urgent)
  }

  // MARK: - Account and service

  /// A message with its account and service, and the account's defaults.
  private func blankMessage(from source: MessageSource, account written: String?) -> Message {
    let folder = source.folderService.flatMap { office.services[$0]?.id }
    let named = written.flatMap { office.accounts[$0] ?? office.account(named: $0) }
    let account = named ?? (written == nil ? onlyAccount(of: folder) : onlyAccount(of: nil))
    let service = folder ?? account?.service ?? (office.services.count == 1 ? office.services.keys.first : nil)
    var message = Message(
      takenAt: source.arrivedAt, urgency: account?.urgency ?? .routine, service: service, account: account?.id)
    if named == nil { message.unknownAccount = written }
    return message
  }

  /// The only account of this service, or the only one there is.
  private func onlyAccount(of service: String?) -> Account? {
    if office.accounts.count == 1 { return office.accounts.values.first }
    guard let service else { return nil }
    let served = office.accounts.values.lazy.filter { $0.service == service }.prefix(2)
    return served.count == 1 ? served.first : nil
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
  private func urgency(of fields: inout GatheredFields) -> Urgency? {
    var highest: Urgency?
    for field in fields.urgencies {
      let known = urgencyWords.urgency(of: field)
      if known == nil {
        fields.keepBeside(field)
        fields.note("line \(field.line): the urgency \"\(quoted(field.value))\" is not known; read as urgent")
      }
      highest = max(highest ?? .routine, known ?? .urgent)
    }
    return highest
  }

  // MARK: - What is missing

  private func nothingToAct(on message: Message, _ fields: GatheredFields) -> String? {
    guard fields.recognised else {
      return
        "line 1: no line is a field that is known; write one on each line, as Name: value, at least Caller and Callback"
    }
    let words = [message.caller, message.patient, message.regarding, message.ref, message.body]
    guard message.callback == nil, words.allSatisfy({ $0 == nil }) else { return nil }
    return "The file says neither who called nor about what; write at least Caller and Callback"
  }
}
