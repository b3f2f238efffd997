import CallbackRules
import Foundation

/// A message of a callback beside its present one: a repeat call, what it was before an amendment, a withdrawal.
public struct OtherMessageRow: Codable, Sendable, Equatable {
  /// When it came in; of one that was amended, when that happened.
  public var at: Date
  /// The raw value of an `Admittance.Part`; `amendment`: what the message was before. A newer daemon may send others.
  public var part: String
  public var takenAt: Date
  public var urgency: String
  @Nullable public var service: String?
  /// Whom it names, as written.
  @Nullable public var to: String?
  @Nullable public var caller: String?
  /// The number to ring, as written.
  @Nullable public var callback: String?
  @Nullable public var patient: String?
  @Nullable public var regarding: String?
  @Nullable public var body: String?

  enum CodingKeys: String, CodingKey {
    case at, part
    case takenAt = "taken_at"
    case urgency, service, to, caller, callback, patient, regarding, body
  }

  /// At most so many are given, the latest: somebody may ring all night.
  static let most = 200

  /// - Parameter message: its longer values are cut, as in a row.
  public init(_ message: Message, part: Admittance.Part, at: Date) {
    self.at = at
    self.part = part.rawValue
    takenAt = message.takenAt
    urgency = message.urgency.name
    service = CallbackRow.cut(message.service)
    to = CallbackRow.cut(message.to)
    caller = CallbackRow.cut(message.caller)
    callback = CallbackRow.cut(message.callback?.written)
    patient = CallbackRow.cut(message.patient)
    regarding = CallbackRow.cut(message.regarding)
    body = CallbackRow.cut(message.body)
  }
}
