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

  /// Whether a value that is not known as a whole calls it an emergency: `EMERGENCY - not breathing`, but not `not an emergency`.
  func namesEmergency(_ field: MessageField, in layout: MessageLayout) -> Bool {
    let bytes = field.value.utf8.prefix(Self.mostBytes)
    let words = bytes.split { $0 < 0x80 && !ASCII.isLetter($0) && !ASCII.isDigit($0) }.map { FieldName.key(of: $0) }
    let affirmed = words.prefix(Self.mostWords).prefix { !Self.negations.contains($0) }
    return affirmed.indices.contains { first in
      (1...Self.longestPhrase).contains { count in
        let phrase = affirmed[first...].prefix(count).joined()
        let own = layout.profiles.lazy.compactMap { $0.urgencyWords[phrase] }.first
        return (own ?? self.words[phrase]) == .emergency
      }
    }
  }

  /// What stands behind one of these may be what it is not.
  private static let negations: Set<String> = ["no", "non", "not", "isn", "isnt", "never", "without"]
  private static let mostBytes = 100
  /// So many words are looked at, and so many at once: a file may be full of them.
  private static let mostWords = 12
  private static let longestPhrase = 3

  private static func key(of text: String) -> String {
    FieldName.key(of: text.utf8.prefix(mostBytes).filter { $0 != UInt8(ascii: "!") && $0 != UInt8(ascii: "*") })
  }
}
