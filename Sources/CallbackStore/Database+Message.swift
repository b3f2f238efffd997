import CallbackRules
import Foundation
import GRDB

/// Rows of the tables `message`, one a callback, and `other_message`, whatever else came in for it.
extension Database {
  func insert(_ message: Message, original: [UInt8], of id: Int64) throws {
    try run(Self.insertMessage, [id] + Self.messageValues(message) + [Data(original)])
  }

  func insertOther(
    _ message: Message, original: [UInt8], as part: Admittance.Part, of id: Int64, at now: Date
  ) throws {
    try run(
      """
      INSERT INTO other_message (callback, part, at, account, service, taken_at, \(Self.messageColumns), original)
      VALUES (?, ?, ?, ?, ?, ?, \(Self.messageMarks), ?)
      """,
      [id, part.rawValue, now.columnSeconds, message.account, message.service, message.takenAt.columnSeconds]
        + Self.messageValues(message) + [Data(original)])
  }

  /// Puts another message in the place of the callback's own, which is kept beside it.
  func amend(with message: Message, original: [UInt8], of id: Int64, at now: Date) throws {
    try run(
      """
      INSERT INTO other_message (callback, part, at, account, service, taken_at, \(Self.messageColumns), original)
      SELECT callback.id, ?, ?, account, service, taken_at, \(Self.ownMessageColumns), original
      FROM callback JOIN message ON message.callback = callback.id WHERE callback.id = ?
      """, [Admittance.Part.amendment.rawValue, now.columnSeconds, id])
    try run(
      "UPDATE message SET (\(Self.messageColumns), original) = (\(Self.messageMarks), ?) WHERE callback = ?",
      Self.messageValues(message) + [Data(original), id])
  }

  func otherMessages(of id: Int64) throws -> [OtherMessage] {
    try Row.fetchAll(
      cachedStatement(
        sql: "SELECT *, urgency AS message_urgency FROM other_message WHERE callback = ? ORDER BY id"),
      arguments: [id]
    ).map { row in
      OtherMessage(message: try Message(row: row), part: try row.word("part"), at: row.requiredDate("at"))
    }
  }

  func original(of id: Int64) throws -> [UInt8] {
    let data = try Data.fetchOne(
      cachedStatement(sql: "SELECT original FROM message WHERE callback = ?"), arguments: [id])
    return data.map { [UInt8]($0) } ?? []
  }

  /// Whether these are the bytes of any message of that callback.
  ///
  /// - Parameter ref: of that message; nil: whatever Ref it has.
  func isOriginal(_ bytes: Data, ref: String? = nil, of id: Int64) throws -> Bool {
    try ["message", "other_message"].contains { table in
      try Bool.fetchOne(
        cachedStatement(
          sql: """
            SELECT EXISTS (SELECT 1 FROM \(table) WHERE callback = ? AND original = ? AND coalesce(ref = ?, ? IS NULL))
            """),
        arguments: [id, bytes, ref, ref]) ?? false
    }
  }

  private static let messageColumnNames = [
    "problem", "unknown_account", "to_name", "caller", "relationship", "phone", "phone_digits", "patient",
    "date_of_birth", "urgency", "promised_at", "reachable_until", "voicemail_allowed", "language", "operator", "ref",
    "regarding", "body", "withdrawn", "other_fields", "notes", "mail_id",
  ]
  private static let messageColumns = messageColumnNames.joined(separator: ", ")
  /// Where `callback` is joined, which has an urgency as well.
  private static let ownMessageColumns = messageColumnNames.map { "message." + $0 }.joined(separator: ", ")
  private static let messageMarks = messageColumnNames.map { _ in "?" }.joined(separator: ", ")

  private static let insertMessage =
    "INSERT INTO message (callback, \(messageColumns), original) VALUES (?, \(messageMarks), ?)"

  private static func messageValues(_ message: Message) throws -> [(any DatabaseValueConvertible)?] {
    [
      message.problem, message.unknownAccount, message.to, message.caller, message.relationship,
      message.callback?.written, message.callback?.digits, message.patient, message.dateOfBirth,
      message.urgency.rawValue, message.promisedAt?.columnSeconds, message.reachableUntil?.columnSeconds,
      message.voicemailAllowed, message.language, message.operatorName, message.ref, message.regarding, message.body,
      message.withdrawn, try ListColumn.encode(message.otherFields), try ListColumn.encode(strings: message.notes),
      message.mailID,
    ]
  }
}

extension Message {
  /// A row of `Database.callbackSelect`, or of `other_message` with its urgency as `message_urgency`.
  init(row: Row) throws {
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
    mailID = row["mail_id"]
  }
}
