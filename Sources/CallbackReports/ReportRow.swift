import CallbackRules
import Foundation

/// What a report needs to know of one callback. Nothing of its message: no report holds patients' data.
///
/// Times are whole seconds since 1970.
public struct ReportRow: Sendable, Equatable {
  public var kind: Callback.Kind
  /// The id of the account; nil where none is known.
  public var account: String?
  public var urgency: Urgency
  /// The id of the person, team or rotation that owes the call.
  public var recipient: String
  /// The id of the person who has it, or had it last.
  public var owner: String?
  public var takenAt: Int
  public var admittedAt: Int
  public var dueAt: Int
  /// The first notice that was handed over.
  public var toldAt: Int?
  /// The first acknowledgement since it was opened, or reopened.
  public var ownedAt: Int?
  /// The first try to reach the patient.
  public var attemptedAt: Int?
  /// When the patient was reached; nil again after it was reopened.
  public var reachedAt: Int?
  public var closedAt: Int?
  /// When its service said that the caller no longer wants a call. Known where the patient was not reached in time.
  public var withdrawnAt: Int?
  /// Whether it is closed because the patient declined.
  public var isDeclined = false
  public var attempts = 0
  public var repeatCalls = 0
  /// The notices of its steps, and those to the fallback, that were handed over.
  public var told: [Told] = []

  /// One notice that a step had, and that was handed over.
  public struct Told: Sendable, Hashable {
    /// The index of the step; nil: nobody else could be told, so the fallback was.
    public var step: Int?
    /// The id of the person.
    public var person: String

    public init(step: Int?, person: String) {
      self.step = step
      self.person = person
    }
  }

  public init(
    kind: Callback.Kind = .message, account: String?, urgency: Urgency, recipient: String, owner: String? = nil,
    takenAt: Int, admittedAt: Int, dueAt: Int
  ) {
    self.kind = kind
    self.account = account
    self.urgency = urgency
    self.recipient = recipient
    self.owner = owner
    self.takenAt = takenAt
    self.admittedAt = admittedAt
    self.dueAt = dueAt
  }
}
