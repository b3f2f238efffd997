import CallbackRules

/// How the messages of one service and account are written: what their profiles say beside what every message may hold.
struct MessageLayout: Sendable {
  /// The account's first, then the service's: the first that knows a name or a word wins.
  let profiles: [ReadyProfile]

  /// Without profiles, as most messages have it.
  static let plain = MessageLayout(profiles: [])

  /// What becomes of a field with this name, and what says so; nil for a name that is not known.
  func use(of name: ArraySlice<UInt8>) -> (use: Profile.Use, by: Placement)? {
    if !profiles.isEmpty, name.count <= FieldName.longestName {
      let key = FieldName.key(of: name)
      for profile in profiles {
        if let use = profile.fields[key] { return (use, .profile(profile.owner)) }
      }
    }
    return FieldName.meaning(of: name).map { (.means($0), .name) }
  }

  /// The meaning of a name as somebody wrote it; nil for one that is not known, or that is kept as it is.
  func meaning(of name: ArraySlice<UInt8>) -> FieldName? { use(of: name)?.use.meaning }

  /// The field with this name.
  func field(line: Int, name: String, value: String) -> MessageField {
    let use = use(of: Array(name.utf8)[...])
    return MessageField(line: line, name: name, meaning: use?.use.meaning, value: value, placedBy: use?.by)
  }

  /// Fields that were read by another layout, with what their names mean in this one.
  func renamed(_ fields: [MessageField]) -> [MessageField] {
    fields.map { field(line: $0.line, name: $0.name, value: $0.value) }
  }

  /// Whether the same profiles say how messages are written.
  func isSame(as other: MessageLayout) -> Bool {
    profiles.lazy.map(\.owner).elementsEqual(other.profiles.lazy.map(\.owner))
  }

  var hasPatterns: Bool { profiles.contains { !$0.patterns.isEmpty } }
}

/// A profile as reading needs it, made once.
struct ReadyProfile: Sendable {
  let owner: Profile.Owner
  let fields: [String: Profile.Use]
  /// By the keys of words.
  let urgencyWords: [String: Urgency]
  let patterns: [MessagePattern]

  /// Nil for a profile that says nothing.
  init?(_ profile: Profile, of owner: Profile.Owner) {
    guard !profile.isEmpty else { return nil }
    self.owner = owner
    fields = profile.fields
    urgencyWords = UrgencyWords.keyed(profile.urgencyWords)
    patterns = profile.patterns
  }
}

/// The profiles of an office.
struct ReadyProfiles: Sendable {
  private let services: [String: ReadyProfile]
  private let accounts: [String: ReadyProfile]

  init(of office: Office) {
    services = office.services.compactMapValues { ReadyProfile($0.profile, of: .service($0.id)) }
    accounts = office.accounts.compactMapValues { ReadyProfile($0.profile, of: .account($0.id)) }
  }

  /// How messages are written that belong there.
  func layout(of belonging: Belonging) -> MessageLayout {
    if services.isEmpty, accounts.isEmpty { return .plain }
    let found = [belonging.account.flatMap { accounts[$0.id] }, belonging.service.flatMap { services[$0] }]
    return MessageLayout(profiles: found.compactMap { $0 })
  }
}

extension Profile.Use {
  /// Nil where it is kept as it is.
  var meaning: FieldName? {
    if case .means(let field) = self { field } else { nil }
  }
}

extension Profile.Owner {
  /// `service night-desk`
  public var name: String {
    switch self {
    case .service(let id): "service \(id)"
    case .account(let id): "account \(id)"
    }
  }
}
