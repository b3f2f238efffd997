import CallbackRules
import Foundation

/// A callback in one row, as `list` gives it: the keys are a promise to programs.
///
/// Persons, teams and rotations stand by their ids.
public struct CallbackRow: Codable, Sendable, Equatable {
  public var id: Int64
  /// `message`; `unreadable` for a file that could not be understood; `missing` for messages that did not come in.
  public var kind: String
  @Nullable public var account: String?
  @Nullable public var service: String?
  public var urgency: String
  /// `open`, `owned`, `retrying`, `closed`.
  public var state: String
  public var recipient: String
  @Nullable public var owner: String?
  @Nullable public var caller: String?
  /// The number to ring, as it was written.
  @Nullable public var callback: String?
  @Nullable public var patient: String?
  @Nullable public var regarding: String?
  /// The service's own number for it.
  @Nullable public var ref: String?
  @Nullable public var language: String?
  public var voicemailOK: Bool
  @Nullable public var reachableUntil: Date?
  public var takenAt: Date
  @Nullable public var promisedAt: Date?
  public var dueAt: Date
  @Nullable public var wakeAt: Date?
  /// 0 for one that is not overdue, or is closed.
  public var overdueSeconds: Int
  /// How many steps of the policy were taken.
  public var step: Int
  public var attempts: Int
  public var repeatCalls: Int

  enum CodingKeys: String, CodingKey {
    case id, kind, account, service, urgency, state, recipient, owner, caller, callback, patient, regarding, ref
    case language
    case voicemailOK = "voicemail_ok"
    case reachableUntil = "reachable_until"
    case takenAt = "taken_at"
    case promisedAt = "promised_at"
    case dueAt = "due_at"
    case wakeAt = "wake_at"
    case overdueSeconds = "overdue_seconds"
    case step, attempts
    case repeatCalls = "repeat_calls"
  }

  /// A longer value is cut and ends in "…", so that a page of rows stays a few hundred kilobytes; the original has it whole.
  static let longestValue = 1000

  public init(_ callback: Callback, now: Date) {
    let message = callback.message
    id = callback.id
    kind = callback.kind.rawValue
    account = Self.cut(message.account)
    service = Self.cut(message.service)
    urgency = callback.urgency.name
    state = callback.state.rawValue
    recipient = callback.recipient
    owner = callback.owner
    caller = Self.cut(message.caller)
    self.callback = Self.cut(message.callback?.written)
    patient = Self.cut(message.patient)
    regarding = Self.cut(message.regarding)
    ref = Self.cut(message.ref)
    language = Self.cut(message.language)
    voicemailOK = message.voicemailAllowed
    reachableUntil = message.reachableUntil
    takenAt = message.takenAt
    promisedAt = message.promisedAt
    dueAt = callback.dueAt
    wakeAt = callback.wakeAt
    overdueSeconds = callback.isOpen ? max(0, Int(now.timeIntervalSince(callback.dueAt))) : 0
    step = callback.nextStep
    attempts = callback.attempts
    repeatCalls = callback.repeatCalls
  }

  static func cut(_ text: String?) -> String? {
    guard let text, text.utf8.count > longestValue else { return text }
    // Scalars, not characters: one character can hold any number of combining marks.
    var kept = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += String(scalar).utf8.count
      if bytes > longestValue { return String(kept) + "…" }
      kept.append(scalar)
    }
    return text
  }
}
