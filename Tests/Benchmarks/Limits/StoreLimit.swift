import Foundation
import GRDBSQLite

/// What SQLite takes to store a backlog's messages as the store must (a synced write-ahead log, many a transaction), but in one
/// plain table without index or history.
struct StoreLimit {
  /// Not there yet.
  var file: String

  private static let rowsInTransaction = 256

  /// Seconds for `count` rows.
  func measure(_ count: Int) throws(CannotMeasure) -> Double {
    var database: OpaquePointer?
    try check(sqlite3_open(file, &database), database)
    defer { sqlite3_close_v2(database) }
    try run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000", database)
    try run("CREATE TABLE message (id INTEGER PRIMARY KEY, original BLOB NOT NULL)", database)
    var insert: OpaquePointer?
    try check(sqlite3_prepare_v2(database, "INSERT INTO message VALUES (?, ?)", -1, &insert, nil), database)
    defer { sqlite3_finalize(insert) }
    let original = Array(SampleMessage(number: 0).text.utf8)

    let start = ContinuousClock.now
    for first in stride(from: 0, to: count, by: Self.rowsInTransaction) {
      try run("BEGIN IMMEDIATE", database)
      for row in first..<min(first + Self.rowsInTransaction, count) {
        sqlite3_bind_int64(insert, 1, Int64(row + 1))
        // A nil destructor is SQLITE_STATIC: the array outlives the statement.
        sqlite3_bind_blob(insert, 2, original, Int32(original.count), nil)
        guard sqlite3_step(insert) == SQLITE_DONE else { throw failure(database) }
        try check(sqlite3_reset(insert), database)
      }
      try run("COMMIT", database)
    }
    return start.duration(to: .now) / .seconds(1)
  }

  private func run(_ sql: String, _ database: OpaquePointer?) throws(CannotMeasure) {
    try check(sqlite3_exec(database, sql, nil, nil, nil), database)
  }

  private func check(_ code: Int32, _ database: OpaquePointer?) throws(CannotMeasure) {
    guard code != SQLITE_OK else { return }
    throw failure(database)
  }

  private func failure(_ database: OpaquePointer?) -> CannotMeasure {
    CannotMeasure("SQLite fails on \(file): \(String(cString: sqlite3_errmsg(database)))")
  }
}
