import CallbackRules

/// One `Name: value` of a message file.
public struct MessageField: Sendable, Equatable {
  /// Counts from 1.
  public var line: Int
  /// As written.
  public var name: String
  /// What it means; nil for a name that is not known, or that a profile keeps as it is.
  public var meaning: FieldName?
  /// Without white space at its ends; empty where a form was left blank.
  public var value: String
  /// What told its meaning; nil for a name that is not known.
  public var placedBy: Placement?

  public init(line: Int, name: String, meaning: FieldName?, value: String, placedBy: Placement? = nil) {
    self.line = line
    self.name = name
    self.meaning = meaning
    self.value = value
    self.placedBy = placedBy ?? (meaning == nil ? nil : .name)
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
}
