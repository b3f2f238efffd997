import CallbackRules

/// One `Name: value` of a message file.
public struct MessageField: Sendable, Equatable {
  /// Counts from 1; 0 in the header of a mail.
  public var line: Int
  /// As written.
  public var name: String
  /// What it means; nil for a name that is not known, or that a profile keeps as it is.
  public var meaning: FieldName?
  /// Without white space at its ends; empty where a form was left blank.
  public var value: String
  /// What told its meaning; nil for a name that is not known.
  public var placedBy: Placement?

  /// Whether it stands in the header of a mail, not in its text: no sign that somebody wrote a message.
  var isOfMailHeader: Bool { placedBy == .mailHeader }

  /// Where it stands, for a sentence.
  var place: String { isOfMailHeader ? "the mail's header" : "line \(line)" }

  public init(line: Int, name: String, meaning: FieldName?, value: String, placedBy: Placement? = nil) {
    self.line = line
    self.name = name
    self.meaning = meaning
    self.value = value
    self.placedBy = placedBy ?? (meaning == nil ? nil : .name)
  }
}

extension MessageField {
  /// What is wrong with the value of a field of a table or an object: a text has no such characters, nor lines.
  func problem(within limits: ReadingLimits) -> String? {
    if value.utf8.contains(0) { return "line \(line): there is a NUL character in \(quoted(name)); leave it out" }
    guard value.utf8.count > limits.lineBytes, limits.problem(inLinesOf: Array(value.utf8)) != nil else { return nil }
    return
      "line \(line): \(quoted(name)) has a line longer than \(limits.lineBytes) bytes (spool.max_line); "
      + "break it into lines"
  }
}

extension FieldName {
  /// A name of a column or of an object's member, as it is kept: a text's names are short, and a table's stand with each row.
  static func written(_ name: [UInt8]) -> String {
    name.trimmedText(name.indices).prefix(utf8: 100)
  }
}

/// What told that a piece of a message is this field.
public enum Placement: Sendable, Equatable {
  /// Its name, which every message may use.
  case name
  /// Its name, which stands in a profile.
  case profile(Profile.Owner)
  /// A pattern of a profile; they count from 1.
  case pattern(Int, Profile.Owner)
  /// The header of the mail that the message came as.
  case mailHeader
}
