import Foundation

/// Everything the rules know of the office they work for: the configuration, as far as promises depend on it.
public struct Office: Sendable {
  /// The site's name, for mails.
  public var name: String
  public var zone: Zone
  /// For numbers written without one, digits only.
  public var countryCode: String
  /// The id of who hears of what has nobody else, and of alarms.
  public var fallback: String
  public var people: [String: Person]
  public var teams: [String: Team]
  public var rotations: [String: Rotation]
  public var hours: [String: OfficeHours]
  /// One for each urgency; an account may have others.
  public var policies: [Urgency: Policy]
  public var services: [String: Service]
  public var accounts: [String: Account]
  public var channels: [String: Channel]
  /// Words for urgencies beside the built-in ones, in lower case.
  public var urgencyWords: [String: Urgency]
  public var repeatCaller: RepeatCaller
  private let names: NameIndex

  public init(
    name: String, zone: Zone, countryCode: String = "1", fallback: String, people: [Person] = [],
    teams: [Team] = [], rotations: [Rotation] = [], hours: [OfficeHours] = [], policies: [Policy],
    services: [Service] = [], accounts: [Account] = [], channels: [Channel] = [],
    urgencyWords: [String: Urgency] = [:], repeatCaller: RepeatCaller = RepeatCaller()
  ) {
    self.name = name
    self.zone = zone
    self.countryCode = countryCode
    self.fallback = fallback
    self.people = Self.byKey(people, \.id)
    self.teams = Self.byKey(teams, \.id)
    self.rotations = Self.byKey(rotations, \.id)
    self.hours = Self.byKey(hours, \.name)
    self.policies = Self.byKey(policies, \.urgency)
    self.services = Self.byKey(services, \.id)
    self.accounts = Self.byKey(accounts, \.id)
    self.channels = Self.byKey(channels, \.id)
    self.urgencyWords = urgencyWords
    self.repeatCaller = repeatCaller
    self.names = NameIndex(people: people, teams: teams, rotations: rotations)
    precondition(
      Urgency.allCases.allSatisfy { self.policies[$0] != nil }, "an office has a policy for each urgency")
  }

  private static func byKey<Value, Key: Hashable>(_ values: [Value], _ key: KeyPath<Value, Key>) -> [Key: Value] {
    Dictionary(values.map { ($0[keyPath: key], $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The policy for this urgency, the account's own where it has one.
  public func policy(for urgency: Urgency, account: String? = nil) -> Policy {
    if let own = account.flatMap({ accounts[$0]?.policies[urgency] }) { return own }
    guard let policy = policies[urgency] else { preconditionFailure("no policy for \(urgency.name)") }
    return policy
  }

  /// How the spans of this policy are counted for this account.
  public func counting(of policy: Policy, account: String?) -> Counting {
    let account = account.flatMap { accounts[$0] }
    let zone = account?.zone ?? zone
    guard policy.urgency < .emergency, let name = policy.hours, let hours = hours[account?.hours ?? name] else {
      return .aroundTheClock(zone)
    }
    return .openTime(hours, zone)
  }

  /// The account's zone, or the site's.
  public func zone(ofAccount account: String?) -> Zone {
    account.flatMap { accounts[$0]?.zone } ?? zone
  }

  /// The account that a message names so, by id or by one of its other names, ignoring case; nil if there is none.
  public func account(named written: some StringProtocol) -> Account? {
    let wanted = written.lowercased()
    return accounts.values.first { account in
      account.id.lowercased() == wanted || account.also.contains { $0.lowercased() == wanted }
    }
  }

  /// The person whose local account this is.
  public func person(login: String) -> Person? {
    people.values.first { $0.login == login && $0.active }
  }

  /// The id of the person, team or rotation that a message names so; nil if it names nobody or fits two.
  ///
  /// Tried whole, without the parentheses, inside them (`Referrals (Dana)`).
  public func id(named written: String) -> String? { names.id(named: written) }

  /// The Unix groups to which accounts are limited.
  public var accountGroups: Set<String> { Set(accounts.values.compactMap(\.group)) }

  /// Whether all staff may see the callbacks of this account, whatever groups they are in.
  ///
  /// Those of no account may be seen: they must not be nobody's. Of an account that is no longer there it is not known
  /// whether it had a group, so they are closed where any account has one.
  public func isOpenToAllStaff(account: String?) -> Bool {
    guard let account else { return true }
    guard let known = accounts[account] else { return accountGroups.isEmpty }
    return known.group == nil
  }

  /// What people call whoever has this id.
  public func displayName(of id: String) -> String {
    people[id]?.name ?? teams[id]?.name ?? rotations[id]?.name ?? id
  }
}

/// When a further call of the same caller belongs to the callback that is there.
public struct RepeatCaller: Sendable, Equatable {
  /// So long after the call before, or after the callback was closed.
  public var within: TimeSpan
  /// By how many levels the urgency is raised.
  public var raise: Int

  public init(within: TimeSpan = TimeSpan(seconds: 48 * 3600), raise: Int = 1) {
    self.within = within
    self.raise = raise
  }
}
