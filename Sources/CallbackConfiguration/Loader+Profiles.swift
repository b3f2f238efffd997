import CallbackRules

/// How a service, or whoever writes for an account, lays out its messages.
extension Loader {
  func readProfile(_ table: TableReader) -> Profile {
    let fields = table.section("fields", readFieldNames)
    return Profile(
      fields: fields, urgencyWords: table.section("urgency_words", readUrgencyWords),
      patterns: table.list("patterns", .pattern(fields: fields)) ?? [])
  }

  /// Further names of fields, by their keys.
  private func readFieldNames(_ table: TableReader) -> [String: Profile.Use] {
    var uses: [String: Profile.Use] = [:]
    for name in table.furtherKeys() {
      guard let use = table.read(name, .fieldUse) else { continue }
      let key = FieldName.key(of: name.utf8)
      if key.isEmpty || name.utf8.count > FieldName.longestName || name.contains(":") {
        table.problem(
          name,
          "\(quoted(name)) can't stand before a colon; write the name alone, 1 to \(FieldName.longestName) characters")
      } else if uses.updateValue(use, forKey: key) != nil {
        table.problem(
          name, "\(quoted(name)) stands here twice (capitals and ` -_#./` make no difference); remove one")
      }
    }
    return uses
  }

  /// Words beside the built-in ones, in lower case.
  func readUrgencyWords(_ table: TableReader) -> [String: Urgency] {
    var words: [String: Urgency] = [:]
    for key in table.furtherKeys() {
      guard let urgency = table.read(key, .urgency) else { continue }
      let word = key.lowercased()
      if let own = Urgency(name: word), own != urgency {
        table.problem(key, "\(quoted(key)) is an urgency itself and can't stand for another; remove the line")
      } else if words.updateValue(urgency, forKey: word) != nil {
        table.problem(key, "\(quoted(word)) stands here twice (capitals make no difference); remove one")
      }
    }
    return words
  }

  /// A name that tells the account is needed before the account's own names are known.
  func warnOfNamesThatComeTooLate(_ profile: Profile, _ table: TableReader) {
    guard profile.fields.values.contains(.means(.account)) else { return }
    table.warning(
      "fields", "a name that means Account is looked for before the account is known; write it at the service")
  }
}

extension ValueKind where Value == Profile.Use {
  /// What a name of a field means; empty: it is kept as it is.
  static var fieldUse: ValueKind {
    let names = FieldName.allCases.map(\.name).joined(separator: ", ")
    return .text("a field", write: "one of \(names), or \"\" for what is to be kept as it is") {
      text throws(Wrong) in
      if text.isEmpty { return .isKept }
      guard let field = FieldName.meaning(of: Array(text.utf8)[...]) else {
        throw Wrong("\(quoted(text)) is no field of a message\(doubt(text))")
      }
      return .means(field)
    }
  }
}

extension ValueKind where Value == MessagePattern {
  /// - Parameter fields: names of the same profile, which its groups may have.
  static func pattern(fields: [String: Profile.Use]) -> ValueKind {
    .text(
      "a regular expression", write: "it in three single quotes, with a group such as (?<Caller>.+?) for each field"
    ) {
      text throws(Wrong) in
      do throws(MessagePattern.Mistake) {
        return try MessagePattern(text, fields: fields)
      } catch {
        throw wrong(error, in: text)
      }
    }
  }

  private static func wrong(_ mistake: MessagePattern.Mistake, in text: String) -> Wrong {
    switch mistake {
    case .isTooLong:
      Wrong("\(quoted(text)) is too long", write: "at most \(MessagePattern.longestSource) characters")
    case .doesNotCompile:
      Wrong(
        "\(quoted(text)) is no regular expression",
        write: "a backslash before a character that stands for itself, close every bracket, and name no group twice")
    case .refersBack:
      Wrong(
        "\(quoted(text)) refers back to what a group found, which can take too long",
        write: "it without \\1 and \\k")
    case .hasNoNamedGroup:
      Wrong("\(quoted(text)) has no named group", write: "one for each field, such as (?<Caller>.+?)")
    case .unknownGroup(let name):
      Wrong(
        "the group \(quoted(name)) is no field of a message\(doubt(name))",
        write: "a field's name without spaces and marks, such as ReachableUntil, or add it to `fields`")
    }
  }
}

/// ` (did you mean …?)`, or nothing.
private func doubt(_ name: String) -> String {
  didYouMean(name, among: FieldName.allNames).map { " (\($0))" } ?? ""
}
