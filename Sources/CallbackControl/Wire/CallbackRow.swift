import CallbackRules
import Foundation

/// A callback in one row, as `list` gives it: the keys are a promise to programs.
///
/// Persons, teams and rotations stand by their ids.
public struct CallbackRow: Codable, Sendable, Equatable {
  public var id: Int64
  /// `message`; `unreadable` for a file that could not be understood; `missing` for messages that did not come in.
  public var kind: String
  public var account: String?
  public var service: String?
  public var urgency: String
  /// `open`, `owned`, `retrying`, `closed`.
  public var state: String
  public var recipient: String
  public var owner: String?
  public var caller: String?
  /// The number to ring, as it was written.
  public var callback: String?
  public var patient: String?
  public var regarding: String?
  /// The service's own number for it.
  public var ref: String?
  public var language: String?
  public var voicemailOK: Bool
  public var reachableUntil: Date?
  public var takenAt: Date
  public var promisedAt: Date?
  public var dueAt: Date
  public var wakeAt: Date?
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

/// By hand: what is synthesised makes an encoder, or a decoder, for each value that may be null and for each time, which for a page of
/// rows takes longer than to look them up.
extension CallbackRow {
  public init(from decoder: any Decoder) throws {
    let row = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String? { try row.decodeIfPresent(String.self, forKey: key) }
    func time(_ key: CodingKeys) throws -> Date? {
      try text(key).map { written in
        guard let date = ControlCoding.date(timestamp: written) else {
          throw DecodingError.dataCorruptedError(forKey: key, in: row, debugDescription: ControlCoding.howTimesAre)
        }
        return date
      }
    }
    func requiredTime(_ key: CodingKeys) throws -> Date {
      guard let date = try time(key) else {
        throw DecodingError.dataCorruptedError(forKey: key, in: row, debugDescription: ControlCoding.howTimesAre)
      }
      return date
    }
    id = try row.decode(Int64.self, forKey: .id)
    kind = try row.decode(String.self, forKey: .kind)
    (account, service) = (try text(.account), try text(.service))
    urgency = try row.decode(String.self, forKey: .urgency)
    state = try row.decode(String.self, forKey: .state)
    recipient = try row.decode(String.self, forKey: .recipient)
    (owner, caller, callback, patient) = (try text(.owner), try text(.caller), try text(.callback), try text(.patient))
    (regarding, ref, language) = (try text(.regarding), try text(.ref), try text(.language))
    voicemailOK = try row.decode(Bool.self, forKey: .voicemailOK)
    (reachableUntil, promisedAt, wakeAt) = (try time(.reachableUntil), try time(.promisedAt), try time(.wakeAt))
    (takenAt, dueAt) = (try requiredTime(.takenAt), try requiredTime(.dueAt))
    overdueSeconds = try row.decode(Int.self, forKey: .overdueSeconds)
    step = try row.decode(Int.self, forKey: .step)
    attempts = try row.decode(Int.self, forKey: .attempts)
    repeatCalls = try row.decode(Int.self, forKey: .repeatCalls)
  }

  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: CodingKeys.self)
    func put(_ text: String?, _ key: CodingKeys) throws {
      if let text { try row.encode(text, forKey: key) } else { try row.encodeNil(forKey: key) }
    }
    func put(_ time: Date?, _ key: CodingKeys) throws { try put(time?.timestamp, key) }
    try row.encode(id, forKey: .id)
    for (text, key) in [
      (kind, .kind), (account, .account), (service, .service), (urgency, .urgency), (state, .state),
      (recipient, .recipient), (owner, .owner), (caller, .caller), (callback, .callback), (patient, .patient),
      (regarding, .regarding), (ref, .ref), (language, .language),
    ] as [(String?, CodingKeys)] { try put(text, key) }
    try row.encode(voicemailOK, forKey: .voicemailOK)
    for (time, key) in [
      (reachableUntil, .reachableUntil), (takenAt, .takenAt), (promisedAt, .promisedAt), (dueAt, .dueAt),
      (wakeAt, .wakeAt),
    ] as [(Date?, CodingKeys)] { try put(time, key) }
    for (count, key) in [
      (overdueSeconds, .overdueSeconds), (step, .step), (attempts, .attempts), (repeatCalls, .repeatCalls),
    ] as [(Int, CodingKeys)] { try row.encode(count, forKey: key) }
  }
}
