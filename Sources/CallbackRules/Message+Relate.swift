/// Whether two messages are about the same call, caller or patient.
extension Message {
  /// Whether it gives the same number or the same caller.
  func agrees(with other: Message) -> Bool {
    if let digits = callback?.digits, !digits.isEmpty, digits == other.callback?.digits { return true }
    return Self.isSameName(caller, other.caller)
  }

  /// Whether it gives neither number nor caller.
  var namesNobody: Bool { (callback?.digits ?? "").isEmpty && NameIndex.key(caller ?? "").isEmpty }

  /// Whether both give a patient, and it is the same.
  func hasPatient(of other: Message) -> Bool { Self.isSameName(patient, other.patient) }

  /// The same patient, or none given on one side.
  func isSamePatient(as other: Message) -> Bool {
    hasPatient(of: other) || NameIndex.key(patient ?? "").isEmpty || NameIndex.key(other.patient ?? "").isEmpty
  }

  private static func isSameName(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return false }
    let key = NameIndex.key(one)
    return !key.isEmpty && key == NameIndex.key(other)
  }

  // MARK: - Amendments

  /// This message with what the later one gives in its place. What that leaves out stays; whether a message may be left, or
  /// that the call was withdrawn, is as the later one says.
  func amended(by later: Message) -> Message {
    var message = later
    message.takenAt = min(takenAt, later.takenAt)
    message.urgency = max(urgency, later.urgency)
    message.service = later.service ?? service
    message.account = later.account ?? account
    message.unknownAccount = later.account == nil ? later.unknownAccount ?? unknownAccount : nil
    message.callback = later.callback ?? callback
    message.promisedAt = later.promisedAt ?? promisedAt
    message.reachableUntil = later.reachableUntil ?? reachableUntil
    message.voicemailAllowed = later.voicemailAllowed
    message.withdrawn = false
    message.otherFields = later.otherFields.isEmpty ? otherFields : later.otherFields
    for field in Self.texts where message[keyPath: field.path] == nil {
      message[keyPath: field.path] = self[keyPath: field.path]
    }
    return message
  }

  /// Whether it says nothing that the earlier one does not: it was taken at the same time too, so that a Ref that is used
  /// again for the same caller's next call is not mistaken for it.
  func repeats(_ earlier: Message) -> Bool {
    takenAt.wholeSeconds == earlier.takenAt.wholeSeconds && changes(to: earlier).isEmpty
  }

  /// The names of the fields that this later message changes.
  func changes(to earlier: Message) -> [String] {
    var changed = Self.texts.filter {
      self[keyPath: $0.path] != nil && self[keyPath: $0.path] != earlier[keyPath: $0.path]
    }
    .map(\.name)
    if let callback, callback != earlier.callback { changed.append("Callback") }
    if urgency != earlier.urgency { changed.append("Urgency") }
    if let promisedAt, promisedAt != earlier.promisedAt { changed.append("Promised") }
    if let reachableUntil, reachableUntil != earlier.reachableUntil { changed.append("Reachable-Until") }
    if !otherFields.isEmpty, otherFields != earlier.otherFields { changed.append("further fields") }
    if withdrawn != earlier.withdrawn { changed.append("Status") }
    if voicemailAllowed != earlier.voicemailAllowed { changed.append("Voicemail-OK") }
    return changed
  }

  private static var texts: [(name: String, path: WritableKeyPath<Message, String?>)] {
    [
      ("To", \.to), ("Caller", \.caller), ("Relationship", \.relationship), ("Patient", \.patient),
      ("DOB", \.dateOfBirth), ("Language", \.language), ("Operator", \.operatorName), ("Ref", \.ref),
      ("Regarding", \.regarding), ("Body", \.body),
    ]
  }
}
