import CallbackRules
import Foundation

/// Everything there is to say of one callback: its row, the rest of its message, its clocks, history and notices.
public struct CallbackDetail: Codable, Sendable, Equatable {
  public var callback: CallbackRow
  /// Why the message could not be understood, or not whole.
  @Nullable public var problem: String?
  /// Whom the message names, as written.
  @Nullable public var to: String?
  /// The account as written, where it named one that is not known.
  @Nullable public var unknownAccount: String?
  @Nullable public var relationship: String?
  @Nullable public var dateOfBirth: String?
  /// Who took the call.
  @Nullable public var operatorName: String?
  @Nullable public var body: String?
  public var withdrawn: Bool
  /// What was odd about the message and how it was read nevertheless.
  public var notes: [String]
  public var otherFields: [OtherField]
  public var admittedAt: Date
  @Nullable public var toldAt: Date?
  @Nullable public var ownedAt: Date?
  @Nullable public var attemptedAt: Date?
  @Nullable public var reachedAt: Date?
  @Nullable public var closedAt: Date?
  @Nullable public var closedBy: String?
  /// When what is personal of it was deleted; the fields of its message are null then, as are the texts of its events.
  @Nullable public var purgedAt: Date?
  /// The rotation for which its owner has it, as long as the shift lasts.
  @Nullable public var ownedFor: String?
  /// `policy`, `promised`, `reachable`: what the deadline was taken from.
  public var dueBasis: String
  @Nullable public var ownBy: Date?
  @Nullable public var finishBy: Date?
  @Nullable public var retryAt: Date?
  @Nullable public var snoozedUntil: Date?
  /// The latest of what else came in for it, in their order.
  public var otherMessages: [OtherMessageRow]
  /// In their order.
  public var events: [EventRow]
  public var notices: [NoticeRow]
  /// The bytes of the file or row, in base64; only where they were asked for and are still kept.
  @Nullable public var original: Data?

  /// A field with a name that is not known, as written.
  public struct OtherField: Codable, Sendable, Equatable {
    public var name: String
    public var value: String
  }

  enum CodingKeys: String, CodingKey {
    case callback, problem, to
    case unknownAccount = "unknown_account"
    case relationship
    case dateOfBirth = "date_of_birth"
    case operatorName = "operator"
    case body, withdrawn, notes
    case otherFields = "other_fields"
    case admittedAt = "admitted_at"
    case toldAt = "told_at"
    case ownedAt = "owned_at"
    case attemptedAt = "attempted_at"
    case reachedAt = "reached_at"
    case closedAt = "closed_at"
    case closedBy = "closed_by"
    case purgedAt = "purged_at"
    case ownedFor = "owned_for"
    case dueBasis = "due_basis"
    case ownBy = "own_by"
    case finishBy = "finish_by"
    case retryAt = "retry_at"
    case snoozedUntil = "snoozed_until"
    case otherMessages = "other_messages"
    case events, notices, original
  }

  public init(
    _ callback: Callback, otherMessages: [OtherMessageRow] = [], events: [Event], notices: [NoticeRow],
    original: Data? = nil, now: Date
  ) {
    let message = callback.message
    self.callback = CallbackRow(callback, now: now)
    problem = message.problem
    to = message.to
    unknownAccount = message.unknownAccount
    relationship = message.relationship
    dateOfBirth = message.dateOfBirth
    operatorName = message.operatorName
    body = message.body
    withdrawn = message.withdrawn
    notes = message.notes
    otherFields = message.otherFields.map { OtherField(name: $0.name, value: $0.value) }
    admittedAt = callback.admittedAt
    toldAt = callback.toldAt
    ownedAt = callback.ownedAt
    attemptedAt = callback.attemptedAt
    reachedAt = callback.reachedAt
    closedAt = callback.closedAt
    closedBy = callback.closedBy
    purgedAt = callback.purgedAt
    ownedFor = callback.ownedFor
    dueBasis = callback.dueBasis.rawValue
    ownBy = callback.ownBy
    finishBy = callback.finishBy
    retryAt = callback.retryAt
    snoozedUntil = callback.snoozedUntil
    self.otherMessages = otherMessages.suffix(OtherMessageRow.most)
    self.events = events.map(EventRow.init)
    self.notices = notices
    self.original = original
  }
}

/// One line of a callback's history.
public struct EventRow: Codable, Sendable, Equatable {
  public var at: Date
  /// `callbackd`, `service`, `person`.
  public var actor: String
  /// The id of the service or person; null where it is not known, or callbackd itself.
  @Nullable public var actorID: String?
  /// The local account that acted as the person.
  @Nullable public var login: String?
  /// The raw value of an `Event.Kind`; a newer daemon may send others.
  public var kind: String
  @Nullable public var person: String?
  /// The index of the policy's step.
  @Nullable public var step: Int?
  /// The number of the notice.
  @Nullable public var notice: Int64?
  @Nullable public var until: Date?
  /// The number of another callback that it is about.
  @Nullable public var other: Int64?
  /// The urgency that it sets.
  @Nullable public var urgency: String?
  @Nullable public var text: String?

  enum CodingKeys: String, CodingKey {
    case at, actor
    case actorID = "actor_id"
    case login, kind, person, step, notice, until, other, urgency, text
  }

  public init(_ event: Event) {
    at = event.at
    switch event.actor {
    case .callbackd:
      actor = "callbackd"
    case .service(let id):
      actor = "service"
      actorID = id
    case .person(let id, let login):
      actor = "person"
      actorID = id.isEmpty ? nil : id
      self.login = login
    }
    kind = event.kind.rawValue
    person = event.person
    step = event.step
    notice = event.notice
    until = event.until
    other = event.other
    urgency = event.urgency?.name
    text = event.text
  }
}

/// One notice about a callback and what became of it.
public struct NoticeRow: Codable, Sendable, Equatable {
  public var number: Int64
  public var person: String
  public var reason: String
  /// The id of the channel it goes or went by.
  @Nullable public var channel: String?
  /// `waiting`, `delivered`, `failed`: the store's words.
  public var state: String
  public var tries: Int
  public var createdAt: Date
  /// When the quiet hours of its person end, where it waits for that.
  @Nullable public var notBefore: Date?
  @Nullable public var settledAt: Date?
  /// Why the last try did not succeed.
  @Nullable public var error: String?

  enum CodingKeys: String, CodingKey {
    case number, person, reason, channel, state, tries
    case createdAt = "created_at"
    case notBefore = "not_before"
    case settledAt = "settled_at"
    case error
  }

  public init(
    number: Int64, person: String, reason: String, channel: String? = nil, state: String, tries: Int, createdAt: Date,
    notBefore: Date? = nil, settledAt: Date? = nil, error: String? = nil
  ) {
    self.number = number
    self.person = person
    self.reason = reason
    self.channel = channel
    self.state = state
    self.tries = tries
    self.createdAt = createdAt
    self.notBefore = notBefore
    self.settledAt = settledAt
    self.error = error
  }
}
