import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("The record")
struct RecordTests {
  @Test("What was written is found whole, in pieces of any size", arguments: [1, 2, 3, 1000])
  func whole(limit: Int) throws {
    let scene = try StoreScene.lived()
    #expect(try scene.findings(limit: limit) == [])
    let head = try #require(try scene.store.recordHead())
    #expect(head.number == 10)
    #expect(try scene.findings(limit: limit, head: head) == [])
  }

  @Test("An empty store is whole, and has no head")
  func empty() throws {
    let scene = try StoreScene()
    #expect(try scene.findings() == [])
    #expect(try scene.store.recordHead() == nil)
  }

  @Test("A store that crashed and was opened again goes on with the chain")
  func goesOn() throws {
    let scene = try StoreScene.lived().crashed()
    try scene.note(4, "After the crash")
    #expect(try scene.findings() == [])
    #expect(try scene.store.recordHead()?.number == 11)
  }

  @Test("A place that no look ever came to is beyond the end, and harms nothing")
  func beyond() throws {
    let scene = try StoreScene.lived()
    for place in [RecordPlace.events(after: .max), .callbacks(after: .max)] {
      #expect(try scene.store.checkRecord(from: place, limit: 10, head: nil).findings == [])
    }
    let page = try scene.store.stories(after: .max, since: .distantPast, until: .distantFuture, limit: 10)
    #expect(page.stories.isEmpty && page.next == nil)
  }

  @Test("A head is read as it is printed, and nothing else is")
  func headText() throws {
    let head = try #require(try StoreScene.lived().store.recordHead())
    #expect(RecordHead(head.text) == head)
    #expect(RecordHead(head.text.uppercased()) == head)
    for wrong in [
      "", "10", "10:", "10:abc", ":" + head.digest, "0:" + head.digest, "x:" + head.digest, head.text + "0",
    ] {
      #expect(RecordHead(wrong) == nil, "\(wrong)")
    }
  }

  @Test(
    "Each field of an event, if changed, is found at that event",
    arguments: [
      "callback = 2", "at = at + 1", "actor = 'person:chen'", "login = 'mchen'", "kind = 'busy'", "person = 'chen'",
      "step = 1", "notice = 7", "until = 5", "other = 3", "urgency = 2", "messages = x'00'", "facts = NULL",
      "personal = NULL", "digest = zeroblob(32)", "digest = NULL",
    ])
  func changedEvent(change: String) throws {
    let scene = try StoreScene.lived()
    try scene.tamper("UPDATE event SET \(change) WHERE id = 5")
    let found = try scene.findings()
    #expect(found.contains { $0.kind == .eventChanged && [5, 6].contains($0.event) }, "\(found)")
  }

