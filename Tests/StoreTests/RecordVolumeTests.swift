import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

/// With RECORD_EVENTS=100000 in the environment it is as long as that; a build for debugging takes minutes for it.
@Suite("A long record")
struct RecordVolumeTests {
  private static let events = ProcessInfo.processInfo.environment["RECORD_EVENTS"].flatMap { Int($0) } ?? 3000

  /// A store of version 1 with so many events: four of each callback, every fourth with words.
  private func filled() throws -> (TemporaryDirectory, SQLiteStore) {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/callbackd.db"
    do {
      let old = try DatabaseQueue(path: file)
      try old.inDatabase { database in
        try database.execute(
          sql: """
            \(Version1.schema)
            CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
            INSERT INTO grdb_migrations VALUES ('1');
            BEGIN;
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(Self.events / 4))
            INSERT INTO callback (id, kind, state, urgency, recipient, taken_at, admitted_at, due_at, overdue, next_step,
              reminders_done, attempts, repeat_calls, wake_at)
            SELECT n, 'message', 'open', n % 3, 'rivera', n, n, n, 0, 0, 0, 0, 0, n FROM numbers;
            INSERT INTO message (callback, urgency, voicemail_allowed, withdrawn, body, original)
            SELECT id, 0, 0, 0, 'Message ' || id, CAST('To: Rivera, about ' || id AS BLOB) FROM callback;
            INSERT INTO event (callback, at, actor, kind, text)
            SELECT id, id, 'service:', 'admitted', NULL FROM callback
            UNION ALL SELECT id, id + 1, 'callbackd', 'announced', NULL FROM callback
            UNION ALL SELECT id, id + 2, 'callbackd', 'delivered', NULL FROM callback
            UNION ALL SELECT id, id + 3, 'person:lee', 'note', 'Words ' || id FROM callback
            ORDER BY 2;
            COMMIT;
            """)
      }
      try old.close()
    }
    return (directory, try SQLiteStore(file: file))
  }

  private func findings(_ database: Database, head: RecordHead?) throws -> [RecordFinding] {
    var findings: [RecordFinding] = []
    var next: RecordPlace? = .start
    while let place = next {
      let piece = try database.checkRecord(from: place, limit: 1000, head: head)
      findings += piece.findings
      next = piece.next
    }
    return findings
  }

  @Test("Each way to tamper with it is found, and where")
  func tampering() throws {
    let (directory, store) = try filled()
    let head = try #require(try store.recordHead())
    let last = Int64(Self.events)
    #expect(head.number == last)
    // Where each is done: in different pieces, and in order.
    let (swapped, missing, changed, words, cut) = (last / 4 + 1, last / 2, last * 7 / 10, last * 8 / 10, last - 10)
    let findings = try store.database.inDatabase { database in
      try database.execute(
        sql: """
          DROP TRIGGER event_stays; DROP TRIGGER event_is_final; DROP TRIGGER event_text_is_final;
          UPDATE event SET at = at + 1 WHERE id = \(changed);
          UPDATE event SET text = 'Others' WHERE id = \(words);
          UPDATE callback SET due_at = due_at + 60 WHERE id = 200;
          UPDATE message SET phone = '1' WHERE callback = 11;
          DELETE FROM event WHERE id = \(missing);
          UPDATE event SET id = -1 WHERE id = \(swapped); UPDATE event SET id = \(swapped) WHERE id = \(swapped + 1);
          UPDATE event SET id = \(swapped + 1) WHERE id = -1;
          DELETE FROM event WHERE id > \(cut)
          """)
      return try self.findings(database, head: head)
    }
    let found = Set(findings.map { "\($0.kind.rawValue) \($0.event ?? 0) \($0.otherEvent ?? 0)" })
    for expected in [
      "event-changed \(changed) 0", "text-changed \(words) 0", "events-missing \(missing) \(missing)",
      "events-swapped \(swapped) \(swapped + 1)", "tail-missing \(cut + 1) \(last)",
    ] { #expect(found.contains(expected), "\(expected): \(found)") }
    #expect(findings.contains(RecordFinding(.callbackChanged, callback: 200)))
    #expect(findings.contains(RecordFinding(.messageChanged, callback: 11)))
    withExtendedLifetime(directory) {}
  }
}
