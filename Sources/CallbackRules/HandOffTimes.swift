import Foundation

/// The moments at which the people of a rotation can change: its own, and those of the rotations inside it.
///
/// Between two of them nothing changes. At one of them nothing need change either: who is told before and after decides.
struct HandOffTimes {
  private var layers: [(turns: Rotation.Layer, hours: OfficeHours?)] = []
  /// Where overrides begin and end, in order.
  private var overrides: [Date] = []
  private let zone: Zone

  init(_ rotations: [Rotation], in office: Office) {
    zone = office.zone
    for rotation in rotations {
      layers += rotation.layers.map { ($0, $0.hours.flatMap { office.hours[$0] }) }
      overrides += rotation.overrides.flatMap { [zone.moment(of: $0.from), zone.moment(of: $0.until)] }
    }
    overrides.sort()
  }

  func next(after moment: Date) -> Date? {
    var times = [overrides.first { $0 > moment }]
    for layer in layers {
      times.append(layer.turns.handOff(after: moment, zone: zone))
      times.append(layer.hours?.boundary(after: moment, in: zone))
    }
    return times.compactMap { $0 }.min()
  }

  func last(atOrBefore moment: Date) -> Date? {
    var times = [overrides.last { $0 <= moment }]
    for layer in layers {
      times.append(layer.turns.handOff(atOrBefore: moment, zone: zone))
      times.append(layer.hours?.boundary(atOrBefore: moment, in: zone))
    }
    return times.compactMap { $0 }.max()
  }
}

extension OfficeHours {
  /// The next moment at which it can open or close. On some days it does neither.
  func boundary(after moment: Date, in zone: Zone) -> Date {
    let minutes = boundaryMinutes
    var day = zone.civilTime(at: moment).daysSince1970
    while true {
      for minute in minutes {
        let boundary = zone.moment(of: CivilTime(secondsSince1970: day * 86_400 + minute * 60))
        if boundary > moment { return boundary }
      }
      day += 1
    }
  }

  /// The latest moment at which it can have opened or closed. On some days it does neither.
  func boundary(atOrBefore moment: Date, in zone: Zone) -> Date {
    let minutes = boundaryMinutes
    var day = zone.civilTime(at: moment).daysSince1970 + 1
    while true {
      for minute in minutes.reversed() {
        let boundary = zone.moment(of: CivilTime(secondsSince1970: day * 86_400 + minute * 60))
        if boundary <= moment { return boundary }
      }
      day -= 1
    }
  }

  /// Minutes after midnight, in order. Midnight is one because of days on which it is closed.
  private var boundaryMinutes: [Int] {
    Set(spans.flatMap { [$0.opensMinute % 1440, $0.closesMinute % 1440] } + [0]).sorted()
  }
}