  @Test("An event that was written anew with its digest is found by the next, and all of them by a head")
  func writtenAnew() throws {
    let scene = try StoreScene.lived()
    let head = try #require(try scene.store.recordHead())
    try scene.tamper("UPDATE event SET at = at + 1 WHERE id = 5")
    /// As whoever knows how it is done would: with every digest from there to `last`.
    func forge(through last: Int64) throws {
      try scene.store.database.inDatabase { database in
        for id in 5...last {
          let previous = try Data.fetchOne(database, sql: "SELECT digest FROM event WHERE id = ?", arguments: [id - 1])
          let row = try #require(
            try Row.fetchOne(
              database, sql: "SELECT \(Database.chainedColumnList) FROM event WHERE id = ?", arguments: [id]))
          try database.execute(
            sql: "UPDATE event SET digest = ? WHERE id = ?",
            arguments: [Database.eventDigest(after: previous, row.databaseValues), id])
        }
      }
    }
    try forge(through: 5)
    #expect(try scene.findings().map(\.event) == [6])
    try forge(through: 10)
    #expect(try scene.findings() == [])
    #expect(try scene.findings(head: head) == [RecordFinding(.headDiffers, event: 10)])
  }

  @Test(
    "Words of an event that were changed or taken out are found",
    arguments: [
      "text = 'Others'", "text = NULL", "text = NULL, salt = NULL", "salt = zeroblob(16)", "text = '', salt = NULL",
    ])
  func changedText(change: String) throws {
    let scene = try StoreScene.lived()
    try scene.tamper("UPDATE event SET \(change) WHERE id = 5")
    #expect(try scene.findings() == [RecordFinding(.textChanged, event: 5, callback: 1)])
  }

  @Test("Words that were put to an event that had none are found")
  func addedText() throws {
    let scene = try StoreScene.lived()
    try scene.tamper("UPDATE event SET text = 'Never said' WHERE id = 6")
    #expect(try scene.findings() == [RecordFinding(.textChanged, event: 6, callback: 1)])
  }

  @Test("Missing events are named: within, several, at the beginning")
  func missing() throws {
    for (deleted, first, last) in [("5", 5, 5), ("4, 5, 6", 4, 6), ("1", 1, 1)] as [(String, Int64, Int64)] {
      let scene = try StoreScene.lived()
      try scene.tamper("DELETE FROM event WHERE id IN (\(deleted))")
      let found = try scene.findings()
      #expect(found.contains { $0.kind == .eventsMissing && $0.event == first && $0.otherEvent == last }, "\(found)")
      #expect(!found.contains { $0.kind == .eventChanged })
    }
  }

  @Test("A cut tail is found by SQLite's own numbers, and where these were set back, by the head")
  func tail() throws {
    let scene = try StoreScene.lived()
    let head = try #require(try scene.store.recordHead())
    try scene.tamper("DELETE FROM event WHERE id > 8")
    #expect(
      try scene.findings().filter { $0.callback == nil } == [RecordFinding(.tailMissing, event: 9, otherEvent: 10)])
    try scene.tamper("UPDATE sqlite_sequence SET seq = 8 WHERE name = 'event'")
    #expect(try !scene.findings().contains { $0.kind == .tailMissing })
    #expect(try scene.findings(head: head).first == RecordFinding(.tailMissing, event: 9, otherEvent: 10))
    // What the row of the callback says that was closed by these is without them.
    #expect(try scene.findings().contains(RecordFinding(.callbackChanged, callback: 3)))
  }

  @Test("After a cut tail, what is added later does not hide it")
  func tailGrownAgain() throws {
    let scene = try StoreScene.lived()
    let head = try #require(try scene.store.recordHead())
    try scene.tamper("DELETE FROM event WHERE id > 8; UPDATE sqlite_sequence SET seq = 8 WHERE name = 'event'")
    for _ in 0..<5 { try scene.note(4, "Later") }
    #expect(try scene.findings(head: head).contains(RecordFinding(.headDiffers, event: 10)))
  }

  @Test("Swapped events are named, neighbours and others", arguments: [(5, 6), (2, 8), (9, 10), (1, 10)])
  func swapped(first: Int64, second: Int64) throws {
    let scene = try StoreScene.lived()
    try scene.tamper(
      """
      UPDATE event SET id = -1 WHERE id = \(first);
      UPDATE event SET id = \(first) WHERE id = \(second);
      UPDATE event SET id = \(second) WHERE id = -1
      """)
    let found = try scene.findings().filter { $0.event != nil }
    #expect(found.map(\.kind) == [.eventsSwapped], "\(found)")
    #expect(found.first?.event == first)
    #expect(found.first?.otherEvent == second)
  }

  @Test(
    "Each field of a callback that says what was promised and what became of it, if changed, is found",
    arguments: Database.factColumns)
  func changedCallback(column: String) throws {
    let scene = try StoreScene.lived()
    // Another value of any kind: a digit more.
    try scene.tamper("UPDATE callback SET \(column) = coalesce(\(column), 0) || '7' WHERE id = 3")
    #expect(try scene.findings().contains(RecordFinding(.callbackChanged, callback: 3)))
  }

  @Test(
    "Each field of a message, its bytes too, if changed, is found",
    arguments: Database.saidColumns, ["message", "other_message"])
  func changedMessage(column: String, table: String) throws {
    let scene = try StoreScene.lived()
    try scene.tamper("UPDATE \(table) SET \(column) = coalesce(\(column), 0) || '7' WHERE callback = 1")
    let kind: RecordFinding.Kind = table == "message" ? .messageChanged : .otherMessageChanged
    #expect(try scene.findings() == [RecordFinding(kind, callback: 1)])
  }

  @Test(
    "A field that was changed is found also where the rules went on from it, and so is a message that was completed")
  func wentOn() throws {
    let scene = try StoreScene.lived()
    try scene.tamper("UPDATE callback SET due_at = due_at + 60 WHERE id = 4")
    try scene.note(4, "Afterwards")
    #expect(try scene.findings() == [RecordFinding(.callbackChanged, callback: 4)])
    try scene.tamper("UPDATE message SET body = 'Other' WHERE callback = 1")
    try scene.join(.repeatCall, to: 1) { $0.patient = "Sam Doe" }
    #expect(try scene.findings().contains(RecordFinding(.messageChanged, callback: 1)))
  }

  @Test("Callbacks and messages that were taken out, added or swapped are found")
  func moved() throws {
    for (change, finding) in [
      ("DELETE FROM message WHERE callback = 2", RecordFinding(.messageChanged, callback: 2)),
      ("DELETE FROM other_message WHERE callback = 1", RecordFinding(.otherMessageChanged, callback: 1)),
      (
        "UPDATE other_message SET id = id + 10 WHERE part = 'repeat-call'",
        RecordFinding(.otherMessageChanged, callback: 2)
      ),
      (
        "UPDATE other_message SET callback = 4 WHERE callback = 1", RecordFinding(.otherMessageChanged, callback: 4)
      ),
      ("DELETE FROM callback WHERE id = 2", RecordFinding(.callbackMissing, callback: 2)),
      ("DELETE FROM callback WHERE id = 4", RecordFinding(.callbackMissing, callback: 4)),
      (
        "UPDATE sqlite_sequence SET seq = 4; INSERT INTO callback SELECT 9, \(Self.others) FROM callback WHERE id = 4",
        RecordFinding(.callbackUnknown, callback: 9)
      ),
    ] {
      let scene = try StoreScene.lived()
      try scene.tamper(change)
      #expect(try scene.findings().contains(finding), "\(change)")
    }
  }

  private static let others = """
    kind, state, account, service, urgency, recipient, owner, owner_since, taken_at, admitted_at, due_at, overdue, told_at,
    owned_at, reached_at, closed_at, own_by, finish_by, retry_at, repeat_at, next_step, reminders_done, attempts,
    repeat_calls, wake_at, due_basis, owned_for, attempted_at, closed_by, snoozed_at, snoozed_until, purged_at
    """

  @Test("SQLite itself refuses to change or take out an event, and words of what was not purged")
  func guarded() throws {
    let scene = try StoreScene.lived()
    for change in [
      "DELETE FROM event WHERE id = 5", "UPDATE event SET at = 1 WHERE id = 5", "UPDATE event SET digest = NULL",
      "UPDATE event SET text = 'x' WHERE id = 5", "UPDATE event SET text = NULL, salt = NULL WHERE id = 5",
    ] {
      #expect(throws: DatabaseError.self, "\(change)") {
        try scene.store.database.inDatabase { try $0.execute(sql: change) }
      }
    }
    #expect(try scene.findings() == [])
  }

  @Test("The same message twice has two digests: nobody can tell by them what was said")
  func salted() throws {
    let scene = try StoreScene()
    for _ in 0..<2 {
      let id = try scene.admitWithEvent(Message(takenAt: StoreScene.now)).id
      try scene.note(id, "The same words")
    }
    let digests = try scene.store.database.inDatabase { database in
      try Data.fetchAll(
        database,
        sql:
          "SELECT messages FROM event WHERE messages IS NOT NULL UNION SELECT personal FROM event WHERE personal IS NOT NULL"
      )
    }
    #expect(digests.count == 4)
    #expect(try scene.number("SELECT count(DISTINCT salt) FROM message") == 2)
    #expect(try scene.number("SELECT count(*) FROM event WHERE (salt IS NULL) <> (text IS NULL)") == 0)
  }

  @Test("Each finding is a sentence of its own, and says the numbers")
  func sentences() {
    let findings = RecordFinding.Kind.allCases.map {
      RecordFinding($0, event: 7001, otherEvent: 7003, callback: 812).sentence
    }
    #expect(Set(findings).count == RecordFinding.Kind.allCases.count)
    #expect(findings.allSatisfy { $0.contains("7001") || $0.contains("812") })
    #expect(
      RecordFinding(.eventsMissing, event: 5, otherEvent: 5).sentence == "Event 5 is missing, with others behind.")
  }
}
