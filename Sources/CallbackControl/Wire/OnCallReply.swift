import CallbackRules
import Foundation

/// Who is on call, rotation by rotation in the order of their ids, each from the earliest shift to the latest.
public struct OnCallReply: Codable, Sendable, Equatable {
  public var shifts: [ShiftRow]
  public var names: [String: String]

  public init(shifts: [ShiftRow], names: [String: String] = [:]) {
    self.shifts = shifts
    self.names = names
  }
}

/// One shift, as `oncall` gives it: the keys are a promise to programs.
public struct ShiftRow: Codable, Sendable, Equatable {
  /// The rotation's id.
  public var rotation: String
  /// The rotation's name.
  public var name: String
  /// The id of the person or team whose shift it is; null in a gap.
  @Nullable public var member: String?
  /// The ids of those who are told; empty in a gap.
  public var people: [String]
  public var from: Date
  /// The first moment at which it is over.
  public var until: Date

  public init(_ shift: Shift, name: String) {
    rotation = shift.rotation
    self.name = name
    member = shift.member
    people = shift.people
    from = shift.from
    until = shift.until
  }
}
