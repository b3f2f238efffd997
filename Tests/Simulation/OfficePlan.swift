import CallbackRules
import Foundation

/// The configuration of an office, as an administrator who makes no mistakes that `--check` would find might write it, and
/// change it between reloads.
struct OfficePlan {
  var people: [Person] = []
  var teams: [Team] = []
  var rotations: [Rotation] = []
  var hours: [OfficeHours] = []
  var policies: [Policy] = []
  var accounts: [Account] = []
  var zone = Zone.utc
  var repeatCaller = RepeatCaller()
  /// Also the one who is always there.
  var fallback = "manager"

  /// Ids of people, teams and rotations: who may be named.
  var everybody: [String] { people.map(\.id) + teams.map(\.id) + rotations.map(\.id) }

  var office: Office {
    Office(
      name: "Riverside", zone: zone, fallback: fallback, people: people, teams: teams, rotations: rotations,
      hours: hours, policies: policies, services: [Service(id: Self.service, phone: "+1 555 010 9000")],
      accounts: accounts, channels: [Channel(id: "wall", kind: .file), Channel(id: "pager", kind: .command(["page"]))],
      repeatCaller: repeatCaller)
  }

  static let service = "night-desk"

  /// Places with and without clock changes, by a half hour too.
  static let zones = [
    "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Phoenix", "Africa/Casablanca",
  ].compactMap { Zone($0) }

  // MARK: - A new office

  /// - Parameter start: the first day that matters.
  init(start: CivilTime, chance: inout Chance) {
    zone = chance.one(of: Self.zones)
    repeatCaller = RepeatCaller(
      within: TimeSpan(seconds: chance.one(of: [6, 24, 48, 96]) * 3600), raise: chance.one(of: [0, 1, 1, 2]))
    hours = [
      OfficeHours(name: "office", spans: Self.spans(&chance), closedDays: Self.holidays(from: start, &chance)),
      OfficeHours(
        name: "nights",
        spans: [OfficeHours.OpenSpan(weekdays: Set(0...6), opensMinute: 18 * 60, closesMinute: 7 * 60)]),
    ]
    people = (0..<chance.number(3...6)).map { Self.person($0, &chance) }
    people.append(Person(id: fallback, name: "Jo Park", email: "park@riverside.example"))
    if chance.percent(25) { people[people.count - 1].quiet = Self.quiet(&chance) }
    teams = [Team(id: "nurses", members: members(1...3, &chance))]
    rotations = (0..<chance.number(1...2)).map { rotation($0, start: start, &chance) }
    policies = Urgency.allCases.map { policy($0, &chance) }
    accounts = (0..<chance.number(1...3)).map { account($0, &chance) }
  }

  private static func spans(_ chance: inout Chance) -> [OfficeHours.OpenSpan] {
    let weekdays: Set<Int> = chance.percent(80) ? [1, 2, 3, 4, 5] : [1, 3, 6]
    let opens = chance.number(14...20) * 30
    return [
      OfficeHours.OpenSpan(weekdays: weekdays, opensMinute: opens, closesMinute: 720),
      OfficeHours.OpenSpan(weekdays: weekdays, opensMinute: 780, closesMinute: chance.number(30...36) * 30),
    ]
  }

  private static func holidays(from start: CivilTime, _ chance: inout Chance) -> [CivilTime] {
    (0..<chance.number(0...3)).map { _ in start.adding(days: chance.number(0...40)) }
  }

  private static func person(_ index: Int, _ chance: inout Chance) -> Person {
    let names = ["rivera", "chen", "lee", "okafor", "novak", "haddad"]
    var person = Person(id: names[index], name: names[index].capitalized, email: "\(names[index])@riverside.example")
    person.channels = chance.weighed([(5, []), (3, ["pager", "mail"]), (2, ["wall"])])
    if person.channels.isEmpty, chance.percent(8) { person.email = nil }
    if chance.percent(12) {
      person.active = false
      person.instead = chance.percent(60) ? names[chance.number(0...2)] : nil
      if person.instead == person.id { person.instead = nil }
    }
    if chance.percent(40) { person.quiet = quiet(&chance) }
    return person
  }

  /// Hours of every day, mostly of the night, at most fourteen.
  static func quiet(_ chance: inout Chance) -> OfficeHours {
    let begins = chance.percent(80) ? chance.number(40...47) : chance.number(0...47)
    let ends = (begins + chance.number(1...28)) % 48
    return OfficeHours(
      name: "quiet",
      spans: [OfficeHours.OpenSpan(weekdays: Set(0...6), opensMinute: begins * 30, closesMinute: ends * 30)])
  }

