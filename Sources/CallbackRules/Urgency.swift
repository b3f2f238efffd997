/// How soon a caller must be rung back. Each urgency has a policy of its own.
public enum Urgency: Int, Sendable, Hashable, Comparable, CaseIterable {
  case routine = 0
  case urgent = 1
  case emergency = 2

  /// The word used in message files, the configuration, mails and JSON.
  public var name: String {
    switch self {
    case .routine: "routine"
    case .urgent: "urgent"
    case .emergency: "emergency"
    }
  }

  /// The urgency with exactly this name, or nil.
  public init?(name: some StringProtocol) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  public static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
}
