import Foundation

extension Office {
  /// The people who are told when `id` is to be told at `moment`; empty if nobody can be.
  ///
  /// Teams and rotations are followed to their people, somebody who has left to whoever stands in, and those without any
  /// address are left out.
  public func people(for id: String, at moment: Date) -> [Person] {
    var found: [Person] = []
    var seen: Set<String> = []
    collect(id, at: moment, into: &found, seen: &seen)
    return found
  }

  /// The ids of teams, rotations and people who have left whose callbacks this person is told of at `moment`, sorted.
  public func others(leadingTo person: String, at moment: Date) -> [String] {
    let others = [people.keys.filter { $0 != person }, Array(teams.keys), Array(rotations.keys)].joined()
    return others.filter { people(for: $0, at: moment).contains { $0.id == person } }.sorted()
  }

  private func collect(_ id: String, at moment: Date, into found: inout [Person], seen: inout Set<String>) {
    guard seen.insert(id).inserted else { return }
    if let person = people[id] {
      if !person.active {
        if let instead = person.instead { collect(instead, at: moment, into: &found, seen: &seen) }
      } else if canBeTold(person) {
        found.append(person)
      }
    } else if let team = teams[id] {
      for member in team.members { collect(member, at: moment, into: &found, seen: &seen) }
    } else if let rotation = rotations[id], let member = rotation.onCall(at: moment, zone: zone) {
      collect(member, at: moment, into: &found, seen: &seen)
    }
  }

  /// The ids of the channels by which this person is told, in the order in which they are tried.
  public func channels(of person: Person) -> [String] {
    let wanted = person.channels.isEmpty ? [Channel.mail] : person.channels
    return wanted.filter { $0 == Channel.mail ? person.email != nil : channels[$0] != nil }
  }

  /// Whether any channel leads to this person.
  public func canBeTold(_ person: Person) -> Bool { !channels(of: person).isEmpty }
}

extension Office {
  /// Whether a person, team or rotation has this id.
  public func isKnown(_ id: String) -> Bool { people[id] != nil || teams[id] != nil || rotations[id] != nil }

  /// Whether this id leads to somebody at some time: a team, a rotation, a person who is there or has somebody instead.
  func isSomebody(_ id: String) -> Bool {
    var next = id
    for _ in 0...people.count {
      guard let person = people[next] else { return isKnown(next) }
      guard !person.active else { return true }
      guard let instead = person.instead else { return false }
      next = instead
    }
    return false
  }
}
