import Foundation

extension Office {
  /// The people who are told when `id` is to be told at `moment`; empty if nobody can be.
  ///
  /// Teams and rotations are followed to their people, somebody who has left to whoever stands in, and those without any
  /// address are left out.
  ///
  /// A rotation asks whoever stands highest: overrides, then its layers. One whose member can't be told (has left and nobody
  /// stands in, has no address, is a team with nobody in it) is passed over for the one below. Another member of the same
  /// layer is not asked, because the turn is not theirs; where no layer is left, nobody is told, and the step falls through.
  public func people(for id: String, at moment: Date) -> [Person] {
    var known: [String: [String]] = [:]
    return ids(for: id, at: moment, &known).compactMap { people[$0] }
  }

  /// The ids of teams, rotations and people who have left whose callbacks this person is told of at `moment`, sorted.
  public func others(leadingTo person: String, at moment: Date) -> [String] {
    let others = [people.keys.filter { $0 != person }, Array(teams.keys), Array(rotations.keys)].joined()
    var known: [String: [String]] = [:]
    return others.filter { ids(for: $0, at: moment, &known).contains(person) }.sorted()
  }

  /// Who is on call at `moment`: the person or team that has the shift, and the ids of who is told; nil and nobody in a gap.
  func onCall(in rotation: Rotation, at moment: Date) -> (member: String?, people: [String]) {
    var known = [rotation.id: [String]()]
    return onCall(in: rotation, at: moment, &known)
  }

  private func onCall(
    in rotation: Rotation, at moment: Date, _ known: inout [String: [String]]
  ) -> (member: String?, people: [String]) {
    for member in rotation.candidates(at: moment, zone: zone, hours: hours) {
      let people = ids(for: member, at: moment, &known)
      if !people.isEmpty { return (member, people) }
    }
    return (nil, [])
  }

  /// - Parameter known: who is told for other ids at this moment; for those that are just being followed nobody, so that circles
  ///   come to an end.
  private func ids(for id: String, at moment: Date, _ known: inout [String: [String]]) -> [String] {
    if let found = known[id] { return found }
    known[id] = []
    var found: [String] = []
    if let person = people[id] {
      if person.active {
        found = canBeTold(person) ? [id] : []
      } else if let instead = person.instead {
        found = ids(for: instead, at: moment, &known)
      }
    } else if let team = teams[id] {
      var seen: Set<String> = []
      found = team.members.flatMap { ids(for: $0, at: moment, &known) }.filter { seen.insert($0).inserted }
    } else if let rotation = rotations[id] {
      found = onCall(in: rotation, at: moment, &known).people
    }
    known[id] = found
    return found
  }

  /// The ids of the channels by which this person is told, in the order in which they are tried.
  public func channels(of person: Person) -> [String] { person.channelsInOrder.filter { leads($0, to: person) } }

  /// Whether this channel leads to this person: it is there, and mail has an address.
  public func leads(_ channel: String, to person: Person) -> Bool {
    channel == Channel.mail ? person.email != nil : channels[channel] != nil
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
