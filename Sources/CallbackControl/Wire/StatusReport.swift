import CallbackRules
import Foundation

/// How the daemon does: counts and sentences, no patient data.
public struct StatusReport: Codable, Sendable, Equatable {
  public var version: String
  public var startedAt: Date
  public var stages: Stages
  public var counts: Counts
  /// How late the callback is that is late the longest; null if none is.
  @Nullable public var oldestOverdueSeconds: Int?
  /// Notices that were not handed over yet.
  public var noticesWaiting: Int
  /// When the next callback must be looked at; null if none is open.
  @Nullable public var nextWakeAt: Date?
  /// Trouble that lasts, what was missed and made good today, and gaps in rotations that are near.
  public var alarms: [AlarmRow]

  public struct Stages: Codable, Sendable, Equatable {
    public var intake: Stage
    public var answers: Stage
    public var timer: Stage
    public var store: Stage
    public var delivery: Stage
    public var control: Stage

    public init(
      intake: Stage = Stage(), answers: Stage = Stage(), timer: Stage = Stage(), store: Stage = Stage(),
      delivery: Stage = Stage(), control: Stage = Stage()
    ) {
      self.intake = intake
      self.answers = answers
      self.timer = timer
      self.store = store
      self.delivery = delivery
      self.control = control
    }
  }

  public struct Stage: Codable, Sendable, Equatable {
    public var ok: Bool
    /// One sentence; where it is not ok: what, where, what to do.
    @Nullable public var detail: String?

    public init(ok: Bool = true, detail: String? = nil) {
      self.ok = ok
      self.detail = detail
    }
  }

  public struct Counts: Codable, Sendable, Equatable {
    /// All that are not closed.
    public var open: Int
    public var overdue: Int
    /// Open and somebody's.
    public var owned: Int
    /// Open and nobody's.
    public var unowned: Int

    public init(open: Int, overdue: Int, owned: Int, unowned: Int) {
      self.open = open
      self.overdue = overdue
      self.owned = owned
      self.unowned = unowned
    }
  }

  enum CodingKeys: String, CodingKey {
    case version
    case startedAt = "started_at"
    case stages, counts
    case oldestOverdueSeconds = "oldest_overdue_seconds"
    case noticesWaiting = "notices_waiting"
    case nextWakeAt = "next_wake_at"
    case alarms
  }

  public init(
    version: String, startedAt: Date, stages: Stages, counts: Counts, oldestOverdueSeconds: Int? = nil,
    noticesWaiting: Int, nextWakeAt: Date? = nil, alarms: [AlarmRow] = []
  ) {
    self.version = version
    self.startedAt = startedAt
    self.stages = stages
    self.counts = counts
    self.oldestOverdueSeconds = oldestOverdueSeconds
    self.noticesWaiting = noticesWaiting
    self.nextWakeAt = nextWakeAt
    self.alarms = alarms
  }
}

/// Something about callbackd itself that the fallback was told.
public struct AlarmRow: Codable, Sendable, Equatable {
  /// The raw value of an `Alarm.Kind`; a newer daemon may send others.
  public var kind: String
  public var from: Date
  public var until: Date
  public var promisesPassed: Int
  /// How many notices wait for a channel that fails.
  public var notices: Int
  /// The id of the channel by which nothing goes out.
  @Nullable public var channel: String?
  /// The id of the rotation in which nobody is on call.
  @Nullable public var rotation: String?
  /// The id of the service that is silent.
  @Nullable public var service: String?

  enum CodingKeys: String, CodingKey {
    case kind, from, until
    case promisesPassed = "promises_passed"
    case notices, channel, rotation, service
  }

  public init(_ alarm: Alarm) {
    kind = alarm.kind.rawValue
    from = alarm.from
    until = alarm.until
    promisesPassed = alarm.promisesPassed
    notices = alarm.notices
    channel = alarm.channel
    rotation = alarm.rotation
    service = alarm.service
  }
}
