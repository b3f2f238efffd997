import Foundation

/// Who is on call, since when and until when. All of it asks `onCall(in:at:)` at the moments at which that can change.
extension Office {
  /// How far shifts are followed. A longer one ends there, as far as anybody is told.
  public static let longestShift: TimeInterval = 400 * 86_400

  /// How far ahead the end of somebody's shift is looked for, so that somebody looks again.
  private static let longestLook: TimeInterval = 60 * 86_400

  /// The longest stretch around `moment` through which the same people are on call.
  ///
  /// A rotation that does not exist is a gap.
  ///
  /// - Parameter reach: how many seconds to look back and ahead, at most.
  public func shift(in rotation: String, at moment: Date, reach: TimeInterval = longestShift) -> Shift {
    let (earliest, latest) = (moment - reach, moment + reach)
    guard let rotation = rotations[rotation] else {
      return Shift(rotation: rotation, member: nil, people: [], from: earliest, until: latest)
    }
    let times = handOffTimes(of: rotation)
    let (member, people) = onCall(in: rotation, at: moment)
    var from = times.last(atOrBefore: moment)
    while let time = from, time > earliest, same(onCall(in: rotation, at: time - 1).people, people) {
      from = times.last(atOrBefore: time - 1)
    }
    return Shift(
      rotation: rotation.id, member: member, people: people, from: max(from ?? earliest, earliest),
      until: change(of: rotation, from: people, after: moment, before: latest, times) ?? latest)
  }

  /// Every shift and gap between two moments, one after the other, cut to them.
  public func shifts(in rotation: String, from: Date, until: Date) -> [Shift] {
    guard from < until else { return [] }
    guard let rotation = rotations[rotation] else {
      return [Shift(rotation: rotation, member: nil, people: [], from: from, until: until)]
    }
    let times = handOffTimes(of: rotation)
    var shifts: [Shift] = []
    var begin = from
    while begin < until {
      let (member, people) = onCall(in: rotation, at: begin)
      let end = change(of: rotation, from: people, after: begin, before: until, times) ?? until
      shifts.append(Shift(rotation: rotation.id, member: member, people: people, from: begin, until: end))
      begin = end
    }
    return shifts
  }

  /// When nobody is on call between two moments, in any rotation, the earliest gap first.
  public func gaps(from: Date, until: Date) -> [Shift] {
    rotations.keys.flatMap { shifts(in: $0, from: from, until: until) }.filter(\.isGap)
      .sorted { ($0.from, $0.rotation) < ($1.from, $1.rotation) }
  }

  /// The first moment after `moment` at which the people of any rotation change; nil if none do within 400 days.
  public func nextHandOff(after moment: Date) -> Date? {
    var next: Date?
    for rotation in rotations.values {
      let people = onCall(in: rotation, at: moment).people
      let limit = next ?? moment + Self.longestShift
      next = change(of: rotation, from: people, after: moment, before: limit, handOffTimes(of: rotation)) ?? next
    }
    return next
  }

  /// Who came on call: for each rotation those who are on at `now` and were not at `moment`, where that is anybody.
  public func handOffs(after moment: Date, upTo now: Date) -> [HandOff] {
    rotations.values.sorted { $0.id < $1.id }.compactMap { rotation in
      let before = onCall(in: rotation, at: moment).people
      let incoming = onCall(in: rotation, at: now).people.filter { !before.contains($0) }
      return incoming.isEmpty ? nil : HandOff(rotation: rotation.id, incoming: incoming)
    }
  }

  /// Whether this person is among those whom the rotation has at `moment`.
  public func isOnCall(_ person: String, in rotation: String, at moment: Date) -> Bool {
    rotations[rotation].map { onCall(in: $0, at: moment).people.contains(person) } ?? false
  }

  /// The first moment, at `moment` or after, at which the rotation does not have this person; 60 days later at most, to look
  /// again then. Nil where there is no such rotation.
  public func shiftEnd(of person: String, in rotation: String, from moment: Date) -> Date? {
    guard let rotation = rotations[rotation] else { return nil }
    let times = handOffTimes(of: rotation)
    let limit = moment + Self.longestLook
    var time = moment
    while time < limit, onCall(in: rotation, at: time).people.contains(person) {
      time = times.next(after: time) ?? limit
    }
    return min(time, limit)
  }

  /// The ids of the rotations that answer for this recipient: itself, or those that a team or who stands in leads to.
  public func rotationsLeading(toRecipient id: String) -> [String] { rotations(from: id, inside: false).map(\.id) }

  /// The first moment after `moment` and before `limit` at which others than `people` are on call.
  private func change(
    of rotation: Rotation, from people: [String], after moment: Date, before limit: Date, _ times: HandOffTimes
  ) -> Date? {
    var time = times.next(after: moment)
    while let found = time, found < limit {
      if !same(onCall(in: rotation, at: found).people, people) { return found }
      time = times.next(after: found)
    }
    return nil
  }

  private func same(_ people: [String], _ others: [String]) -> Bool { people == others || Set(people) == Set(others) }

  private func handOffTimes(of rotation: Rotation) -> HandOffTimes {
    HandOffTimes(rotations(from: rotation.id, inside: true), in: self)
  }

  /// The rotations that an id leads to, each once.
  ///
  /// - Parameter inside: also those inside of rotations.
  private func rotations(from id: String, inside: Bool) -> [Rotation] {
    var found: [Rotation] = []
    var seen: Set<String> = []
    var ahead = [id]
    while let next = ahead.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let person = people[next] {
        if !person.active, let instead = person.instead { ahead.append(instead) }
      } else if let team = teams[next] {
        ahead += team.members.reversed()
      } else if let rotation = rotations[next] {
        found.append(rotation)
        if inside { ahead += rotation.everybody }
      }
    }
    return found
  }
}
