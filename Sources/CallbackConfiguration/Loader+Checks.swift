import CallbackRules

/// What can only be checked when all people are known.
extension Loader {
  func checkPeople(fallback: String?, fallbackPlace: Place) {
    checkLogins()
    checkChannelsOfPersons()
    checkPlaceholders()
    checkCircles()
    if let fallback { checkFallback(fallback, at: fallbackPlace) }
  }

  // MARK: - Persons

  /// A local account acts as one person.
  private func checkLogins() {
    var owners: [String: String] = [:]
    for (person, table) in people where person.active {
      guard let login = person.login else { continue }
      if let other = owners.updateValue(person.id, forKey: login) {
        table.problem("login", "\(quoted(login)) acts as \(quoted(other)) already; write it at one person only")
      }
    }
  }

  /// Whoever has a channel needs what it takes.
  private func checkChannelsOfPersons() {
    for (person, table) in people where person.active && !table.failed {
      for key in missingKeys(of: person) {
        table.problem(
          "channels",
          "\(quoted(key.channel)) needs the key `\(key.name)`; write it here (\(key.name) = \"…\"), or remove the channel"
        )
      }
      if person.channels.isEmpty, person.email == nil {
        table.warning(
          "email", "is missing, so \(quoted(person.id)) can't be told and is passed over; write one, or `channels`")
      }
    }
  }

  /// A key that nobody has, or that no command takes, is a slip or no longer needed.
  private func checkPlaceholders() {
    let wanted = Set(channels.flatMap(\.value.placeholders))
    for (channel, table) in channels {
      for key in channel.placeholders where people.allSatisfy({ $0.value.value(ofKey: key) == nil }) {
        let remedy =
          didYouMean(key, among: people.flatMap(\.value.keys.keys).sorted())
          ?? "write \(key) = \"…\" at whoever is told this way"
        table.warning("run", "no person has the key `\(key)`; \(remedy)")
      }
    }
    for (person, table) in people {
      for key in person.keys.keys.sorted() where !wanted.contains(key) {
        table.warning(key, "no channel's command uses the key `\(key)`; remove it, or write {\(key)} in a command")
      }
    }
  }

  private func missingKeys(of person: Person) -> [(channel: String, name: String)] {
    person.channels.flatMap { id in
      needs(of: id).filter { person.value(ofKey: $0) == nil }.map { (id, $0) }
    }
  }

  /// The keys that this channel takes from a person.
  private func needs(of channel: String) -> [String] {
    channel == Channel.mail ? ["email"] : channels.first { $0.value.id == channel }?.value.placeholders ?? []
  }

  // MARK: - Circles

  /// A team that contains itself, or people who stand in for one another, never end at a person.
  private func checkCircles() {
    let persons = people.filter { $0.value.instead != nil }.map {
      Knot(id: $0.value.id, next: [$0.value.instead ?? ""], table: $0.table)
    }
    report(persons, key: "instead", "stands in for itself")
    let groups =
      teams.map { Knot(id: $0.value.id, next: $0.value.members, table: $0.table) }
      + rotations.map { Knot(id: $0.value.id, next: $0.value.everybody, table: $0.table) }
    report(groups, key: "members", "contains itself")
  }

  /// Something with an id that leads on to others.
  private struct Knot {
    var id: String
    var next: [String]
    var table: TableReader
  }

  /// Reports each circle once, at the first of those in it.
  private func report(_ knots: [Knot], key: String, _ what: String) {
    let next = Dictionary(knots.map { ($0.id, $0.next) }, uniquingKeysWith: { first, _ in first })
    var inCircles: Set<String> = []
    for knot in knots where !inCircles.contains(knot.id) {
      guard let circle = path(from: knot.id, backTo: knot.id, next) else { continue }
      inCircles.formUnion(circle)
      let way = circle.map { "`\($0)`" }.joined(separator: " → ")
      knot.table.problem(key, "\(quoted(knot.id)) \(what) (\(way)); remove one of them here")
    }
  }

  /// The shortest way, with both ends; nil if there is none.
  private func path(from start: String, backTo end: String, _ next: [String: [String]]) -> [String]? {
    var ways = [[start]]
    var seen: Set<String> = []
    while !ways.isEmpty {
      let way = ways.removeFirst()
      for id in next[way.last ?? start] ?? [] {
        if id == end { return way + [id] }
        if seen.insert(id).inserted { ways.append(way + [id]) }
      }
    }
    return nil
  }

  // MARK: - Fallback

  /// Nobody comes after the fallback, so there must be somebody in it at every moment.
  private func checkFallback(_ id: String, at place: Place) {
    var seen: Set<String> = []
    guard !canAlwaysBeTold(id, &seen) else { return }
    let reason =
      if rotations.contains(where: { $0.value.id == id }) {
        "is a rotation, which may have nobody on call; write a person, or a team with a person in it"
      } else {
        "can't be told: inactive, or without address and channel; write an `email` there, or another id here"
      }
    findings.problem(place, "\(quoted(id)) \(reason)")
  }

  /// Ids that are not known, and persons with problems of their own, count as told: that was reported.
  private func canAlwaysBeTold(_ id: String, _ seen: inout Set<String>) -> Bool {
    guard seen.insert(id).inserted, !rotations.contains(where: { $0.value.id == id }) else { return false }
    if let team = teams.first(where: { $0.value.id == id })?.value {
      return team.members.contains { canAlwaysBeTold($0, &seen) }
    }
    guard let section = people.first(where: { $0.value.id == id }), !section.table.failed else { return true }
    let person = section.value
    if !person.active { return person.instead.map { canAlwaysBeTold($0, &seen) } ?? false }
    let channels = person.channels.isEmpty ? [Channel.mail] : person.channels
    return channels.contains { needs(of: $0).allSatisfy { person.value(ofKey: $0) != nil } }
  }

  /// The mail that shows that mails go out has to go to somebody by mail. A rotation's shifts are not looked at.
  private func mayGetMail(_ id: String, _ seen: inout Set<String>) -> Bool {
    guard seen.insert(id).inserted else { return false }
    if let team = teams.first(where: { $0.value.id == id })?.value {
      return team.members.contains { mayGetMail($0, &seen) }
    }
    guard let person = people.first(where: { $0.value.id == id })?.value, person.active else { return true }
    return person.email != nil && person.channelsInOrder.contains(Channel.mail)
  }

  func checkOperator(_ id: String, at place: Place) {
    var seen: Set<String> = []
    guard !mayGetMail(id, &seen) else { return }
    findings.problem(
      place,
      "\(quoted(id)) is not told by mail; write somebody with an `email`, and with \"mail\" among the `channels`")
  }

  // MARK: - Names

  /// A name that fits two is no name: messages with it go to the account's recipient.
  func warnOfNamesThatFitTwo(_ office: Office) {
    for (person, table) in people {
      for (key, names) in [("name", [person.name]), ("also", person.also)] {
        for name in names where office.id(named: name) != person.id {
          table.warning(
            key,
            "\(quoted(name)) fits somebody else too, so messages to it go to the account's recipient; write it at one of them only"
          )
        }
      }
    }
  }
}
