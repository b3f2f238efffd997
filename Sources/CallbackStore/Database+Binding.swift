import CallbackRules
import Foundation
import GRDB
import GRDBSQLite

/// Statements that run many times in a transaction.
extension Database {
  /// Runs a statement that is prepared once, and gives no rows.
  ///
  /// Past GRDB, which would look for observers before and after; the store has none.
  ///
  /// - Parameter more: come after `values`.
  func run(_ sql: String, _ values: [DatabaseValue], _ more: [DatabaseValue] = []) throws {
    // As GRDB does: SQLite rolls some errors' transactions back by itself, and what follows must not be kept alone.
    guard isInsideTransaction else {
      throw DatabaseError(resultCode: .SQLITE_ABORT, message: "its transaction was rolled back", sql: sql)
    }
    try step(through: sql, values, more) { _ in }
  }

  /// The whole numbers of the one column of a query that is prepared once.
  ///
  /// Past GRDB, whose cursor takes longer than to find nothing, which is what is nearly always found of a new message.
  func numbers(_ sql: String, _ values: [DatabaseValue]) throws -> [Int64] {
    var numbers: [Int64] = []
    try step(through: sql, values) { numbers.append(sqlite3_column_int64($0, 0)) }
    return numbers
  }

  /// - Parameter row: is called for each row, on which the statement stands.
  private func step(
    through sql: String, _ values: [DatabaseValue], _ more: [DatabaseValue] = [], row: (SQLiteStatement) -> Void
  ) throws {
    let statement = try cachedStatement(sql: sql).sqliteStatement
    sqlite3_reset(statement)
    try Self.bind(values, more, to: statement, of: sql)
    var code = sqlite3_step(statement)
    while code == SQLITE_ROW {
      row(statement)
      code = sqlite3_step(statement)
    }
    // Before it is reset, which may say something else.
    let message = code == SQLITE_DONE ? nil : lastErrorMessage
    sqlite3_reset(statement)
    guard code == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
    }
  }

  func run(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    try run(sql, values.map { $0.columnValue })
  }

  /// Does a part of the transaction; where that throws, what it wrote is undone, and nothing else.
  ///
  /// By statements that are prepared once, which those of GRDB's savepoints are not.
  func part(_ body: () throws -> Void) throws {
    try run("SAVEPOINT part", [])
    do {
      try body()
      try run("RELEASE part", [])
    } catch {
      // SQLite may have rolled back the whole transaction by itself.
      guard isInsideTransaction else { throw error }
      do {
        try run("ROLLBACK TO part", [])
        try run("RELEASE part", [])
      } catch {
        // What can't be undone by itself must not stay.
        try run("ROLLBACK", [])
      }
      throw error
    }
  }

  /// A statement that is prepared once, ready to run with these values, one for each `?`.
  ///
  /// They are handed to SQLite as they are. By way of `StatementArguments` each would be boxed, unboxed and checked for a name
  /// first, which takes longer than to store it.
  func bound(_ sql: String, _ values: [DatabaseValue]) throws -> Statement {
    let statement = try cachedStatement(sql: sql)
    // Resets it, and has GRDB take what is bound now for what it is to run with.
    statement.setUncheckedArguments([])
    try Self.bind(values, [], to: statement.sqliteStatement, of: sql)
    return statement
  }

  /// The least of what is selected of each urgency, of which each has its part of an index.
  ///
  /// - Parameter select: a select of one minimum, without its first word, and its values; nil leaves the urgency out.
  func least(_ select: (Urgency) throws -> (minimum: String, values: [DatabaseValue])?) throws -> Int64? {
    let selects = try Urgency.allCases.compactMap(select)
    guard Set(selects.map(\.minimum)).count == 1 else {
      // Each by itself: every text stays prepared, and there would be one for each way to put them together.
      return try selects.compactMap { try Int64.fetchOne(bound("SELECT " + $0.minimum, $0.values)) }.min()
    }
    // One statement for all takes one lock.
    let union = selects.map { "SELECT \($0.minimum)" }.joined(separator: " UNION ALL ")
    return try Int64.fetchOne(
      bound("WITH minimum (of_urgency) AS (\(union)) SELECT min(of_urgency) FROM minimum", selects.flatMap(\.values)))
  }

  private static func bind(
    _ values: [DatabaseValue], _ more: [DatabaseValue], to statement: SQLiteStatement, of sql: String
  ) throws {
    var place: CInt = 0
    for values in [values, more] {
      for value in values {
        place += 1
        let code = value.bind(at: place, of: statement)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: sql) }
      }
    }
    precondition(Int(place) == Int(sqlite3_bind_parameter_count(statement)), "a value for each ?")
  }
}

extension DatabaseValue {
  /// - Returns: SQLite's result code.
  fileprivate func bind(at place: CInt, of statement: SQLiteStatement) -> CInt {
    switch storage {
    case .null: sqlite3_bind_null(statement, place)
    case .int64(let number): sqlite3_bind_int64(statement, place, number)
    case .double(let number): sqlite3_bind_double(statement, place, number)
    case .string(var text):
      text.withUTF8 { utf8 in
        // What has no address would be NULL.
        guard !utf8.isEmpty else { return sqlite3_bind_text(statement, place, "", 0, Self.copied) }
        return utf8.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text64(statement, place, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let data):
      data.withUnsafeBytes { bytes in
        guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
        return sqlite3_bind_blob64(statement, place, bytes.baseAddress, UInt64(bytes.count), Self.copied)
      }
    }
  }

  /// SQLITE_TRANSIENT: SQLite is to keep a copy. A macro, which Swift does not import.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
