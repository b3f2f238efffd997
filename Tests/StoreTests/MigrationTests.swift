import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("A store of version 1")
struct MigrationTests {
  private static let now = StoreScene.now

  /// A file as version 1 left it, with what `fill` puts into it; opened now.
  private func opened(filledWith fill: String) throws -> (directory: TemporaryDirectory, store: SQLiteStore) {
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
            \(fill)
            """)
      }
      try old.close()
    }
    return (directory, try SQLiteStore(file: file))
  }

  private func story(_ id: Int64, _ store: SQLiteStore) throws -> Story { try #require(try store.story(of: id)) }

  @Test("Callbacks, messages, events and notices are as they were, and what is new of them is told from these")
  func filled() throws {
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    let open = try story(1, store)
    #expect(open.callback.state == .retrying)
    #expect(open.callback.dueBasis == .promised)
    #expect(open.callback.attemptedAt == Self.now + (-200))
    #expect(open.callback.ownedFor == nil)
    #expect(open.callback.closedBy == nil)
    #expect(open.callback.message.callback?.digits == "15550104477")
    #expect(open.original == Array("first".utf8))
    #expect(open.otherMessages.isEmpty)
    #expect(open.events.map(\.kind) == [.admitted, .noAnswer, .busy])
    #expect(open.events.allSatisfy { $0.other == nil && $0.urgency == nil })
    #expect(open.notices.map(\.number) == [1, 2])
    #expect(open.notices.map(\.state) == [.delivered, .waiting])
    #expect(open.notices.map(\.notice.step) == [nil, 1])
    #expect(open.notices.map(\.tries) == [1, 3])
    #expect(open.notices.map(\.error) == [nil, "busy"])
    #expect(open.notices.allSatisfy { $0.bundle == nil })
    let closed = try story(2, store)
    #expect(closed.callback.closedBy == "chen")
    #expect(closed.callback.dueBasis == .reachable)
    #expect(closed.callback.attemptedAt == nil)
    #expect(try story(3, store).callback.dueBasis == .policy)
    #expect(try store.counts().open == 2)
    #expect(try store.counts().noticesWaiting == 2)
  }

  @Test("What is under way goes on: timers, notices with their tokens, files in hand")
  func goesOn() throws {
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    #expect(try store.nextWake() == Self.now + 60)
    #expect(try store.arrivalsInHand().map { $0.callbacks.map(\.id) } == [[3]])
    try store.releaseLeases()
    let leases = try store.leaseNotices(at: Self.now, limit: 9, digestOver: 9)
    #expect(leases.map(\.token) == ["token3", "token2"])
    #expect(leases.map(\.number) == [3, 2])
    #expect(leases.last?.tries == 3)
  }

  @Test("Its events become a record that is whole, and goes on")
  func record() throws {
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    func findings() throws -> [RecordFinding] {
      try store.checkRecord(from: .start, limit: 100, head: nil).findings
        + store.checkRecord(from: .callbacks(after: 0), limit: 100, head: nil).findings
    }
    #expect(try store.recordHead()?.number == 7)
    #expect(try findings() == [])
    _ = try store.change(1, at: Self.now) { Transition($0, events: [Event(at: Self.now, .note, text: "More")]) }
    #expect(try store.recordHead()?.number == 8)
    #expect(try findings() == [])
    try store.database.inDatabase { try $0.execute(sql: "UPDATE message SET phone = '1' WHERE callback = 1") }
    #expect(try findings() == [RecordFinding(.messageChanged, callback: 1)])
  }

  @Test("Numbers are not given twice")
  func numbers() throws {
    // The latest of each are gone.
    let gone = "DELETE FROM event WHERE callback = 3; DELETE FROM notice WHERE callback = 3;"
    let (directory, store) = try opened(filledWith: Version1.filled + gone)
    defer { withExtendedLifetime(directory) {} }
    _ = try store.change(1, at: Self.now) { callback in
      StoreScene.transition(callback, notices: [Notice(person: "chen", reason: .step)])
    }
    #expect(try story(1, store).notices.map(\.number) == [1, 2, 4])
  }

  @Test("Whoever rang before is known again, by when the call came in or the callback was closed")
  func recentCalls() throws {
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    let calls = try store.database.inDatabase { database in
      try Row.fetchAll(database, sql: "SELECT callback, digits, account, at FROM recent_call ORDER BY callback")
    }
    #expect(calls.map { $0["callback"] } == [1, 2] as [Int64])
    #expect(calls.map { $0["digits"] } == ["15550104477", "15550104477"])
    #expect(calls.map { $0["account"] } == ["riverside", nil])
    #expect(calls.map { $0.date("at") } == [Self.now + (-300), Self.now + (-100)])
  }

  @Test("Its tables and indexes are those of a new store")
  func sameSchema() throws {
    func schema(_ store: SQLiteStore) throws -> [String] {
      try store.database.inDatabase { database in
        try String.fetchAll(database, sql: "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
      }
    }
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    #expect(
      try schema(store).filter { !$0.contains("grdb_migrations") }
        == schema(StoreScene().store).filter { !$0.contains("grdb_migrations") })
    let check = try store.database.inDatabase { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
    #expect(check == ["ok"])
  }

  @Test("An open callback without a time to wake at is refused now as before")
  func checkStays() throws {
    let (directory, store) = try opened(filledWith: Version1.filled)
    defer { withExtendedLifetime(directory) {} }
    #expect(throws: StoreError.self) {
      try store.change(1, at: Self.now) { callback in
        var callback = callback
        callback.wakeAt = nil
        return Transition(callback)
      }
    }
  }
}
