import CallbackRules
import Foundation
import GRDB

/// What an event vouches for beside itself.
struct Proof {
  /// The digest of what the callback's row says after it; before that, where it is another, of what the row said before it.
  ///
  /// Both, so that a change past the rules is found also where the rules went on from it.
  private(set) var facts: Data?
  var messages: [MessageHistory.Change] = []

  init(messages: [MessageHistory.Change] = []) {
    self.messages = messages
  }

  init(facts before: Data? = nil, _ after: Data, messages: [MessageHistory.Change] = []) {
    facts = before.map { $0 == after ? after : $0 + after } ?? after
    self.messages = messages
  }
}

/// The chain of events: each has a digest over the one before it, so that none can be changed, taken out or moved without all
/// that follow.
///
/// What may be patient data goes into a digest of its own, with a salt that stands beside it. A purge takes both away, and the
/// chain still holds.
extension Database {
  /// The columns of an event that its digest is over, besides the digest before it.
  static let chainedColumns = [
    "id", "callback", "at", "actor", "login", "kind", "person", "step", "notice", "until", "other", "urgency",
    "messages",
    "facts", "personal",
  ]
  static let chainedColumnList = chainedColumns.joined(separator: ", ")

  static func eventDigest(after previous: Data?, _ chained: some Sequence<DatabaseValue>) -> Data {
    var input = DigestInput("callbackd event 1")
    input.add(previous.databaseValue)
    input.add(chained)
    return input.digest
  }

  static func textDigest(_ text: DatabaseValue, salt: DatabaseValue) -> Data {
    var input = DigestInput("callbackd text 1")
    input.add(salt)
    input.add(text)
    return input.digest
  }

  // MARK: - What the callback's row says

  /// The columns that say what was promised and what became of it. Each change of one of them leaves an event.
  static let factColumns = [
    "kind", "account", "service", "taken_at", "admitted_at", "due_at", "due_basis", "state", "urgency", "recipient",
    "owner",
    "overdue", "told_at", "owned_at", "attempted_at", "reached_at", "closed_at", "closed_by", "attempts",
    "repeat_calls",
    "purged_at",
  ]

  /// - Parameter values: of `factColumns`, in their order.
  static func factDigest(of id: Int64, _ values: some Sequence<DatabaseValue>) -> Data {
    var input = DigestInput("callbackd callback 1")
    input.add(id.databaseValue)
    input.add(values)
    return input.digest
  }

  // MARK: - What a message says

  /// The columns of `message` and `other_message` that a message's digest is over, in their order.
  static let saidColumns = [
    "problem", "unknown_account", "to_name", "caller", "relationship", "phone", "phone_digits", "patient",
    "date_of_birth",
    "urgency", "promised_at", "reachable_until", "voicemail_allowed", "language", "operator", "ref", "regarding",
    "body",
    "withdrawn", "other_fields", "notes", "mail_id", "original",
  ]
  static let saidColumnList = saidColumns.joined(separator: ", ")

  /// - Parameter values: of `saidColumns`, in their order.
  static func messageDigest(salt: DatabaseValue, _ values: some Sequence<DatabaseValue>) -> Data {
    var input = DigestInput("callbackd message 1")
    input.add(salt)
    input.add(values)
    return input.digest
  }

  // MARK: - Adding to it

  /// Appends an event to the chain.
  ///
  /// Its number is given here, because the digest is over it too: one more than any that ever was, as SQLite would give.
  func append(_ event: Event, of id: Int64, newest: Int64?, proof: Proof) throws {
    let last = try recordEnd()
    let text = event.text.map { DatabaseValue.of($0) }
    let salt = text.map { _ in Salt.make().databaseValue }
    let personal = text.map { Self.textDigest($0, salt: salt ?? .null) }
    let chained: [DatabaseValue] = [
      .of(last.number + 1), .of(id), .of(event.at), .of(event.actor.column), .of(event.actor.loginColumn),
      .of(event.kind.rawValue), .of(event.person), .of(event.step), .of(event.notice), .of(event.until),
      .of(event.other == Event.newCallback ? newest : event.other), .of(event.urgency?.rawValue),
      .of(MessageHistory.column(proof.messages)), .of(proof.facts), .of(personal),
    ]
    let digest = Self.eventDigest(after: last.digest, chained)
    try run(Self.insertEvent, chained, [text ?? .null, salt ?? .null, digest.databaseValue])
    TransactionLedger.current?.contents.end = RecordEnd(number: last.number + 1, digest: digest)
  }

  private static let insertEvent = """
    INSERT INTO event (\(chainedColumnList), text, salt, digest)
    VALUES (\(chainedColumns.map { _ in "?" }.joined(separator: ", ")), ?, ?, ?)
    """

  private func recordEnd() throws -> RecordEnd {
    if let known = TransactionLedger.current?.contents.end { return known }
    let row = try Row.fetchOne(
      cachedStatement(
        sql: """
          SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'event'),
            (SELECT digest FROM event WHERE id = (SELECT max(id) FROM event))
          """))
    return RecordEnd(number: row?[0] ?? 0, digest: row?[1])
  }
}
