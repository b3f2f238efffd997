import CallbackRules
import Foundation
import GRDB

/// Rows of the tables `callback` and `message`.
extension Database {
  /// Inserts a callback with its message, and returns the number it got.
  func insert(_ callback: Callback, original: [UInt8]) throws -> Int64 {
    let message = callback.message
    try run(
      """
      INSERT INTO callback (kind, account, service, taken_at, admitted_at, \(Self.promiseColumns))
      VALUES (?, ?, ?, ?, ?, \(Self.promiseMarks))
      """,
      [
        callback.kind.rawValue, message.account, message.service, message.takenAt.columnSeconds,
        callback.admittedAt.columnSeconds,
      ] + Self.promiseValues(callback))
    let id = lastInsertedRowID
    try run(
      """
      INSERT INTO message (callback, problem, unknown_account, to_name, caller, relationship, phone, phone_digits, patient,
        date_of_birth, urgency, promised_at, reachable_until, voicemail_allowed, language, operator, ref, regarding, body,
        withdrawn, other_fields, notes, original)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, message.problem, message.unknownAccount, message.to, message.caller, message.relationship,
        message.callback?.written, message.callback?.digits, message.patient, message.dateOfBirth,
        message.urgency.rawValue, message.promisedAt?.columnSeconds, message.reachableUntil?.columnSeconds,
        message.voicemailAllowed, message.language, message.operatorName, message.ref, message.regarding, message.body,
        message.withdrawn, try ListColumn.encode(message.otherFields),
        try ListColumn.encode(strings: message.notes), Data(original),
      ])
    return id
  }

  /// Writes what a rule may have changed. The message stays as it is.
  func update(_ callback: Callback) throws {
    try run(
      "UPDATE callback SET (\(Self.promiseColumns)) = (\(Self.promiseMarks)) WHERE id = ?",
      Self.promiseValues(callback) + [callback.id])
  }

  func callback(_ id: Int64) throws -> Callback? {
    try Row.fetchOne(
      cachedStatement(sql: "\(Self.callbackSelect) WHERE callback.id = ?"), arguments: [id]
    ).map(Callback.init(row:))
  }

  /// Runs a statement that is prepared once.
  func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    let statement = try cachedStatement(sql: sql)
    let safe = values.map { value -> (any DatabaseValueConvertible)? in
      if let text = value as? String { text.withoutNul } else { value }
    }
    try statement.execute(arguments: StatementArguments(safe))
  }

  /// Every column of both tables but the bytes.
  static let callbackSelect = """
    SELECT callback.*, problem, unknown_account, to_name, caller, relationship, phone, phone_digits, patient, date_of_birth,
      message.urgency AS message_urgency, promised_at, reachable_until, voicemail_allowed, language, operator, ref,
      regarding, body, withdrawn, other_fields, notes
    FROM callback JOIN message ON message.callback = callback.id
    """

  private static let promiseColumns = """
    state, urgency, recipient, owner, owner_since, due_at, overdue, told_at, owned_at, reached_at, closed_at, own_by, \
    finish_by, retry_at, repeat_at, next_step, reminders_done, attempts, repeat_calls, wake_at
    """
  private static let promiseMarks = Array(repeating: "?", count: 20).joined(separator: ", ")

  private static func promiseValues(_ callback: Callback) -> [(any DatabaseValueConvertible)?] {
    [
      callback.state.rawValue, callback.urgency.rawValue, callback.recipient, callback.owner,
      callback.ownerSince?.columnSeconds, callback.dueAt.columnSeconds, callback.overdue,
      callback.toldAt?.columnSeconds, callback.ownedAt?.columnSeconds, callback.reachedAt?.columnSeconds,
      callback.closedAt?.columnSeconds, callback.ownBy?.columnSeconds, callback.finishBy?.columnSeconds,
      callback.retryAt?.columnSeconds, callback.repeatAt?.columnSeconds, callback.nextStep,
      callback.remindersDone, callback.attempts, callback.repeatCalls, callback.wakeAt?.columnSeconds,
    ]
  }
}

extension Callback {
  /// A row of `Database.callbackSelect`.
  init(row: Row) throws {
    self.init(
      kind: try row.word("kind"), message: try Message(row: row), recipient: row["recipient"],
      admittedAt: row.requiredDate("admitted_at"), dueAt: row.requiredDate("due_at"))
    id = row["id"]
    state = try row.word("state")
    urgency = try row.urgency("urgency")
    owner = row["owner"]
    ownerSince = row.date("owner_since")
    overdue = row["overdue"]
    toldAt = row.date("told_at")
    ownedAt = row.date("owned_at")
    reachedAt = row.date("reached_at")
    closedAt = row.date("closed_at")
    ownBy = row.date("own_by")
    finishBy = row.date("finish_by")
    retryAt = row.date("retry_at")
    repeatAt = row.date("repeat_at")
    nextStep = row["next_step"]
    remindersDone = row["reminders_done"]
    attempts = row["attempts"]
    repeatCalls = row["repeat_calls"]
    wakeAt = row.date("wake_at")
  }
}

extension Message {
  fileprivate init(row: Row) throws {
    self.init(
      takenAt: row.requiredDate("taken_at"), urgency: try row.urgency("message_urgency"), problem: row["problem"],
      service: row["service"], account: row["account"], to: row["to_name"], caller: row["caller"],
      patient: row["patient"], regarding: row["regarding"])
    if let written: String = row["phone"], let digits: String = row["phone_digits"] {
      callback = PhoneNumber(written: written, digits: digits)
    }
    unknownAccount = row["unknown_account"]
    relationship = row["relationship"]
    dateOfBirth = row["date_of_birth"]
    promisedAt = row.date("promised_at")
    reachableUntil = row.date("reachable_until")
    voicemailAllowed = row["voicemail_allowed"]
    language = row["language"]
    operatorName = row["operator"]
    ref = row["ref"]
    body = row["body"]
    withdrawn = row["withdrawn"]
    otherFields = try ListColumn.otherFields(row["other_fields"])
    notes = try ListColumn.strings(row["notes"])
  }
}
