import CSQLite
import CallbackRules
import Foundation
import GRDB

/// The store on one SQLite file, through one connection.
///
/// A commit must survive a power cut before the spool file goes, so WAL with `synchronous=FULL`, read back at start. One
/// connection, because SQLite before 3.51.3 can corrupt a WAL that two connections write; `StateLock` keeps other daemons out.
///
/// When SQLite fails, the transaction is rolled back whole and a `StoreError` says what to do; the caller tries again later.
public final class SQLiteStore: Store {
  let database: DatabaseQueue
  public private(set) var isDamaged = false
  /// The transaction in which `together` has everything done; nil outside.
  private var whole: Database?

  /// Opens the store in this file, makes it if it is not there, and brings its tables up to date.
  ///
  /// - Parameters:
  ///   - interval: between two calls of `whileMigrating`, at the least.
  ///   - whileMigrating: where an older store is brought up to date, called on this thread before, again and again while
  ///     that makes progress, and after. Must not use the store.
  public init(
    file: String, every interval: Duration = .seconds(5), whileMigrating: @escaping () -> Void = {}
  ) throws(StoreError) {
    Self.makeFile(file)
    // Only before the first database is opened; one that is open already goes on as it is.
    csqlite_keep_no_statistics()
    do {
      var configuration = GRDB.Configuration()
      configuration.journalMode = .wal
      configuration.label = "callbackd.store"
      configuration.busyMode = .timeout(5)
      configuration.prepareDatabase { database in
        // secure_delete: what is deleted is overwritten at once, or it could be read in the file after a purge.
        try database.execute(
          sql: """
            PRAGMA cache_size = -2000; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON
            """)
      }
      database = try DatabaseQueue(path: file, configuration: configuration)
      // GRDB sets NORMAL after `prepareDatabase`; this comes after that.
      try database.inDatabase { database in try database.execute(sql: "PRAGMA synchronous = FULL") }
      if try database.inDatabase(Schema.migrator.hasBeenSuperseded) {
        throw StoreError(
          "\(file) was written by a newer version of callbackd; install that version, or restore a backup made by this one."
        )
      }
      try Self.bringUpToDate(database, MigrationPace(every: interval, tell: whileMigrating))
    } catch {
      throw StoreError(error, doing: "open \(file)")
    }
    try checkDurability(of: file)
  }

  private static func bringUpToDate(_ database: DatabaseQueue, _ pace: MigrationPace) throws {
    let migrator = Schema.migrator
    let (applied, isComplete) = try database.inDatabase { database in
      (try migrator.appliedMigrations(database), try migrator.hasCompletedMigrations(database))
    }
    // A new file takes no time.
    guard !applied.isEmpty, !isComplete else { return try migrator.migrate(database) }
    try pace.accompany(database) { try migrator.migrate(database) }
  }

  /// Makes the file for the daemon's user alone, whatever the umask. SQLite gives its log the same mode.
  private static func makeFile(_ file: String) {
    // What keeps it from being opened keeps SQLite from it too, which is asked next and says why.
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  private func checkDurability(of file: String) throws(StoreError) {
    let (synchronous, journal) = try read("read the store's settings") { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA synchronous"), try String.fetchOne(database, sql: "PRAGMA journal_mode")
      )
    }
    guard synchronous == 2, journal == "wal" else {
      throw StoreError(
        """
        \(file): SQLite did not take synchronous=FULL with a write-ahead log (it has \(synchronous ?? -1), \
        \(journal ?? "none")), so a power cut could lose messages; put the state on a local file system.
        """)
    }
  }

  public func together<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    precondition(whole == nil, "`together` within `together`")
    return try write("do several things at once") { database in
      whole = database
      defer { whole = nil }
      return try body()
    }
  }

  /// Runs one transaction, or a part of the one that `together` has begun.
  func write<Value>(_ what: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      if let whole { return try body(whole) }
      return try database.write { database in try TransactionLedger.keep(in: database, body) }
    } catch {
      throw noted(StoreError(error, doing: what))
    }
  }

  func read<Value>(_ what: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      if let whole { return try body(whole) }
      return try database.inDatabase(body)
    } catch {
      throw noted(StoreError(error, doing: what))
    }
  }

  /// The error; where it is of damage, that is remembered.
  func noted(_ error: StoreError) -> StoreError {
    if error.isDamage { isDamaged = true }
    return error
  }
}

extension StoreError {
  /// Whether it says that the store's file is damaged.
  public var isDamage: Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(ResultCode(rawValue: code).primaryResultCode)
  }

  init(_ error: any Error, doing what: String) {
    if let known = error as? StoreError {
      self = known
      return
    }
    guard let failure = error as? DatabaseError else {
      // Its words may hold what it failed on.
      self.init("The store could not \(what) (\(type(of: error))); this is not expected, report it.")
      return
    }
    let remedy: String
    var mayPass = false
    switch failure.resultCode {
    case .SQLITE_FULL:
      remedy = "the disk is full; make room"
      mayPass = true
    case .SQLITE_IOERR:
      remedy = "the disk reports an error, or a quota is used up; look at the system's log, and at the quotas"
      mayPass = true
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
      remedy = "give the daemon's user the state directory, and check that it is not mounted read-only"
      mayPass = true
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      remedy = "another program has it open; end that program"
      mayPass = true
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      remedy = "the file is damaged; keep it aside and restore a backup"
    default:
      remedy = "this is not expected; report it"
    }
    // SQLite's message names tables and columns, never values.
    self.init(
      code: failure.extendedResultCode.rawValue, mayPass: mayPass,
      "The store could not \(what): \(failure.message ?? failure.resultCode.description) (\(remedy)).")
  }
}
