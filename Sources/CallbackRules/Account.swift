/// The practice, a client of the answering service, that messages are for.
public struct Account: Sendable, Equatable {
  public var id: String
  /// Other ways in which messages write it.
  public var also: [String]
  /// Whom messages are for that name nobody: the id of a person, team or rotation; nil: the fallback.
  public var recipient: String?
  /// The id of the service that usually takes its calls.
  public var service: String?
  public var zone: Zone
  /// Whether `03/04` is the third of April; nil: as its service writes, else not.
  public var dayFirst: Bool?
  /// The urgency of a message that gives none.
  public var urgency: Urgency
  /// The name of the office hours that hold here in the place of a policy's.
  public var hours: String?
  /// Policies of its own; an urgency that has none here has the office's.
  public var policies: [Urgency: Policy]
  /// How its messages are written; wins over the service's.
  public var profile: Profile
  /// The Unix group whose members alone, of the staff, may see its callbacks; nil: all staff may.
  public var group: String?

  public init(
    id: String, also: [String] = [], recipient: String? = nil, service: String? = nil, zone: Zone,
    dayFirst: Bool? = nil, urgency: Urgency = .routine, hours: String? = nil, policies: [Urgency: Policy] = [:],
    profile: Profile = Profile(), group: String? = nil
  ) {
    self.id = id
    self.also = also
    self.recipient = recipient
    self.service = service
    self.zone = zone
    self.dayFirst = dayFirst
    self.urgency = urgency
    self.hours = hours
    self.policies = policies
    self.profile = profile
    self.group = group
  }
}

/// An answering service that sends messages.
public struct Service: Sendable, Equatable {
  /// Also the name of its folder in the spool.
  public var id: String
  /// What an unreadable message tells people to ring.
  public var phone: String
  /// Whether it writes `03/04` for the third of April; nil: as the account says.
  public var dayFirst: Bool?
  /// How its messages are written.
  public var profile: Profile
  /// How long a message may be overtaken by later ones, where its Refs count up for each account; nil: they don't.
  public var refsWithin: TimeSpan?
  /// Silent for longer, it raises an alarm; nil: never.
  public var quietAfter: TimeSpan?
  /// The name of the hours in which its silence counts; nil: around the clock.
  public var hours: String?

  public init(
    id: String, phone: String, dayFirst: Bool? = nil, profile: Profile = Profile(), refsWithin: TimeSpan? = nil,
    quietAfter: TimeSpan? = nil, hours: String? = nil
  ) {
    self.id = id
    self.phone = phone
    self.dayFirst = dayFirst
    self.profile = profile
    self.refsWithin = refsWithin
    self.quietAfter = quietAfter
    self.hours = hours
  }
}

/// A way in which notices travel, beside mail.
public struct Channel: Sendable, Equatable {
  public var id: String
  public var kind: Kind

  public enum Kind: Sendable, Equatable {
    /// The notification file alone, for a wall display or a script that watches the folder.
    case file
    /// A program with its arguments; `{key}` stands for a key of the person.
    case command([String])
  }

  /// The id of the channel that is always there.
  public static let mail = "mail"

  public init(id: String, kind: Kind) {
    self.id = id
    self.kind = kind
  }
}
