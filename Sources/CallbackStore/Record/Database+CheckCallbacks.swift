import Foundation
import GRDB

/// The second half of a look through the record: whether callbacks and messages are what their events vouch for.
extension Database {
  /// Looks at the callbacks numbered next after `after`, at most `limit` of them.
  func checkCallbacks(after: Int64, limit: Int) throws -> RecordPiece {
    var piece = RecordPiece()
    var last = after
    let rows = try Row.fetchCursor(
      cachedStatement(
        sql: "SELECT id, \(Self.factColumns.joined(separator: ", ")) FROM callback WHERE id > ? ORDER BY id LIMIT ?"),
      arguments: [after, limit])
    while let row = try rows.next() {
      piece.callbacks += 1
      let id: Int64 = row[0]
      piece.findings += try callbacksMissing(between: last, and: id)
      piece.findings += try checkCallback(
        id, facts: Self.factDigest(of: id, row.databaseValues.dropFirst()), isPurged: row["purged_at"] as Int64? != nil)
      last = id
    }
    if piece.callbacks == limit {
      piece.next = .callbacks(after: last)
    } else {
      piece.findings += try callbacksMissing(between: last, and: .max)
    }
    return piece
  }

  private func checkCallback(_ id: Int64, facts: Data, isPurged: Bool) throws -> [RecordFinding] {
    var row = RowHistory()
    var messages: MessageHistory? = MessageHistory()
    let events = try Row.fetchCursor(
      cachedStatement(
        sql: """
          SELECT facts, messages FROM event
          WHERE callback = ? AND (facts IS NOT NULL OR messages IS NOT NULL) ORDER BY id
          """), arguments: [id])
    while let event = try events.next() {
      if let column: Data = event[0] { row.take(column) }
      guard let column: Data = event[1] else { continue }
      if let changes = MessageHistory.changes(column) {
        for change in changes { messages?.take(change) }
      } else {
        // The chain shows that this event was changed.
        messages = nil
      }
    }
    guard let last = row.last else { return [RecordFinding(.callbackUnknown, callback: id)] }
    var findings: [RecordFinding] = []
    if last != facts || !row.isUnbroken { findings.append(RecordFinding(.callbackChanged, callback: id)) }
    guard let messages else { return findings }
    let present = isPurged ? [messages.present].compactMap(\.self) : try messageDigests("message", of: id)
    if present != [messages.present].compactMap(\.self) || !messages.isUnbroken {
      findings.append(RecordFinding(.messageChanged, callback: id))
    }
    if try !isPurged && messageDigests("other_message", of: id) != messages.others {
      findings.append(RecordFinding(.otherMessageChanged, callback: id))
    }
    return findings
  }

  /// The digests of these messages, as they stand there.
  func messageDigests(_ table: String, of id: Int64) throws -> [Data] {
    var digests: [Data] = []
    let rows = try Row.fetchCursor(
      cachedStatement(sql: "SELECT salt, \(Self.saidColumnList) FROM \(table) WHERE callback = ? ORDER BY rowid"),
      arguments: [id])
    while let row = try rows.next() {
      digests.append(Self.messageDigest(salt: row[0], row.databaseValues.dropFirst()))
    }
    return digests
  }

  /// Callbacks of these numbers that only have events. A number may be missing that never was given.
  private func callbacksMissing(between first: Int64, and last: Int64) throws -> [RecordFinding] {
    // Both from 0 up, so that this can't overflow; the sum could.
    guard last - first > 1 else { return [] }
    return try Int64.fetchAll(
      cachedStatement(
        sql: "SELECT DISTINCT callback FROM event WHERE callback > ? AND callback < ? ORDER BY callback LIMIT 20"),
      arguments: [first, last]
    ).map { RecordFinding(.callbackMissing, callback: $0) }
  }
}

/// What a callback's row said, by its events.
private struct RowHistory {
  private(set) var last: Data?
  /// Whether each change was made to what the one before had left.
  private(set) var isUnbroken = true

  /// - Parameter column: as `Proof` has it.
  mutating func take(_ column: Data) {
    let before = column.prefix(DigestInput.digestBytes)
    if let last, last != before { isUnbroken = false }
    last = Data(column.suffix(DigestInput.digestBytes))
  }
}
