import Foundation
import GRDB

/// A store's file, for reading: the daemon's own beside the daemon, or a backup.
///
/// A second connection that only reads does no harm to the one that writes (`SQLiteStore`).
public final class StoreFile {
  public let path: String
  private let database: DatabaseQueue

  /// - Throws: where it is no store, or one of a newer version.
  public init(_ path: String) throws(StoreError) {
    self.path = path
    do {
      var configuration = GRDB.Configuration()
      configuration.readonly = true
      configuration.label = "callbackd.copy"
      configuration.busyMode = .timeout(5)
      database = try DatabaseQueue(path: path, configuration: configuration)
      let (isStore, isNewer) = try database.inDatabase { database in
        (try database.tableExists("callback"), try Schema.migrator.hasBeenSuperseded(database))
      }
      guard isStore else { throw StoreError("\(path) is a database, but not one of callbackd.") }
      guard !isNewer else {
        throw StoreError("\(path) was written by a newer version of callbackd: use the callbackctl of that version.")
      }
    } catch {
      throw StoreError(error, doing: "open \(path)")
    }
  }

  /// Whether it has a record: versions before it had none, and the daemon makes one of what it finds.
  public var hasRecord: Bool {
    get throws(StoreError) {
      try read("look at the version of \(path)") { database in
        try Schema.migrator.appliedIdentifiers(database).contains("6")
      }
    }
  }

  /// What SQLite itself finds wrong, a line each; none where it is sound.
  public func damages() throws(StoreError) -> [String] {
    try read("check \(path)") { database in
      let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
      let strays = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
      return found + strays.prefix(20).map { "A row of \($0[0] as String) belongs to one that is not there." }
    }
  }

  public func recordHead() throws(StoreError) -> RecordHead? {
    try read("look up the end of the record") { database in try database.recordHead() }
  }

  public func checkRecord(
    from place: RecordPlace, limit: Int, head: RecordHead? = nil
  ) throws(StoreError) -> RecordPiece {
    try read("look through the record") { database in
      try database.checkRecord(from: place, limit: limit, head: head)
    }
  }

  /// Looks through the whole record; of what it finds, at most `most`.
  public func findings(most: Int = 100) throws(StoreError) -> RecordPiece {
    var all = RecordPiece()
    var next: RecordPlace? = .start
    while let place = next, all.findings.count < most {
      let piece = try checkRecord(from: place, limit: 2000)
      all.findings += piece.findings
      all.events += piece.events
      all.callbacks += piece.callbacks
      next = piece.next
    }
    return all
  }

  /// Copies it as it is at this moment into a new file of the caller's alone, synced, which needs no other beside it.
  ///
  /// Whoever writes meanwhile is not held up, and is not in the copy.
  ///
  /// - Parameters:
  ///   - copy: must not be there.
  ///   - progress: gets how much of it is done, from 0 to 1.
  public func copy(to copy: String, progress: @escaping (Double) -> Void = { _ in }) throws(StoreError) {
    let descriptor = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError("\(copy) can't be made: \(String(cString: strerror(errno))).")
    }
    defer { close(descriptor) }
    do {
      let target = try DatabaseQueue(path: copy)
      try target.inDatabase { target in
        try database.inDatabase { source in
          // One transaction, so that whoever writes between two steps does not have it begin anew.
          try source.inTransaction(.deferred) {
            _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM sqlite_schema")
            try source.backup(to: target, pagesPerStep: 1000) { done in
              progress(Double(done.completedPageCount) / Double(max(done.totalPageCount, 1)))
            }
            return .commit
          }
        }
        // Its write-ahead log would be a second file.
        try target.execute(sql: "PRAGMA journal_mode = DELETE")
      }
      try target.close()
    } catch {
      throw StoreError(error, doing: "copy \(path) to \(copy)")
    }
    guard fsync(descriptor) == 0 else {
      throw StoreError("\(copy) can't be synced: \(String(cString: strerror(errno))).")
    }
  }

  private func read<Value>(_ what: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try database.inDatabase(body)
    } catch {
      throw StoreError(error, doing: what)
    }
  }
}
