import Foundation

/// What a template may say, by name: the words of one notice, or of one callback in it.
///
/// Every name of a kind is always there, if only as absent, so that nothing is looked for further out, and a misspelt name is
/// known for one.
struct Fields {
  private(set) var values: [String: Value] = [:]

  /// The group that is patient data.
  static let message = "message"

  indirect enum Value {
    /// One line, or a text of several; nil where there is nothing to say.
    case text(String?)
    case flag(Bool)
    case list([Fields])
    /// Fields that stand together, or are all missing.
    case group(Fields?)
  }

  /// One line, harmless whatever it holds; an empty one is absent.
  mutating func set(_ name: String, line: String?) {
    values[name] = .text(line.map { VisibleText($0).line }.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// A text with its lines.
  mutating func set(_ name: String, lines: String?) {
    values[name] = .text(lines.map { VisibleText($0).lines }.flatMap { $0.isEmpty ? nil : $0 })
  }

  mutating func set(_ name: String, _ flag: Bool) { values[name] = .flag(flag) }

  mutating func set(_ name: String, _ list: [Fields]) { values[name] = .list(list) }

  mutating func set(_ name: String, _ group: Fields?) { values[name] = .group(group) }
}

extension Fields {
  /// As the template library looks names up. What is absent is `NSNull`, which it takes for false without looking further
  /// out; a value is never read as a template.
  var dictionary: [String: Any] {
    values.mapValues { value -> Any in
      switch value {
      case .text(let text): text ?? NSNull()
      case .flag(let flag): flag
      case .list(let items): items.map(\.dictionary)
      case .group(let fields): fields?.dictionary ?? NSNull()
      }
    }
  }
}

/// Which names there are, and what each is: taken from fields in which nothing is missing.
struct FieldNames {
  let kinds: [String: Kind]

  indirect enum Kind {
    case text
    case flag
    case list(FieldNames)
    case group(FieldNames)
  }

  init(_ fields: Fields) {
    kinds = fields.values.mapValues { value in
      switch value {
      case .text: .text
      case .flag: .flag
      case .list(let items): .list(FieldNames(items.first ?? Fields()))
      case .group(let fields): .group(FieldNames(fields ?? Fields()))
      }
    }
  }
}
