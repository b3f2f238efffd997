import CallbackRules
import Foundation

/// How promises were kept: what became of the callbacks whose call was taken in a span of time, as they stood when it was made.
///
/// Persons, teams, rotations and accounts stand by their ids; `names` gives what people call them. No word of a patient.
public struct Report: Codable, Sendable, Equatable {
  public var site: String
  /// The IANA name of the zone by which days and hours are told.
  public var zone: String
  public var since: Date
  /// The first moment after the span.
  public var until: Date
  public var madeAt: Date
  /// Of all.
  public var total: Figures
  /// What `groups` are; nil: there are none.
  public var grouping: ReportQuery.Grouping?
  /// Every urgency, or every hour; of accounts and persons those that have callbacks, most of them first.
  public var groups: [Group]
  /// Every day of the span, by when calls were taken.
  public var days: [Day]
  /// Every hour of the week, Monday first, by when calls were taken.
  public var hours: [Hour]
  /// How many patients were reached within each of some times.
  public var reachTimes: [ReachTime]
  /// Whom steps told, the first step first, the fallback last.
  public var steps: [StepTold]
  /// Whatever is open when it was made, whenever it was taken.
  public var now: Now
  public var names: [String: String]

  public struct Group: Codable, Sendable, Equatable {
    /// An id, an urgency, or an hour (`00` to `23`); nil: the callbacks have no account.
    public var key: String?
    public var figures: Figures

    enum CodingKeys: String, CodingKey { case key, figures }

    public init(key: String?, figures: Figures) {
      self.key = key
      self.figures = figures
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(key, forKey: .key)
      try container.encode(figures, forKey: .figures)
    }
  }

  public struct Day: Codable, Sendable, Equatable {
    /// `2026-11-23`.
    public var date: String
    public var taken = 0
    public var kept = 0
    public var broken = 0
  }

  public struct Hour: Codable, Sendable, Equatable {
    /// 1 is Monday, 7 is Sunday.
    public var weekday: Int
    public var hour: Int
    public var taken = 0
    public var kept = 0
    public var broken = 0
  }

  public struct ReachTime: Codable, Sendable, Equatable {
    /// Up to so many seconds after the call was taken, and longer than the one before; nil: any longer time.
    public var upTo: Int?
    public var callbacks = 0

    enum CodingKeys: String, CodingKey {
      case upTo = "up_to"
      case callbacks
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(upTo, forKey: .upTo)
      try container.encode(callbacks, forKey: .callbacks)
    }

    /// The times between which patients are counted, in seconds.
    static let bounds = [300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400]
  }

  public struct StepTold: Codable, Sendable, Equatable {
    /// 1 is a policy's first step; nil: nobody else could be told, so the fallback was.
    public var step: Int?
    public var person: String
    /// Notices that were handed over.
    public var notices: Int
    public var callbacks: Int

    enum CodingKeys: String, CodingKey { case step, person, notices, callbacks }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(step, forKey: .step)
      try container.encode(person, forKey: .person)
      try container.encode(notices, forKey: .notices)
      try container.encode(callbacks, forKey: .callbacks)
    }
  }

  /// What is open.
  public struct Now: Codable, Sendable, Equatable {
    public var open: Int
    public var overdue: Int
    /// Open, and nobody's.
    public var unowned: Int
    /// The worst of those overdue: the most urgent first, of these the longest overdue.
    public var late: [Late]

    /// `late` has at most so many.
    public static let mostLate = 20

    public init(open: Int = 0, overdue: Int = 0, unowned: Int = 0, late: [Late] = []) {
      self.open = open
      self.overdue = overdue
      self.unowned = unowned
      self.late = late
    }
  }

  public struct Late: Codable, Sendable, Equatable {
    /// The callback's number.
    public var id: Int64
    public var account: String?
    public var urgency: String
    public var dueAt: Date
    public var recipient: String
    public var owner: String?

    enum CodingKeys: String, CodingKey {
      case id, account, urgency
      case dueAt = "due_at"
      case recipient, owner
    }

    public init(_ callback: Callback) {
      id = callback.id
      account = callback.message.account
      urgency = callback.urgency.name
      dueAt = callback.dueAt
      recipient = callback.recipient
      owner = callback.owner
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(id, forKey: .id)
      try container.encode(account, forKey: .account)
      try container.encode(urgency, forKey: .urgency)
      try container.encode(dueAt, forKey: .dueAt)
      try container.encode(recipient, forKey: .recipient)
      try container.encode(owner, forKey: .owner)
    }
  }

  enum CodingKeys: String, CodingKey {
    case site, zone, since, until
    case madeAt = "made_at"
    case total
    case grouping = "by"
    case groups, days, hours
    case reachTimes = "reach_times"
    case steps, now, names
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(site, forKey: .site)
    try container.encode(zone, forKey: .zone)
    try container.encode(since, forKey: .since)
    try container.encode(until, forKey: .until)
    try container.encode(madeAt, forKey: .madeAt)
    try container.encode(total, forKey: .total)
    try container.encode(grouping, forKey: .grouping)
    try container.encode(groups, forKey: .groups)
    try container.encode(days, forKey: .days)
    try container.encode(hours, forKey: .hours)
    try container.encode(reachTimes, forKey: .reachTimes)
    try container.encode(steps, forKey: .steps)
    try container.encode(now, forKey: .now)
    try container.encode(names, forKey: .names)
  }
}
