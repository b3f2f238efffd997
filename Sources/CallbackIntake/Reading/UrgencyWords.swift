import CallbackRules

/// What the words of an Urgency field mean.
struct UrgencyWords: Sendable {
  private let words: [String: Urgency]

  private static let builtIn: [String: Urgency] = [
    "emergency": .emergency, "emergent": .emergency, "stat": .emergency,
    "urgent": .urgent, "asap": .urgent, "high": .urgent,
    "routine": .routine, "low": .routine, "normal": .routine,
  ]
  private static let no: Set<String> = ["n", "no", "0", "false"]
  private static let yes: Set<String> = ["y", "yes", "1", "true", "x"]

  /// The office's own words win over the built-in ones.
  init(configured: [String: Urgency]) {
    words = Self.builtIn.merging(Self.keyed(configured)) { _, own in own }
  }

  /// The words by which they are compared.
  static func keyed(_ words: [String: Urgency]) -> [String: Urgency] {
    Dictionary(words.map { (key(of: $0.key), $0.value) }, uniquingKeysWith: max)
  }

  /// The urgency that a field states, or nil for a word that is not known.
  ///
  /// A yes or no answers the question that the field's name asks: `STAT: Y` is an emergency, `Urgent: Y` urgent.
  /// The layout's words win over the office's.
  func urgency(of field: MessageField, in layout: MessageLayout) -> Urgency? {
    let word = Self.key(of: field.value)
    for profile in layout.profiles {
      if let own = profile.urgencyWords[word] { return own }
    }
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
