import CallbackReports
import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("Many callbacks")
struct VolumeTests {
  private static let count = 100_000

  /// Open callbacks, all due, each with a message of 500 bytes: more than 100 MB of values, if ever they were all in memory.
  private func filled() throws -> StoreScene {
    let scene = try StoreScene()
    let body = String(repeating: "x", count: 500)
    try scene.store.database.write { database in
      try database.execute(
        sql: """
          WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
          INSERT INTO callback (id, kind, state, urgency, recipient, taken_at, admitted_at, due_at, overdue, next_step,
            reminders_done, attempts, repeat_calls, wake_at)
          SELECT n, 'message', 'open', n % 3, 'rivera', 0, 0, n, 0, 0, 0, 0, 0, n FROM numbers
          """, arguments: [Self.count])
      try database.execute(
        sql: """
          INSERT INTO message (callback, urgency, voicemail_allowed, withdrawn, body, original)
          SELECT id, 0, 0, 0, ?, '' FROM callback
          """, arguments: [body])
    }
    return scene
  }

  /// How much memory the process has now.
  private func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(Int(pages[1])) * Int(getpagesize())
  }

  @Test("Advancing and listing 100,000 takes the memory of one batch")
  func memory() throws {
    let scene = try filled()
    let before = try residentBytes()
    var most = before
    for _ in 0..<20 {
      let count = try scene.store.advanceDue(at: StoreScene.now, limit: 256) { callback in
        var callback = callback
        callback.wakeAt = StoreScene.now + 3600
        return Transition(callback)
      }
      #expect(count == 256)
      most = max(most, try residentBytes())
    }
    var filter = CallbackFilter()
    for _ in 0..<20 {
      let page = try scene.store.list(filter)
      #expect(page.count == 500)
      filter.after = page.last.map { .init(urgency: $0.urgency, time: $0.dueAt, id: $0.id) }
      most = max(most, try residentBytes())
    }
    #expect(most - before < 64 << 20)
  }

  @Test("A report of 100,000 is read in short pieces, in little memory")
  func report() throws {
    let scene = try filled()
    let before = try residentBytes()
    let clock = ContinuousClock()
    let query = ReportQuery(since: Date(timeIntervalSince1970: 0), until: StoreScene.now)
    var tally = ReportTally(query, zone: .utc, now: StoreScene.now)
    var cursor: ReportCursor?
    var longest = Duration.zero
    repeat {
      let duration = try clock.measure {
        let page = try scene.store.reportPage(query, after: cursor, limit: 2000)
        for row in page.rows { tally.add(row) }
        cursor = page.next
      }
      longest = max(longest, duration)
    } while cursor != nil
    #expect(tally.count == Self.count)
    // Ten times what it takes on a slow machine.
    #expect(longest < .milliseconds(500))
    #expect(try residentBytes() - before < 32 << 20)
  }

  @Test("What is due next, and the counts, come at once among 100,000")
  func speed() throws {
    let scene = try filled()
    let clock = ContinuousClock()
    let duration = try clock.measure {
      for _ in 0..<100 {
        #expect(try scene.store.nextWake() != nil)
        _ = try scene.store.nextTry()
        _ = try scene.store.counts()
      }
    }
    // A look through the table takes 10 ms each.
    #expect(duration < .milliseconds(500))
  }
}
