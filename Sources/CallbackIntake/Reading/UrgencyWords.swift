import CallbackRules

/// What the words of an Urgency field mean.
struct UrgencyWords: Sendable {
  private let words: [String: Urgency]

  private static let builtIn: [String: Urgency] = [
    "emergency": .emergency, "stat": .emergency,
    "urgent": .urgent, "asap": .urgent, "high": .urgent,
    "routine": .routine, "low": .routine, "normal": .routine,
  ]
  private static let no: Set<String> = ["n", "no", "0", "false"]
  private static let yes: Set<String> = ["y", "yes", "1", "true", "x"]

  /// The office's own words win over the built-in ones.
  init(configured: [String: Urgency]) {
    let own = configured.map { (Self.key(of: $0.key), $0.value) }
    words = Self.builtIn.merging(own) { _, own in own }
  }

  /// The urgency that a field states, or nil for a word that is not known.
  ///
  /// A yes or no answers the question that the field's name asks: `STAT: Y` is an emergency, `Urgent: Y` urgent.
  func urgency(of field: MessageField) -> Urgency? {
    let word = Self.key(of: field.value)
    if let known = words[word] { return known }
    if Self.no.contains(word) { return .routine }
    guard Self.yes.contains(word) else { return nil }
    switch Self.key(of: field.name) {
    case "stat": return .emergency
    case "urgent": return .urgent
    // "Priority: 1" is the highest of some scales and the lowest of others.
    default: return word == "1" ? nil : .urgent
    }
  }

  private static func key(of text: String) -> String {
    FieldName.key(of: text.utf8.prefix(100).filter { $0 != UInt8(ascii: "!") && $0 != UInt8(ascii: "*") })
  }
}
