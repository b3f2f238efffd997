import CallbackRules
import Foundation
import GRDB

/// Rows of the tables `message`, one a callback, and `other_message`, whatever else came in for it.
extension Database {
  /// - Returns: its digest.
  func insert(_ message: Message, original: [UInt8], of id: Int64) throws -> Data {
    let said = try SaltedMessage(message, original: original)
    try run(Self.insertMessage, [id.databaseValue], said.values)
    return said.digest
  }

  /// - Returns: its digest.
  func insertOther(
    _ message: Message, original: [UInt8], as part: Admittance.Part, of id: Int64, at now: Date
  ) throws -> Data {
    let said = try SaltedMessage(message, original: original)
    let about: [DatabaseValue] = [
      .of(id), .of(part.rawValue), .of(now), .of(message.account), .of(message.service), .of(message.takenAt),
    ]
    try run(
      """
      INSERT INTO other_message (callback, part, at, account, service, taken_at, \(Self.saidColumnList), salt)
      VALUES (?, ?, ?, ?, ?, ?, \(Self.saidMarks), ?)
      """, about, said.values)
    return said.digest
  }

  /// Puts another message in the place of the callback's own, which is kept beside it.
  ///
  /// - Returns: its digest.
  func amend(with message: Message, original: [UInt8], of id: Int64, at now: Date) throws -> Data {
    let said = try SaltedMessage(message, original: original)
    try run(
      """
      INSERT INTO other_message (callback, part, at, account, service, taken_at, \(Self.saidColumnList), salt)
      SELECT callback.id, ?, ?, account, service, taken_at, \(Self.ownSaidColumns), salt
      FROM callback JOIN message ON message.callback = callback.id WHERE callback.id = ?
      """, [Admittance.Part.amendment.rawValue, now.columnSeconds, id])
    try run(
      "UPDATE message SET (\(Self.saidColumnList), salt) = (\(Self.saidMarks), ?) WHERE callback = ?",
      said.values, [id.databaseValue])
    return said.digest
  }

  /// Writes the patient whom the callback's message did not name.
  ///
  /// - Returns: what that did to the message; nil where it names this one already.
  func complete(patient: String?, of id: Int64) throws -> MessageHistory.Change? {
    let before = try messageDigests("message", of: id)
    try run(
      "UPDATE message SET patient = ? WHERE callback = ? AND patient IS NOT ?", [patient, id, patient])
    guard changesCount > 0, let before = before.first, let after = try messageDigests("message", of: id).first else {
      return nil
    }
    return .completed(before, after)
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

  /// Where `callback` is joined, which has an urgency as well.
  private static let ownSaidColumns = saidColumns.map { "message." + $0 }.joined(separator: ", ")
  private static let saidMarks = saidColumns.map { _ in "?" }.joined(separator: ", ")

  private static let insertMessage =
    "INSERT INTO message (callback, \(saidColumnList), salt) VALUES (?, \(saidMarks), ?)"

  /// Of `saidColumns`.
  fileprivate static func saidValues(_ message: Message, original: [UInt8]) throws -> [DatabaseValue] {
    [
      .of(message.problem), .of(message.unknownAccount), .of(message.to), .of(message.caller),
      .of(message.relationship), .of(message.callback?.written), .of(message.callback?.digits), .of(message.patient),
      .of(message.dateOfBirth), .of(message.urgency.rawValue), .of(message.promisedAt), .of(message.reachableUntil),
      .of(message.voicemailAllowed), .of(message.language), .of(message.operatorName), .of(message.ref),
      .of(message.regarding), .of(message.body), .of(message.withdrawn),
      .of(try ListColumn.encode(message.otherFields)), .of(try ListColumn.encode(strings: message.notes)),
      .of(message.mailID), .of(Data(original)),
    ]
  }
}

/// A message as it is written, with its salt.
private struct SaltedMessage {
  /// Of `Database.saidColumns`, then the salt.
  var values: [DatabaseValue]
  var digest: Data

  init(_ message: Message, original: [UInt8]) throws {
    values = try Database.saidValues(message, original: original)
    let salt = Salt.make().databaseValue
    digest = Database.messageDigest(salt: salt, values)
    values.append(salt)
  }
}

extension Message {
  /// A row of `Database.callbackSelect`, or of `other_message` with its urgency as `message_urgency`.
  ///
  /// Read in about the order of its columns.
  init(row: some NamedColumns) throws {
    let account: String? = row["account"]
    let service: String? = row["service"]
    let takenAt = row.requiredDate("taken_at")
    let problem: String? = row["problem"]
    let unknownAccount: String? = row["unknown_account"]
    let to: String? = row["to_name"]
    let caller: String? = row["caller"]
    let relationship: String? = row["relationship"]
    let phone: String? = row["phone"]
    let digits: String? = row["phone_digits"]
    let patient: String? = row["patient"]
    let dateOfBirth: String? = row["date_of_birth"]
    self.init(
      takenAt: takenAt, urgency: try row.urgency("message_urgency"), problem: problem, service: service,
      account: account, to: to, caller: caller, patient: patient)
    if let phone, let digits { callback = PhoneNumber(written: phone, digits: digits) }
    self.unknownAccount = unknownAccount
    self.relationship = relationship
    self.dateOfBirth = dateOfBirth
    promisedAt = row.date("promised_at")
    reachableUntil = row.date("reachable_until")
    voicemailAllowed = row["voicemail_allowed"]
    language = row["language"]
    operatorName = row["operator"]
    ref = row["ref"]
    regarding = row["regarding"]
    body = row["body"]
    withdrawn = row["withdrawn"]
    otherFields = try ListColumn.otherFields(row["other_fields"])
    notes = try ListColumn.strings(row["notes"])
    mailID = row["mail_id"]
  }
}
