import Foundation

/// The promise made to one caller: what was promised, how far its escalation has come, and who has it.
public struct Callback: Sendable, Equatable {
  /// The number people say aloud. 0 until the store has given one.
  public var id: Int64
  public var kind: Kind
  public var state: State
  public var message: Message
  public var urgency: Urgency
  /// The id of the person, team or rotation that owes the call.
  public var recipient: String
  /// The id of the person who acknowledged it.
  public var owner: String?
  /// Since when that person has it.
  public var ownerSince: Date?
  /// The id of the rotation for which that person has it, on call; going off shift ends it.
  public var ownedFor: String?
  public var admittedAt: Date
  /// When the patient must have been reached. Never moves later.
  public var dueAt: Date
  /// What `dueAt` was taken from, and so whether the steps around it count open time.
  public var dueBasis: DueBasis

  /// Whether `dueAt` has passed while it was open.
  public var overdue: Bool

  /// The first notice that was handed over.
  public var toldAt: Date?
  /// The first acknowledgement since it was opened or reopened.
  public var ownedAt: Date?
  /// The first try to reach the patient.
  public var attemptedAt: Date?
  /// When the patient was spoken to.
  public var reachedAt: Date?
  public var closedAt: Date?
  /// The id of the person who closed it.
  public var closedBy: String?

  /// Until when somebody must acknowledge; nil once somebody has, or the clock has run out.
  public var ownBy: Date?
  /// Until when the owner must have reached the patient; nil while nobody owns it, or once the clock has run out.
  public var finishBy: Date?
  /// When the owner's snooze began, and when it ends; nil while nobody snoozes.
  public var snoozedAt: Date?
  public var snoozedUntil: Date?
  /// When the owner is to try again; nil if no try is waiting.
  public var retryAt: Date?
  /// When those of the last step taken are told again.
  public var repeatAt: Date?
  /// The index of the policy's next step that was not taken.
  public var nextStep: Int
  /// How many of the policy's reminders were given or skipped.
  public var remindersDone: Int
  /// Tries to reach the patient.
  public var attempts: Int
  /// How often the same caller rang again.
  public var repeatCalls: Int
  /// When all that is personal was deleted: its message, its number, and the words in its history.
  public var purgedAt: Date?
  /// When `advance` must look at it next. Nil only when it is closed.
  public var wakeAt: Date?

  public enum Kind: String, Sendable {
    case message
    /// A file that could not be understood; the service must be asked.
    case unreadable
    /// Messages that the service has sent, by its own numbers or its list, and that are not here; it must be asked.
    case missing
  }

  public enum State: String, Sendable, CaseIterable {
    /// Nobody has it.
    case open
    /// Somebody acknowledged it.
    case owned
    /// Its owner tried and has to try again.
    case retrying
    case closed
  }

  /// Why `dueAt` is when it is. The raw value is stored.
  public enum DueBasis: String, Sendable {
    /// The policy: spans around it count as the policy's do.
    case policy
    /// What the caller was told: wall time.
    case promised
    /// Until when the caller can be reached: wall time.
    case reachable
  }

  /// A new callback in state `open`, without clocks.
  public init(
    kind: Kind, message: Message, recipient: String, admittedAt: Date, dueAt: Date, dueBasis: DueBasis = .policy
  ) {
    id = 0
    self.kind = kind
    state = .open
    self.message = message
    urgency = message.urgency
    self.recipient = recipient
    self.admittedAt = admittedAt
    self.dueAt = dueAt
    self.dueBasis = dueBasis
    overdue = false
    nextStep = 0
    remindersDone = 0
    attempts = 0
    repeatCalls = 0
  }

  public var isOpen: Bool { state != .closed }
}
