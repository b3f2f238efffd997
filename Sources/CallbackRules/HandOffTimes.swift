import Foundation

/// The moments at which the people of a rotation can change: its own, and those of the rotations inside it.
///
/// Between two of them nothing changes. At one of them nothing need change either: who is told before and after decides.
struct HandOffTimes {
  private let rotations: [[Layer]]
  /// Where overrides begin and end, in order.
  private let overrides: [Date]
  private let zone: Zone

  private struct Layer {
    /// With who is told in place of the members, so that turns among the same people are no change.
    var turns: Rotation.Layer
    var hours: OfficeHours?
    /// Whether the layers below count only before it starts.
    var coversThoseBelow: Bool
  }

  init(_ rotations: [Rotation], in office: Office) {
    zone = office.zone
    self.rotations = rotations.map { $0.layers.reversed().map { Self.layer($0, in: office) } }
    overrides = rotations.flatMap(\.overrides).flatMap { [$0.from, $0.until] }.map(office.zone.moment(of:)).sorted()
  }

  private static func layer(_ layer: Rotation.Layer, in office: Office) -> Layer {
    let told = layer.members.map { member -> [String]? in
      // With a rotation behind a member it depends on the time.
      guard office.rotationsLeading(toRecipient: member).isEmpty else { return nil }
      return office.people(for: member, at: .distantPast).map(\.id).sorted()
    }
    var turns = layer
    turns.members = zip(layer.members, told).map { member, told in told?.joined(separator: " ") ?? "by " + member }
    return Layer(
      turns: turns, hours: layer.hours.flatMap { office.hours[$0] },
      coversThoseBelow: layer.hours == nil && !told.isEmpty && told.allSatisfy { $0?.isEmpty == false })
  }

  func next(after moment: Date) -> Date? {
    var times = [overrides.first { $0 > moment }]
    for layer in layers(at: moment) {
      times.append(layer.turns.handOff(after: moment, zone: zone))
      times.append(layer.hours?.boundary(after: moment, in: zone))
    }
    return times.compactMap { $0 }.min()
  }

  func last(atOrBefore moment: Date) -> Date? {
    var times = [overrides.last { $0 <= moment }]
    for layer in layers(at: moment) {
      times.append(layer.turns.handOff(atOrBefore: moment, zone: zone))
      times.append(layer.hours?.boundary(atOrBefore: moment, in: zone))
    }
    return times.compactMap { $0 }.max()
  }

  /// Those that can matter next to this moment.
  private func layers(at moment: Date) -> [Layer] {
    rotations.flatMap { layers in
      let covering = layers.firstIndex { $0.coversThoseBelow && zone.moment(of: $0.turns.starts) <= moment }
      return layers.prefix(covering.map { $0 + 1 } ?? layers.count)
    }
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
