import CallbackIntake
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("Plans of queries")
struct PlanTests {
  /// Every statement that the store has run, with its values.
  private final class Statements {
    var texts: [String] = []
  }

  /// Does everything a store can be asked for, and gives the statements that took.
  private func statements() throws -> [String] {
    let scene = try StoreScene()
    let statements = Statements()
    scene.store.database.inDatabase { database in
      database.trace { event in
        guard case .statement(let statement) = event else { return }
        statements.texts.append(statement.expandedSQL)
      }
    }
    try useEverything(scene)
    scene.store.database.inDatabase { $0.trace(nil) }
    return statements.texts
  }

  private func useEverything(_ scene: StoreScene) throws {
    let now = StoreScene.now
    var message = Message(takenAt: now)
    message.ref = "A-1"
    let callback = try scene.admit(message, notices: [Notice(person: "rivera", reason: .step, step: 0)])
    try scene.admit(message)
    let inHand = try scene.store.arrivalsInHand()
    try scene.store.putAway(inHand.map(\.arrival))
    _ = try scene.store.advanceDue(at: now + 600, limit: 10) { Transition($0) }
    _ = try scene.store.advanceOpen(after: 0, span: 10, at: now) { Transition($0) }
    _ = try scene.store.nextWake()
    _ = try scene.store.nextTry()
    for settlement in [Settlement.again(at: now, channelIndex: 0, tries: 1, why: ""), .delivered] {
      let leased = try scene.store.leaseNotices(at: now, limit: 10)
      for one in leased { try scene.settle(one, as: settlement) }
    }
    try scene.store.releaseLeases()
    try scene.change(callback.id) { $0.overdue = true }
    _ = try scene.store.story(of: callback.id)
    _ = try scene.store.counts()
    try list(scene)
    try scene.close(callback.id)
  }

  private func list(_ scene: StoreScene) throws {
    for closed in [false, true] {
      var filter = CallbackFilter()
      filter.closed = closed
      _ = try scene.store.list(filter)
      filter.overdue = true
      filter.person = "rivera"
      filter.account = "riverside"
      filter.since = StoreScene.now
      filter.after = .init(urgency: .emergency, time: StoreScene.now, id: 1)
      _ = try scene.store.list(filter)
    }
  }

  private func plan(of statement: String) throws -> [String] {
    let scene = try StoreScene()
    return try scene.store.database.inDatabase { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement).map { $0["detail"] }
    }
  }

  @Test("No statement looks through a table, nor sorts, beside the small ones that are read whole")
  func noScans() throws {
    let checked = try Set(statements()).filter { statement in
      ["SELECT", "UPDATE", "DELETE"].contains { statement.hasPrefix($0) } && statement != "SELECT * FROM counter"
    }
    try #require(checked.count > 25)
    for statement in checked where statement != "SELECT * FROM arrival ORDER BY id" {
      for step in try plan(of: statement) {
        let searches = ["SEARCH ", "SCALAR SUBQUERY", "LIST SUBQUERY", "SCAN CONSTANT ROW"].contains {
          step.hasPrefix($0)
        }
        // One row, and an index of what is under way only.
        let isShort = step == "SCAN counter" || step == "SCAN notice USING INDEX notice_sending"
        #expect(searches || isShort, "\(step): \(statement)")
      }
    }
  }

  @Test(
    "Each question has its index",
    arguments: [
      ("SELECT min(wake_at)", "callback_wake"), ("WHERE wake_at IS NOT NULL AND", "callback_wake"),
      ("WHERE closed_at IS NULL AND callback.urgency", "callback_open"),
      ("WHERE closed_at IS NOT NULL ORDER", "callback_closed"), ("SELECT min(next_try_at)", "notice_waiting"),
      ("ORDER BY next_try_at, id", "notice_waiting"), ("SELECT min(due_at)", "callback_open"),
      ("FROM message WHERE ref", "message_ref"), ("FROM arrival WHERE inode", "arrival_inode"),
      ("FROM event WHERE callback", "event_callback"), ("FROM notice WHERE callback", "notice_callback"),
    ])
  func index(part: String, index: String) throws {
    let matching = try statements().filter { $0.contains(part) }
    try #require(!matching.isEmpty)
    for statement in Set(matching) {
      let plan = try plan(of: statement)
      #expect(plan.contains { $0.contains(index) }, "\(plan): \(statement)")
    }
  }
}
