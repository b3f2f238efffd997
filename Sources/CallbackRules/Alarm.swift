import Foundation

/// Something about callbackd itself that the fallback is told, as a notice that belongs to no callback.
public struct Alarm: Sendable, Equatable {
  public var kind: Kind
  /// Since when: the daemon was down, the clock was wrong, nobody is on call, a service is silent, there is or was trouble.
  public var from: Date
  /// Until when; where it lasts, the moment at which that was told.
  public var until: Date
  /// How many promises passed meanwhile.
  public var promisesPassed: Int
  /// The id of the rotation.
  public var rotation: String?
  /// The id of the service.
  public var service: String?
  /// The id of the channel.
  public var channel: String?
  /// How many notices wait: for the channel, or in all.
  public var notices: Int
  /// The id of the person.
  public var person: String?

  /// The raw value is stored and stands in notification files.
  public enum Kind: String, Sendable, CaseIterable {
    /// The daemon did not run.
    case downTime = "down-time"
    /// The system's clock was set forward.
    case clockSet = "clock-set"
    /// Nobody is on call in a rotation.
    case coverageGap = "coverage-gap"
    /// The spool can't be used as it should, and that lasts.
    case spoolTrouble = "spool-trouble"
    /// Trouble with the spool that was told is over.
    case spoolRestored = "spool-restored"
    /// The store can't take anything, and that lasts.
    case storageTrouble = "storage-trouble"
    /// Trouble with the store that was told is over.
    case storageRestored = "storage-restored"
    /// A file has been unfinished for too long.
    case staleFiles = "stale-files"
    /// A service has sent nothing for too long, since `from`.
    case silentService = "silent-service"
    /// Nothing goes out by a channel, and that lasts.
    case channelTrouble = "channel-trouble"
    /// Trouble with a channel that was told is over.
    case channelRestored = "channel-restored"
    /// A notice that could go has waited for too long, since `from`, though no channel is known to fail for it.
    case deliveryTrouble = "delivery-trouble"
    /// No notice waits for too long any more, of which was told.
    case deliveryRestored = "delivery-restored"
    /// A mail that says that mails go out, so that it is missed when they don't.
    case canary = "mail-canary"
    /// A mail came in that belongs to no notice, or can't be read, and may be somebody's answer; `from` is that day's beginning.
    case strayAnswer = "stray-answer"
  }

  public init(
    _ kind: Kind, from: Date, until: Date, promisesPassed: Int = 0, rotation: String? = nil, service: String? = nil,
    channel: String? = nil, notices: Int = 0, person: String? = nil
  ) {
    self.kind = kind
    self.from = from
    self.until = until
    self.promisesPassed = promisesPassed
    self.rotation = rotation
    self.service = service
    self.channel = channel
    self.notices = notices
    self.person = person
  }

  /// How much it matters to whoever gets it.
  public var urgency: Urgency { kind == .canary ? .routine : .urgent }

  /// What tells it from others: one with the same key is raised once.
  public var key: String {
    "\(kind.rawValue):\(rotation ?? service ?? channel ?? person ?? ""):\(Int64(from.timeIntervalSince1970))"
  }
}
