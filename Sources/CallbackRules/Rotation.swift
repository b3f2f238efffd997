import Foundation

/// Answers "who is on call at T": members take turns, each for `every`, beginning at `starts`.
///
/// Hand-offs are in local time: a weekly hand-off at 08:00 stays at 08:00 when clocks change. One at a time that a change
/// skips happens at the change, one at a time that it repeats happens the first time only.
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
    if let override = overrides.last(where: {
      zone.moment(of: $0.from) <= moment && moment < zone.moment(of: $0.until)
    }) {
      return override.person
    }
    guard !members.isEmpty, every.seconds > 0, zone.moment(of: starts) <= moment else { return nil }
    let start = starts.secondsSince1970
    var turn = max(0, zone.civilTime(at: moment).secondsSince1970 - start) / every.seconds
    // While a change repeats an hour, the wall shows a time before hand-offs that have happened.
    while zone.moment(of: CivilTime(secondsSince1970: start + (turn + 1) * every.seconds)) <= moment { turn += 1 }
    return members[turn % members.count]
  }
}
