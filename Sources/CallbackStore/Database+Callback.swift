import CallbackRules
import Foundation
import GRDB

/// Rows of the table `callback`.
extension Database {
  /// Inserts a callback with its message.
  ///
  /// - Returns: the number it got, and what its first event is to vouch for.
  func insert(_ callback: Callback, original: [UInt8]) throws -> (id: Int64, proof: Proof) {
    let values = Self.promiseValues(callback)
    try run(Self.insertCallback, values)
    let id = lastInsertedRowID
    let digest = try insert(callback.message, original: original, of: id)
    let facts = Self.factDigest(of: id, values, purgedAt: callback.purgedAt)
    return (id, Proof(facts: nil, facts, messages: [.put(digest)]))
  }

  /// Writes what a rule may have changed. Only an amendment changes the message itself, which is written elsewhere.
  ///
  /// - Returns: digests of what the row said before, and says now.
  func update(_ old: Callback, to new: Callback) throws -> (before: Data, after: Data) {
    let (before, after) = (Self.promiseValues(old), Self.promiseValues(new))
    if Self.sortedPlaces.contains(where: { before[$0] != after[$0] }) {
      try run(Self.updateCallback, after, [.of(old.id)])
    } else {
      try run(Self.updateUnsorted, Self.unsortedPlaces.map { after[$0] }, [.of(old.id)])
    }
    return (
      Self.factDigest(of: old.id, before, purgedAt: old.purgedAt),
      Self.factDigest(of: old.id, after, purgedAt: new.purgedAt)
    )
  }

  func callback(_ id: Int64) throws -> Callback? {
    try callbacks(bound("\(Self.callbackSelect) WHERE callback.id = ?", [.of(id)])).first
  }

  /// The callbacks of a statement that begins with `callbackSelect`.
  func callbacks(_ statement: Statement) throws -> [Callback] {
    try found(statement).map { try $0.callback.get() }
  }

  /// A row of `callbackSelect`.
  struct Found {
    var id: Int64
    /// Or why it can't be read, which need not keep its reader from the others.
    var callback: Result<Callback, any Error>
  }

  /// What a statement that begins with `callbackSelect` finds.
  func found(_ statement: Statement) throws -> [Found] {
    // Each is made while the statement stands on it: values of a row that GRDB has copied take four times as long to get.
    try Array(
      Row.fetchCursor(statement).map { row in
        Found(id: row[0], callback: Result { try Callback(row: row) })
      })
  }

  /// Every column of both tables but the bytes and the salt.
  static let callbackSelect = "SELECT \(callbackSelection) FROM callback JOIN message ON message.callback = callback.id"
  private static let callbackSelection =
    (callbackColumnNames.map { "callback.\($0)" }
    + messageColumnNames.map { $0 == messageUrgency ? "message.urgency AS \($0)" : "message.\($0)" })
    .joined(separator: ", ")
  /// The columns of a row of it, in their order.
  fileprivate static let selectedColumnNames = callbackColumnNames + messageColumnNames
  private static let callbackColumnNames = ["id"] + promiseColumnNames + ["purged_at"]
  private static let messageUrgency = "message_urgency"
  private static let messageColumnNames = [
    "problem", "unknown_account", "to_name", "caller", "relationship", "phone", "phone_digits", "patient",
    "date_of_birth", messageUrgency, "promised_at", "reachable_until", "voicemail_allowed", "language", "operator",
    "ref", "regarding", "body", "withdrawn", "other_fields", "notes", "mail_id",
  ]

  static let promiseColumnNames = [
    "kind", "account", "service", "taken_at", "admitted_at", "state", "urgency", "recipient", "owner", "owner_since",
    "owned_for", "due_at", "due_basis", "overdue", "told_at",
    "owned_at", "attempted_at", "reached_at", "closed_at", "closed_by", "own_by", "finish_by", "snoozed_at",
    "snoozed_until", "retry_at", "repeat_at", "next_step", "reminders_done", "attempts", "repeat_calls", "wake_at",
  ]
  private static let promiseColumns = promiseColumnNames.joined(separator: ", ")
  private static let promiseMarks = promiseColumnNames.map { _ in "?" }.joined(separator: ", ")

  /// What the callback's row says, once it is written.
  static func factDigest(of id: Int64, _ callback: Callback) -> Data {
    factDigest(of: id, promiseValues(callback), purgedAt: callback.purgedAt)
  }

