import Foundation

/// A stretch of time through which a rotation has the same people.
public struct Shift: Sendable, Equatable {
  /// The id of the rotation.
  public var rotation: String
  /// The id of the person or team on call when it begins; nil where nobody is, which is a gap.
  public var member: String?
  /// The ids of those who are told.
  public var people: [String]
  public var from: Date
  /// The first moment at which it is over.
  public var until: Date

  public init(rotation: String, member: String?, people: [String], from: Date, until: Date) {
    self.rotation = rotation
    self.member = member
    self.people = people
    self.from = from
    self.until = until
  }

  /// Whether nobody is on call.
  public var isGap: Bool { people.isEmpty }
}
