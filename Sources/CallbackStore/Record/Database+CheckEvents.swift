import Foundation
import GRDB

/// The first half of a look through the record: whether each event follows from the one before.
extension Database {
  /// An event that does not, with what can tell whose place it is in.
  private struct Misfit {
    var id: Int64
    var callback: Int64
    /// The digest of the event before it, as that stands there.
    var previous: Data?
    var digest: Data?
    var chained: [DatabaseValue]
  }

  /// Looks at the events numbered next after `after`, at most `limit` of them.
  func checkEvents(after: Int64, limit: Int) throws -> RecordPiece {
    var piece = RecordPiece()
    var last = try lastEvent(upTo: after)
    var misfits: [Misfit] = []
    let rows = try Row.fetchCursor(
      cachedStatement(
        sql: "SELECT \(Self.chainedColumnList), text, salt, digest FROM event WHERE id > ? ORDER BY id LIMIT ?"),
      arguments: [after, limit])
    while let row = try rows.next() {
      piece.events += 1
      let values = Array(row.databaseValues)
      let chained = Array(values.prefix(Self.chainedColumns.count))
      let (id, callback): (Int64, Int64) = (row[0], row[1])
      let digest: Data? = row["digest"]
      if Self.eventDigest(after: last.digest, chained) != digest {
        misfits.append(
          Misfit(id: id, callback: callback, previous: last.digest, digest: digest, chained: chained))
        if id != last.id + 1 {
          piece.findings.append(
            RecordFinding(.eventsMissing, event: last.id + 1, otherEvent: id - 1, callback: callback))
        }
      }
      let (text, salt, personal) = (values[chained.count], values[chained.count + 1], chained[chained.count - 1])
      if try !isText(text, salt: salt, personal: personal, of: callback) {
        piece.findings.append(RecordFinding(.textChanged, event: id, callback: callback))
      }
      last = (id, digest)
    }
    piece.findings += try explain(misfits, missing: piece.findings)
    if piece.events == limit {
      piece.next = .events(after: last.id)
    } else {
      piece.findings += try checkTail(last.id)
      piece.next = .callbacks(after: 0)
    }
    return piece
  }

  private func lastEvent(upTo id: Int64) throws -> (id: Int64, digest: Data?) {
    let row = try Row.fetchOne(
      cachedStatement(sql: "SELECT id, digest FROM event WHERE id <= ? ORDER BY id DESC LIMIT 1"), arguments: [id])
    return row.map { ($0[0], $0[1]) } ?? (0, nil)
  }

  /// Whether the words are those of the digest; of what was purged they are gone.
  private func isText(
    _ text: DatabaseValue, salt: DatabaseValue, personal: DatabaseValue, of callback: Int64
  ) throws -> Bool {
    if personal.isNull { return text.isNull && salt.isNull }
    if text.isNull, salt.isNull { return try purgedAt(callback) != nil }
    return Self.textDigest(text, salt: salt).databaseValue == personal
  }

  func purgedAt(_ callback: Int64) throws -> Int64? {
    try Int64.fetchOne(cachedStatement(sql: "SELECT purged_at FROM callback WHERE id = ?"), arguments: [callback])
  }

  /// Says of events that don't fit whether two stand in each other's place, or what else they are. Those behind missing ones
  /// were told already.
  private func explain(_ misfits: [Misfit], missing: [RecordFinding]) throws -> [RecordFinding] {
    var findings: [RecordFinding] = []
    var explained: Set<Int64> = []
    for later in misfits {
      // The event in the place of `later` was made for the place of `earlier`.
      let earlier = misfits.first { earlier in
        guard earlier.id < later.id, !explained.contains(earlier.id) else { return false }
        let made = [earlier.chained[0]] + later.chained.dropFirst()
        return Self.eventDigest(after: earlier.previous, made) == later.digest
      }
      guard let earlier else { continue }
      explained.formUnion([earlier.id, later.id])
      // What follows each of them was made after the other.
      explained.formUnion([earlier.id + 1, later.id + 1])
      findings.append(
        RecordFinding(.eventsSwapped, event: earlier.id, otherEvent: later.id, callback: earlier.callback))
    }
    for misfit in misfits where !explained.contains(misfit.id) {
      let isBehindMissing = missing.contains { $0.kind == .eventsMissing && $0.otherEvent == misfit.id - 1 }
      if !isBehindMissing {
        findings.append(RecordFinding(.eventChanged, event: misfit.id, callback: misfit.callback))
      }
    }
    return findings
  }

  /// Whether events were taken from the end: SQLite remembers the highest number that it ever gave.
  private func checkTail(_ last: Int64) throws -> [RecordFinding] {
    let highest =
      try Int64.fetchOne(cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'")) ?? 0
    return highest > last ? [RecordFinding(.tailMissing, event: last + 1, otherEvent: highest)] : []
  }

  // MARK: - The head

  func recordHead() throws -> RecordHead? {
    let sql = "SELECT id, digest FROM event WHERE id = (SELECT max(id) FROM event)"
    return try Row.fetchOne(cachedStatement(sql: sql)).flatMap { row in
      (row[1] as Data?).map { RecordHead(number: row[0], digest: $0) }
    }
  }

  /// Whether the record still leads up to a head that was printed before.
  func check(_ head: RecordHead) throws -> [RecordFinding] {
    let digest = try Data.fetchOne(
      cachedStatement(sql: "SELECT digest FROM event WHERE id = ?"), arguments: [head.number])
    guard let digest else {
      let last = try recordHead()?.number ?? 0
      // Where it lies before the end, the chain itself shows what is missing.
      return last < head.number ? [RecordFinding(.tailMissing, event: last + 1, otherEvent: head.number)] : []
    }
    return RecordHead(number: head.number, digest: digest) == head
      ? [] : [RecordFinding(.headDiffers, event: head.number)]
  }
}