  private static func factDigest(of id: Int64, _ values: [DatabaseValue], purgedAt: Date?) -> Data {
    factDigest(
      of: id, factPlaces.map { $0.map { values[$0] } ?? purgedAt?.columnSeconds.databaseValue ?? .null })
  }

  /// Where each of `factColumns` stands among the promise's; nil for `purged_at`, which no rule changes.
  private static let factPlaces = factColumns.map { promiseColumnNames.firstIndex(of: $0) }

  private static let insertCallback = "INSERT INTO callback (\(promiseColumns)) VALUES (\(promiseMarks))"
  private static let updateCallback = "UPDATE callback SET (\(promiseColumns)) = (\(promiseMarks)) WHERE id = ?"

  /// By these, and by `wake_at`, which nearly always changes, indexes are sorted, or hold a part of the rows. Where an update names
  /// one, SQLite takes the row out of those indexes and puts it in again, whether or not it is another.
  static let sortedColumns: Set = ["taken_at", "urgency", "due_at", "closed_at"]
  private static let sortedPlaces = promiseColumnNames.indices.filter { sortedColumns.contains(promiseColumnNames[$0]) }
  private static let unsortedPlaces = promiseColumnNames.indices.filter { !sortedPlaces.contains($0) }
  private static let updateUnsorted = """
    UPDATE callback SET (\(unsortedPlaces.map { promiseColumnNames[$0] }.joined(separator: ", "))) =
      (\(unsortedPlaces.map { _ in "?" }.joined(separator: ", "))) WHERE id = ?
    """

  /// Of `promiseColumnNames`.
  private static func promiseValues(_ callback: Callback) -> [DatabaseValue] {
    [
      .of(callback.kind.rawValue), .of(callback.message.account), .of(callback.message.service),
      .of(callback.message.takenAt), .of(callback.admittedAt), .of(callback.state.rawValue),
      .of(callback.urgency.rawValue), .of(callback.recipient), .of(callback.owner), .of(callback.ownerSince),
      .of(callback.ownedFor), .of(callback.dueAt), .of(callback.dueBasis.rawValue), .of(callback.overdue),
      .of(callback.toldAt), .of(callback.ownedAt), .of(callback.attemptedAt), .of(callback.reachedAt),
      .of(callback.closedAt), .of(callback.closedBy), .of(callback.ownBy), .of(callback.finishBy),
      .of(callback.snoozedAt), .of(callback.snoozedUntil), .of(callback.retryAt), .of(callback.repeatAt),
      .of(callback.nextStep), .of(callback.remindersDone), .of(callback.attempts), .of(callback.repeatCalls),
      .of(callback.wakeAt),
    ]
  }
}

extension Callback {
  /// A row of `Database.callbackSelect`, read in about the order of its columns.
  init(row: Row) throws {
    let row = OrderedRow(row, columns: Database.selectedColumnNames)
    let number: Int64 = row["id"]
    let kind: Kind = try row.word("kind")
    let message = try Message(row: row)
    let admittedAt = row.requiredDate("admitted_at")
    let state: State = try row.word("state")
    let urgency = try row.urgency("urgency")
    let recipient: String = row["recipient"]
    let owner: String? = row["owner"]
    let ownerSince = row.date("owner_since")
    let ownedFor: String? = row["owned_for"]
    self.init(
      kind: kind, message: message, recipient: recipient, admittedAt: admittedAt, dueAt: row.requiredDate("due_at"),
      dueBasis: try row.word("due_basis"))
    id = number
    self.state = state
    self.urgency = urgency
    self.owner = owner
    self.ownerSince = ownerSince
    self.ownedFor = ownedFor
    overdue = row["overdue"]
    toldAt = row.date("told_at")
    ownedAt = row.date("owned_at")
    attemptedAt = row.date("attempted_at")
    reachedAt = row.date("reached_at")
    closedAt = row.date("closed_at")
    closedBy = row["closed_by"]
    ownBy = row.date("own_by")
    finishBy = row.date("finish_by")
    snoozedAt = row.date("snoozed_at")
    snoozedUntil = row.date("snoozed_until")
    retryAt = row.date("retry_at")
    repeatAt = row.date("repeat_at")
    nextStep = row["next_step"]
    remindersDone = row["reminders_done"]
    attempts = row["attempts"]
    repeatCalls = row["repeat_calls"]
    wakeAt = row.date("wake_at")
    purgedAt = row.date("purged_at")
  }
}
