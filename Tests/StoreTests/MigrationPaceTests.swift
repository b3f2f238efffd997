import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("While an older store is brought up to date")
struct MigrationPaceTests {
  private final class Calls {
    var count = 0
  }

  /// What version 1 left behind, with so many callbacks.
  private func old(callbacks: Int) throws -> (directory: TemporaryDirectory, file: String) {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/callbackd.db"
    let old = try DatabaseQueue(path: file)
    try old.inDatabase { database in
      try database.execute(
        sql: """
          \(Version1.schema)
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES ('1');
          BEGIN;
          WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(callbacks))
          INSERT INTO callback (id, kind, state, urgency, recipient, taken_at, admitted_at, due_at, overdue, next_step,
            reminders_done, attempts, repeat_calls, wake_at)
          SELECT n, 'message', 'open', n % 3, 'rivera', n, n, n, 0, 0, 0, 0, 0, n FROM numbers;
          INSERT INTO message (callback, urgency, voicemail_allowed, withdrawn, original)
          SELECT id, 0, 0, 0, CAST('To: Rivera' AS BLOB) FROM callback;
          INSERT INTO event (callback, at, actor, kind) SELECT id, id, 'service:', 'admitted' FROM callback;
          COMMIT;
          """)
    }
    try old.close()
    return (directory, file)
  }

  private func calls(opening file: String, every interval: Duration) throws -> Int {
    let calls = Calls()
    _ = try SQLiteStore(file: file, every: interval) { calls.count += 1 }
    return calls.count
  }

  @Test("it is told again and again that this makes progress, the more often the larger the store")
  func progress() throws {
    let (small, smallFile) = try old(callbacks: 1000)
    let (large, largeFile) = try old(callbacks: 4000)
    defer { withExtendedLifetime((small, large)) {} }
    let (few, many) = (try calls(opening: smallFile, every: .zero), try calls(opening: largeFile, every: .zero))
    #expect(few > 2)
    #expect(many > few)
  }

  @Test("it is told at the beginning and at the end, and no more often in between than it should be")
  func pace() throws {
    let (directory, file) = try old(callbacks: 1000)
    defer { withExtendedLifetime(directory) {} }
    #expect(try calls(opening: file, every: .seconds(3600)) == 2)
  }

  @Test("nothing is told of a new store, of one that is up to date, and of what is done afterwards")
  func nothingToDo() throws {
    let directory = try TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    let file = directory.path + "/callbackd.db"
    #expect(try calls(opening: file, every: .zero) == 0)
    #expect(try calls(opening: file, every: .zero) == 0)

    let (older, olderFile) = try old(callbacks: 10)
    defer { withExtendedLifetime(older) {} }
    let calls = Calls()
    let store = try SQLiteStore(file: olderFile, every: .zero) { calls.count += 1 }
    let before = calls.count
    let sum = try store.database.inDatabase { database in
      try Int.fetchOne(
        database,
        sql: "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200000) SELECT count(*) FROM n")
    }
    #expect(sum == 200_000)
    #expect(calls.count == before)
  }
}
