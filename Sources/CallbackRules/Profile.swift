/// How a service, or whoever writes for an account, lays out its messages, beside what every message may hold.
public struct Profile: Sendable, Equatable {
  /// What names of fields mean here, by their `FieldName.key`.
  public var fields: [String: Use]
  /// What words for urgencies mean here, in lower case.
  public var urgencyWords: [String: Urgency]
  /// What finds fields in prose, in the order in which they are tried.
  public var patterns: [MessagePattern]

  /// What becomes of a field of some name.
  public enum Use: Sendable, Equatable {
    case means(FieldName)
    /// Kept as it is, and never taken for free text.
    case isKept
  }

  /// Whose profile it is, by id.
  public enum Owner: Sendable, Hashable {
    case service(String)
    case account(String)
  }

  public init(
    fields: [String: Use] = [:], urgencyWords: [String: Urgency] = [:], patterns: [MessagePattern] = []
  ) {
    self.fields = fields
    self.urgencyWords = urgencyWords
    self.patterns = patterns
  }

  /// Whether it says nothing.
  public var isEmpty: Bool { self == Profile() }
}
