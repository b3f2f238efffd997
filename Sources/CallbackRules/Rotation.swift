import Foundation

/// Answers "who is on call at T": members take turns, each for `every`, beginning at `starts`.
///
/// Hand-offs are in local time: a weekly hand-off at 08:00 stays at 08:00 when clocks change.
public struct Rotation: Sendable, Equatable {
  public var id: String
  public var name: String
  /// Ids of persons or teams, in the order of their turns.
  public var members: [String]
  public var starts: CivilTime
  public var every: TimeSpan
  public var overrides: [Override]

  /// Somebody else for a while.
  public struct Override: Sendable, Equatable {
    public var from: CivilTime
    /// The first moment at which it no longer holds.
    public var until: CivilTime
    /// The id of the person who has this time instead.
    public var person: String

    public init(from: CivilTime, until: CivilTime, person: String) {
      self.from = from
      self.until = until
      self.person = person
    }
  }

  public init(
    id: String, name: String? = nil, members: [String], starts: CivilTime, every: TimeSpan,
    overrides: [Override] = []
  ) {
    self.id = id
    self.name = name ?? id
    self.members = members
    self.starts = starts
    self.every = every
    self.overrides = overrides
  }

  /// The id of the member on call, or nil before the rotation starts or when it has no members.
  public func onCall(at moment: Date, zone: Zone) -> String? {
    let wall = zone.civilTime(at: moment).secondsSince1970
    if let override = overrides.last(where: {
      $0.from.secondsSince1970 <= wall && wall < $0.until.secondsSince1970
    }) {
      return override.person
    }
    let elapsed = wall - starts.secondsSince1970
    guard elapsed >= 0, !members.isEmpty, every.seconds > 0 else { return nil }
    return members[elapsed / every.seconds % members.count]
  }
}
