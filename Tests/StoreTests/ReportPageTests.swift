import CallbackReports
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("What a report reads")
struct ReportPageTests {
  private static let now = StoreScene.now

  private func message(_ minutes: Int) -> Message { Message(takenAt: Self.now + minutes * 60, account: "riverside") }

  /// All pages of the span that begins now and is an hour long, and how many there were.
  private func rows(_ scene: StoreScene, limit: Int = 1000) throws -> (rows: [ReportRow], pages: Int) {
    let query = ReportQuery(since: Self.now, until: Self.now + 3600)
    var (rows, pages): ([ReportRow], Int) = ([], 0)
    var cursor: ReportCursor?
    repeat {
      let page = try scene.store.reportPage(query, after: cursor, limit: limit)
      rows += page.rows
      pages += 1
      cursor = page.next
    } while cursor != nil
    return (rows, pages)
  }

  @Test("Those whose call was taken in the span, its first second included and its end not, in the order of the calls")
  func span() throws {
    let scene = try StoreScene()
    for minutes in [59, -1, 60, 0, 30] { try scene.admit(message(minutes)) }
    let rows = try rows(scene).rows
    #expect(rows.map(\.takenAt) == [0, 30, 59].map { (Self.now + $0 * 60).wholeSeconds })
    #expect(rows.map(\.account) == ["riverside", "riverside", "riverside"])
  }

  @Test("Pages of any size give each callback once, also of calls in the same second", arguments: [1, 2, 3, 7])
  func pages(limit: Int) throws {
    let scene = try StoreScene()
    for number in 0..<10 {
      let notices = (0..<number % 4).map { Notice(person: "p\($0)", reason: .step, step: $0) }
      try scene.admit(message(number / 5), notices: notices)
    }
    for lease in try scene.store.leaseNotices(at: Self.now, limit: 100) { try scene.settle(lease, as: .delivered) }
    let (paged, count) = try rows(scene, limit: limit)
    #expect(try paged == rows(scene).rows)
    #expect(paged.count == 10)
    #expect(count > 1)
    #expect(paged.map(\.told.count) == (0..<10).map { $0 % 4 })
  }

  @Test("Only notices of steps and to the fallback count, and only those that were handed over")
  func told() throws {
    let scene = try StoreScene()
    try scene.admit(
      message(0),
      notices: [
        Notice(person: "rivera", reason: .announce), Notice(person: "chen", reason: .step, step: 1),
        Notice(person: "lee", reason: .nobodyElse), Notice(person: "gone", reason: .step, step: 0),
      ])
    for lease in try scene.store.leaseNotices(at: Self.now, limit: 100) {
      try scene.settle(lease, as: lease.person == "gone" ? .failed(why: "") : .delivered)
    }
    #expect(
      try Set(#require(rows(scene).rows.first).told) == [
        .init(step: 1, person: "chen"), .init(step: nil, person: "lee"),
      ])
  }

  @Test("That a call was withdrawn or declined is read from the history, and only where it matters")
  func ends() throws {
    let scene = try StoreScene()
    func happen(_ kinds: [Event.Kind], _ change: @escaping (inout Callback) -> Void = { _ in }) throws {
      let callback = try scene.admit(message(0))
      _ = try scene.store.change(callback.id, at: Self.now + 60) { callback in
        var callback = callback
        change(&callback)
        return Transition(callback, events: kinds.map { Event(at: Self.now + 60, $0) })
      }
    }
    func close(_ callback: inout Callback) {
      (callback.state, callback.closedAt, callback.wakeAt) = (.closed, Self.now + 60, nil)
    }
    try happen([.withdrawn])
    try happen([.withdrawn, .reached, .closed]) { callback in
      callback.reachedAt = Self.now + 60
      close(&callback)
    }
    try happen([.declined, .closed], close)
    try happen([.closed], close)
    try happen([.declined, .closed, .reopened])
    // Who rings again wants the call again.
    try happen([.withdrawn, .repeatCall])
    try happen([.withdrawn, .repeatCall, .withdrawn])
    let rows = try rows(scene).rows
    #expect(rows.map { $0.withdrawnAt != nil } == [true, false, false, false, false, false, true])
    #expect(rows.map(\.isDeclined) == [false, false, true, false, false, false, false])
    #expect(rows.map { $0.closedAt != nil } == [false, true, true, true, false, false, false])
  }

  @Test("Every time that the callback has is read into its own place")
  func times() throws {
    let scene = try StoreScene()
    let now = Self.now
    try scene.admit(message(0)) { callback in
      (callback.kind, callback.urgency, callback.owner) = (.missing, .emergency, "chen")
      (callback.toldAt, callback.ownedAt, callback.attemptedAt) = (now + 1, now + 2, now + 3)
      (callback.attempts, callback.repeatCalls) = (4, 5)
    }
    let row = try #require(rows(scene).rows.first)
    var expected = ReportRow(
      kind: .missing, account: "riverside", urgency: .emergency, recipient: "rivera", owner: "chen",
      takenAt: now.wholeSeconds, admittedAt: now.wholeSeconds, dueAt: now.wholeSeconds + 3600)
    (expected.toldAt, expected.ownedAt, expected.attemptedAt) = (
      now.wholeSeconds + 1, now.wholeSeconds + 2, now.wholeSeconds + 3
    )
    (expected.attempts, expected.repeatCalls) = (4, 5)
    #expect(row == expected)
  }
}
