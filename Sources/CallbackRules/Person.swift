/// Somebody who can be notified and can act.
public struct Person: Sendable, Equatable {
  /// Shares one name space with teams and rotations.
  public var id: String
  /// As people say it: `Dr. Rivera`.
  public var name: String
  /// Other ways in which messages write the name.
  public var also: [String]
  /// A plain address: no display name, not beginning with `-`.
  public var email: String?
  /// The local account that acts as this person.
  public var login: String?
  /// Ids of channels, in the order in which they are tried. Empty stands for mail alone.
  public var channels: [String]
  /// False for somebody who has left; what is for them goes to `instead`.
  public var active: Bool
  /// The id of the person who gets what an inactive person would get.
  public var instead: String?
  /// Hours of every day, on the clock of the site, in which routine notices wait; nil: none.
  public var quiet: OfficeHours?
  /// Further keys, for commands: `pager = "5550100"`.
  public var keys: [String: String]

  public init(
    id: String, name: String, also: [String] = [], email: String? = nil, login: String? = nil,
    channels: [String] = [], active: Bool = true, instead: String? = nil, quiet: OfficeHours? = nil,
    keys: [String: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.also = also
    self.email = email
    self.login = login
    self.channels = channels
    self.active = active
    self.instead = instead
    self.quiet = quiet
    self.keys = keys
  }

  /// Mail alone where none are given.
  public var channelsInOrder: [String] { channels.isEmpty ? [Channel.mail] : channels }
}

/// Several people who are told together.
public struct Team: Sendable, Equatable {
  public var id: String
  public var name: String
  /// Ids of persons, teams or rotations.
  public var members: [String]

  public init(id: String, name: String? = nil, members: [String]) {
    self.id = id
    self.name = name ?? id
    self.members = members
  }
}
