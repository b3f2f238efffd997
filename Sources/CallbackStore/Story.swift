import CallbackRules
import Foundation

/// A callback with everything that is known of it.
public struct Story: Sendable {
  public var callback: Callback
  /// What else came in for it, in the order in which it was put there.
  public var otherMessages: [OtherMessage]
  public var events: [Event]
  public var notices: [NoticeRecord]
  /// The bytes of the file that its message came from.
  public var original: [UInt8]
}

/// A message beside the one that is a callback's present one.
public struct OtherMessage: Sendable, Equatable {
  public var message: Message
  /// `.amendment`: what the callback's message was before it was amended.
  public var part: Admittance.Part
  /// When it came in; of one that was amended, when that happened.
  public var at: Date
}

/// A notice as it stands in the store.
public struct NoticeRecord: Sendable {
  public var number: Int64
  public var notice: Notice
  public var state: State
  public var tries: Int
  public var createdAt: Date
  public var settledAt: Date?
  /// The number of the notice with which its lease began: its own, or that of a digest; nil before the first try.
  public var bundle: Int64?
  /// What the last try that failed said.
  public var error: String?

  public enum State: String, Sendable {
    case waiting
    /// Somebody is handing it over.
    case sending
    case delivered
    case failed
    /// Before it was handed over the callback was closed; or it became an emergency, and another notice says so.
    case withdrawn
  }
}
