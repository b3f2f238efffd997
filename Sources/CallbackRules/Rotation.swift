import Foundation

/// Answers "who is on call at T", by layers and exceptions.
///
/// In each layer members take turns, each for `every`, beginning at `starts`. A later layer stands above those before it while
/// it is in force (nights over days); overrides stand above all.
///
/// Hand-offs are in local time: a weekly hand-off at 08:00 stays at 08:00 when clocks change. One at a time that a change
/// skips happens at the change, one at a time that it repeats happens the first time only.
public struct Rotation: Sendable, Equatable {
  public var id: String
  public var name: String
  /// The lowest first.
  public var layers: [Layer]
  /// Of two that hold at one moment, the later one counts.
  public var overrides: [Override]

  /// Members who take turns.
  public struct Layer: Sendable, Equatable {
    /// Ids of persons or teams, in the order of their turns.
    public var members: [String]
    public var starts: CivilTime
    public var every: TimeSpan
    /// The name of the hours in which it is in force, by the site's clock; nil: always. Its turns go on outside of them.
    public var hours: String?

    public init(members: [String], starts: CivilTime, every: TimeSpan, hours: String? = nil) {
      self.members = members
      self.starts = starts
      self.every = every
      self.hours = hours
    }
  }

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

  public init(id: String, name: String? = nil, layers: [Layer], overrides: [Override] = []) {
    self.id = id
    self.name = name ?? id
    self.layers = layers
    self.overrides = overrides
  }

  /// A rotation of one layer.
  public init(
    id: String, name: String? = nil, members: [String], starts: CivilTime, every: TimeSpan, hours: String? = nil,
    overrides: [Override] = []
  ) {
    let layer = Layer(members: members, starts: starts, every: every, hours: hours)
    self.init(id: id, name: name, layers: [layer], overrides: overrides)
  }

  /// Ids of all who can come on call, some perhaps twice.
  public var everybody: [String] { layers.flatMap(\.members) + overrides.map(\.person) }

  /// The ids of those who are to be asked at this moment, the first one first: overrides, then the layers in force from the
  /// highest down. Whoever comes later is asked only where those before can't be told.
  ///
  /// - Parameter hours: by name. Hours that are not there count as open, so that nobody is left out for it.
  public func candidates(at moment: Date, zone: Zone, hours: [String: OfficeHours]) -> [String] {
    let overrides = overrides.reversed().filter {
      zone.moment(of: $0.from) <= moment && moment < zone.moment(of: $0.until)
    }
    let members = layers.reversed().compactMap { layer -> String? in
      let isInForce = layer.hours.flatMap { hours[$0] }?.isOpen(at: moment, in: zone) ?? true
      return isInForce ? layer.member(at: moment, zone: zone) : nil
    }
    return overrides.map(\.person) + members
  }
}

extension Rotation.Layer {
  /// The id of the member whose turn it is, or nil before the first turn or where there are no members.
  func member(at moment: Date, zone: Zone) -> String? { turn(at: moment, zone: zone).map(member(ofTurn:)) }

  /// When the next turn of another member begins; nil where nobody else has one.
  func handOff(after moment: Date, zone: Zone) -> Date? {
    guard let turn = turn(at: moment, zone: zone) else {
      return takesTurns ? zone.moment(of: starts) : nil
    }
    let other = (1..<members.count).first { member(ofTurn: turn + $0) != member(ofTurn: turn) }
    return other.map { beginning(ofTurn: turn + $0, zone: zone) }
  }

  /// When the turns of the member who has this moment began, at this moment or before; nil before the first one.
  func handOff(atOrBefore moment: Date, zone: Zone) -> Date? {
    guard let turn = turn(at: moment, zone: zone) else { return nil }
    let earlier = min(members.count - 1, turn)
    let same = (0..<earlier).first { member(ofTurn: turn - $0 - 1) != member(ofTurn: turn) }
    return beginning(ofTurn: same.map { turn - $0 } ?? 0, zone: zone)
  }

  private var takesTurns: Bool { !members.isEmpty && every.seconds > 0 }

  private func member(ofTurn turn: Int) -> String { members[turn % members.count] }

  private func beginning(ofTurn turn: Int, zone: Zone) -> Date {
    zone.moment(of: CivilTime(secondsSince1970: starts.secondsSince1970 + turn * every.seconds))
  }

  /// The number of the last turn that has begun, from 0.
  private func turn(at moment: Date, zone: Zone) -> Int? {
    guard takesTurns, zone.moment(of: starts) <= moment else { return nil }
    var turn = max(0, zone.civilTime(at: moment).secondsSince1970 - starts.secondsSince1970) / every.seconds
    // While a change repeats an hour, the wall shows a time before hand-offs that have happened.
    while beginning(ofTurn: turn + 1, zone: zone) <= moment { turn += 1 }
    return turn
  }
}
