import CallbackStore
import GRDB

/// What goes wrong in the store: crashes before and after its commits, and transactions that SQLite aborts.
///
/// Transactions are aborted by triggers, armed through a connection of their own, so that they fail halfway, in SQLite.
final class Faults {
  /// Crash at the store's call after so many; nil: not.
  var crashAfterCalls: Int?
  var crashesAfterCommit = false
  private(set) var hasCrashed = false
  private(set) var isAborting = false
  private let triggers: DatabaseQueue

  init(file: String) throws {
    var configuration = Configuration()
    configuration.journalMode = .wal
    triggers = try DatabaseQueue(path: file, configuration: configuration)
  }

  /// Puts the triggers into a new store.
  static func prepare(_ file: String) throws {
    let database = try DatabaseQueue(path: file)
    try database.write { database in
      try database.execute(sql: "CREATE TABLE simulated_fault (place TEXT NOT NULL)")
      for (place, change) in places {
        try database.execute(
          sql: """
            CREATE TRIGGER simulated_fault_\(place) BEFORE \(change)
            WHEN EXISTS (SELECT 1 FROM simulated_fault WHERE place = '\(place)')
            BEGIN SELECT RAISE(ABORT, 'simulated'); END
            """)
      }
    }
  }

  private static let places = [
    (place: "event", change: "INSERT ON event"), (place: "notice", change: "INSERT ON notice"),
    (place: "callback", change: "UPDATE ON callback"), (place: "counter", change: "UPDATE ON counter"),
    (place: "settled", change: "UPDATE OF state ON notice"), (place: "arrival", change: "INSERT ON arrival"),
  ]

  /// From now on transactions abort at one place, until `recover`.
  func abort(using chance: inout Chance) throws {
    isAborting = true
    try triggers.write { database in
      try database.execute(
        sql: "INSERT INTO simulated_fault VALUES (?)", arguments: [chance.one(of: Self.places).place])
    }
  }

  func recover() throws {
    guard isAborting else { return }
    isAborting = false
    try triggers.write { database in try database.execute(sql: "DELETE FROM simulated_fault") }
  }

  func restarted() {
    hasCrashed = false
    crashAfterCalls = nil
  }

  /// To be called before each of the store's transactions.
  ///
  /// - Returns: whether to crash once it has been committed.
  func crashesNow() throws(StoreError) -> Bool {
    if hasCrashed { throw Self.crash }
    guard let left = crashAfterCalls else { return false }
    crashAfterCalls = left - 1
    guard left <= 0 else { return false }
    if crashesAfterCommit { return true }
    try crash()
    return false
  }

  func crash() throws(StoreError) {
    hasCrashed = true
    throw Self.crash
  }

  private static let crash = StoreError("simulated: the daemon has crashed")

  // MARK: - What stands in the store, past the daemon

  /// When the latest of the notices that wait may be tried, in seconds.
  func latestTry() throws -> Int64? {
    try triggers.read { database in
      try Int64.fetchOne(
        database,
        sql: "SELECT max(next_try_at) FROM notice WHERE state = 'waiting' AND not_before IS NOT next_try_at")
    }
  }

  /// The ends of quiet hours, in seconds, for which notices wait: the latest, and of how many they are.
  func quietWaits() throws -> (latest: Int64?, count: Int) {
    try triggers.read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT max(next_try_at) AS latest, count(*) AS number FROM notice
          WHERE state = 'waiting' AND not_before = next_try_at
          """)
      return (row?["latest"], row?["number"] ?? 0)
    }
  }

  func counted() throws -> StoreCounts {
    try triggers.read { database in
      func count(_ what: String) throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM \(what)") ?? -1 }
      var counts = StoreCounts()
      counts.open = try count("callback WHERE closed_at IS NULL")
      counts.owned = try count("callback WHERE closed_at IS NULL AND owner IS NOT NULL")
      counts.overdue = try count("callback WHERE closed_at IS NULL AND overdue")
      counts.noticesWaiting = try count("notice WHERE state IN ('waiting', 'sending')")
      return counts
    }
  }
}
