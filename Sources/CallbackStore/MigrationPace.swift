import GRDB
import GRDBSQLite

/// Tells, while an older store is brought up to date, that this makes progress.
///
/// A large store takes minutes, and the service manager would take them for a start that hangs. SQLite calls while it works
/// (sqlite3_progress_handler), inside a long statement too, and not while it waits for a disk that does not answer: so
/// nobody is told of progress that there is none of.
final class MigrationPace {
  private let interval: Duration
  private let tell: () -> Void
  private var toldAt: ContinuousClock.Instant?

  /// - Parameters:
  ///   - interval: between two calls of `tell`, at the least.
  ///   - tell: called on the thread that migrates; must not use the store.
  init(every interval: Duration, tell: @escaping () -> Void) {
    self.interval = interval
    self.tell = tell
  }

  /// Calls at once, then again and again while `body` has SQLite work, and at its end.
  func accompany(_ database: DatabaseQueue, _ body: () throws -> Void) throws {
    tell()
    toldAt = .now
    database.inDatabase { database in
      sqlite3_progress_handler(
        database.sqliteConnection, Self.instructions,
        { context in
          // `accompany` holds it until the handler is gone.
          context.map { Unmanaged<MigrationPace>.fromOpaque($0).takeUnretainedValue().step() }
          return 0  // Anything else would interrupt the statement.
        }, Unmanaged.passUnretained(self).toOpaque())
    }
    defer {
      database.inDatabase { sqlite3_progress_handler($0.sqliteConnection, 0, nil, nil) }
      withExtendedLifetime(self) {}
    }
    try body()
    tell()
  }

  /// Less than a millisecond of SQLite's work.
  private static let instructions: Int32 = 10_000

  private func step() {
    let now = ContinuousClock.now
    guard let toldAt, now - toldAt >= interval else { return }
    self.toldAt = now
    tell()
  }
}
