import CallbackRules
import Foundation
import GRDB

/// Deleting what is personal of callbacks that were closed long ago. What reports count stays: kinds, times, accounts, people.
extension Database {
  /// The callbacks to purge: those closed longest ago first.
  func purgeable(closedBefore time: Date, limit: Int) throws -> [Int64] {
    try Int64.fetchAll(
      cachedStatement(
        sql: """
          SELECT id FROM callback WHERE closed_at IS NOT NULL AND purged_at IS NULL AND closed_at < ?
          ORDER BY closed_at LIMIT ?
          """), arguments: [time.columnSeconds, limit])
  }

  func countPurgeable(closedBefore time: Date) throws -> Int {
    try Int.fetchOne(
      cachedStatement(
        sql: """
          SELECT count(*) FROM callback WHERE closed_at IS NOT NULL AND purged_at IS NULL AND closed_at < ?
          """), arguments: [time.columnSeconds]) ?? 0
  }

  /// Deletes the message, the messages beside it and the words in the history, with the salts of their digests, so that nobody
  /// can find out by trying what they were.
  func purge(_ id: Int64, at now: Date) throws {
    guard let before = try callback(id) else { return }
    // First: words of events may be taken out only of a callback that says it.
    try run("UPDATE callback SET purged_at = ? WHERE id = ?", [now.columnSeconds, id])
    try run(Self.emptyMessage, [id])
    for table in ["other_message", "recent_call", "missing_ref"] {
      try run("DELETE FROM \(table) WHERE callback = ?", [id])
    }
    // What a mail program said may quote the mail.
    try run("UPDATE notice SET error = NULL WHERE callback = ? AND error IS NOT NULL", [id])
    try run("UPDATE event SET text = NULL, salt = NULL WHERE callback = ? AND text IS NOT NULL", [id])
    var after = before
    after.purgedAt = now
    try append(
      Event(at: now, .purged), of: id, newest: nil,
      proof: Proof(facts: Self.factDigest(of: id, before), Self.factDigest(of: id, after)))
  }

  /// What of a message is neither personal nor may be null.
  private static let keptColumns: Set = ["urgency", "promised_at", "reachable_until", "voicemail_allowed", "withdrawn"]

  private static let emptyMessage = """
    UPDATE message SET \(saidColumns.filter { !keptColumns.contains($0) && $0 != "original" }.map { $0 + " = NULL" }
      .joined(separator: ", ")), original = x'', salt = NULL WHERE callback = ?
    """
}

extension SQLiteStore {
  public func countPurgeable(closedBefore time: Date) throws(StoreError) -> Int {
    try read("count what is to be purged") { database in try database.countPurgeable(closedBefore: time) }
  }

  public func purge(closedBefore time: Date, limit: Int, at now: Date) throws(StoreError) -> Int {
    try write("purge callbacks") { database in
      let ids = try database.purgeable(closedBefore: time, limit: limit)
      for id in ids { try database.purge(id, at: now) }
      return ids.count
    }
  }

  public func emptyLog() throws(StoreError) -> Bool {
    try read("empty the write-ahead log") { database in
      // Whoever reads, a backup, is not waited for.
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      defer { restoreBusyTimeout(database) }
      return try Bool.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == false
    }
  }

  private func restoreBusyTimeout(_ database: Database) {
    do {
      try database.execute(sql: "PRAGMA busy_timeout = 5000")
    } catch {
      preconditionFailure("SQLite does not take a time-out: \(error)")
    }
  }
}