  private func members(_ count: ClosedRange<Int>, _ chance: inout Chance) -> [String] {
    let ids = people.map(\.id)
    var members: [String] = []
    for _ in 0..<chance.number(count) {
      let id = chance.one(of: ids)
      if !members.contains(id) { members.append(id) }
    }
    return members
  }

  private func rotation(_ index: Int, start: CivilTime, _ chance: inout Chance) -> Rotation {
    var rotation = Rotation(
      id: ["oncall", "weekend"][index], members: members(2...3, &chance),
      starts: start.adding(days: -chance.number(0...20)),
      every: chance.one(of: [TimeSpan(days: 7), TimeSpan(days: 1), TimeSpan(seconds: 12 * 3600)]))
    if chance.percent(40) {
      rotation.layers.append(
        Rotation.Layer(
          members: members(1...2, &chance) + (chance.percent(30) ? ["nurses"] : []), starts: start.adding(days: -3),
          every: TimeSpan(days: 2), hours: chance.percent(80) ? "nights" : nil))
    }
    if chance.percent(20) { rotation.layers[0].hours = "office" }
    rotation.overrides = (0..<chance.number(0...2)).map { _ in
      let from = start.adding(days: chance.number(0...20))
      return Rotation.Override(
        from: from, until: from.adding(days: chance.number(1...3)), person: chance.one(of: people).id)
    }
    return rotation
  }

  // MARK: - Policies

  func policy(_ urgency: Urgency, _ chance: inout Chance) -> Policy {
    let given = Self.within(urgency, &chance)
    let names = everybody + [Policy.recipient, Policy.recipient, Policy.recipient]
    let hasHours = urgency < .emergency && chance.percent(urgency == .routine ? 70 : 25)
    var after = chance.percent(20) ? -given.seconds / 4 : 0
    let steps = (0..<chance.number(1...4)).map { _ in
      defer { after += chance.number(1...8) * max(given.seconds / 8, 300) }
      return Policy.Step(
        after: TimeSpan(seconds: after),
        notify: (0..<(chance.percent(15) ? 2 : 1)).map { _ in chance.one(of: names) },
        repeatEvery: chance.percent(30) ? TimeSpan(seconds: chance.number(2...8) * max(given.seconds / 8, 300)) : nil)
    }
    return Policy(
      urgency: urgency, callBackWithin: given, hours: hasHours ? "office" : nil,
      announce: chance.weighed([(8, [Policy.recipient]), (1, []), (2, [chance.one(of: names)])]),
      ownWithin: chance.percent(40) ? TimeSpan(seconds: chance.number(1...4) * max(given.seconds / 6, 120)) : nil,
      remindBefore: (0..<chance.number(0...2)).map { _ in TimeSpan(seconds: chance.number(1...4) * given.seconds / 6) },
      finishWithin: chance.percent(40) ? TimeSpan(seconds: chance.number(1...4) * max(given.seconds / 4, 300)) : nil,
      snoozeAtMost: chance.percent(40) ? TimeSpan(seconds: chance.number(1...4) * max(given.seconds / 6, 300)) : nil,
      steps: steps, retry: Self.retry(given, &chance))
  }

  private static func within(_ urgency: Urgency, _ chance: inout Chance) -> TimeSpan {
    switch urgency {
    case .emergency: TimeSpan(seconds: chance.number(1...4) * 600)
    case .urgent: TimeSpan(seconds: chance.number(1...8) * 1800)
    case .routine:
      chance.percent(25) ? TimeSpan(days: chance.number(1...2)) : TimeSpan(seconds: chance.number(2...12) * 3600)
    }
  }

  private static func retry(_ given: TimeSpan, _ chance: inout Chance) -> Policy.Retry {
    Policy.Retry(
      noAnswer: TimeSpan(seconds: chance.number(2...12) * max(given.seconds / 12, 60)),
      busy: TimeSpan(seconds: chance.number(1...6) * max(given.seconds / 24, 60)),
      voicemail: TimeSpan(seconds: chance.number(2...12) * max(given.seconds / 6, 120)), attempts: chance.number(1...5))
  }

  private func account(_ index: Int, _ chance: inout Chance) -> Account {
    Account(
      id: ["riverside", "hilltop", "harbour"][index], recipient: chance.percent(70) ? chance.one(of: everybody) : nil,
      service: Self.service, zone: chance.percent(70) ? zone : chance.one(of: Self.zones),
      hours: chance.percent(25) ? "nights" : nil,
      policies: chance.percent(25) ? [.urgent: policy(.urgent, &chance)] : [:])
  }
}
