import Foundation
import GRDBSQLite

/// A store of a daemon that does not run, opened to fill it.
final class BenchDatabase {
  private let file: String
  private var handle: OpaquePointer?

  init(file: String) throws(CannotMeasure) {
    self.file = file
    guard sqlite3_open_v2(file, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { throw failure() }
    // Only the result is used, so nothing has to survive a power cut.
    try run("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA temp_store = MEMORY")
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ sql: String) throws(CannotMeasure) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// The names of a table's columns, in their order.
  func columns(of table: String) throws(CannotMeasure) -> [String] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, "SELECT * FROM \(table)", -1, &statement, nil) == SQLITE_OK else {
      throw failure()
    }
    defer { sqlite3_finalize(statement) }
    return (0..<sqlite3_column_count(statement)).map { String(cString: sqlite3_column_name(statement, $0)) }
  }

  private func failure() -> CannotMeasure {
    CannotMeasure("SQLite fails on \(file): \(String(cString: sqlite3_errmsg(handle)))")
  }
}
