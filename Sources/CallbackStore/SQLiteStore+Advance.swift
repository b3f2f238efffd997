import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func advanceDue(
    at now: Date, limit: Int, rule: (Callback) -> Transition
  ) throws(StoreError) -> Int {
    let (count, stuck) = try write("advance what is due") { database in
      var count = 0
      var stuck: StoreError?
      for urgency in Urgency.allCases.reversed() where count < limit {
        // The condition is repeated so that the partial index serves it.
        let due = try database.found(
          database.bound(
            """
            \(Database.callbackSelect) WHERE callback.urgency = ? AND wake_at IS NOT NULL AND wake_at <= ?
            ORDER BY wake_at LIMIT ?
            """, [.of(urgency.rawValue), .of(now), .of(limit - count)]))
        count += due.count
        let failure = try database.advance(due, at: now, rule: rule)
        stuck = stuck ?? failure
      }
      return (count, stuck)
    }
    if let stuck { throw stuck }
    return count
  }

  public func advanceOpen(
    after id: Int64, span: Int64, at now: Date, rule: (Callback) -> Transition
  ) throws(StoreError) -> Int64? {
    try write("plan open callbacks anew") { database in
      // Bounded by numbers, not by how many are open: most of an old store is closed.
      let open = try database.found(
        database.bound(
          "\(Database.callbackSelect) WHERE callback.id > ? AND callback.id <= ? AND +closed_at IS NULL",
          [.of(id), .of(id + span)]))
      // One that can't be advanced is named when it is due.
      if let stuck = try database.advance(open, at: now, rule: rule) { _ = noted(stuck) }
      let last = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM callback")) ?? 0
      return id + span < last ? id + span : nil
    }
  }

  public func nextWake() throws(StoreError) -> Date? {
    try read("look up what is due next") { database in
      try database.least { urgency in
        ("min(wake_at) FROM callback WHERE urgency = ? AND wake_at IS NOT NULL", [.of(urgency.rawValue)])
      }.map { Date(columnSeconds: $0) }
    }
  }

  public func change(
    _ id: Int64, at now: Date, rule: (Callback) throws(Refusal) -> Transition
  ) throws(StoreError) -> Change {
    try write("change callback \(id)") { database in
      guard let callback = try database.callback(id) else { return .noSuchCallback }
      let transition: Transition
      do throws(Refusal) {
        transition = try rule(callback)
      } catch {
        return .refused(error)
      }
      try database.commit(transition, replacing: callback, at: now)
      return .changed(transition.callback)
    }
  }
}

extension Database {
  /// Advances each of these by itself, so that one that can't be advanced doesn't stop the others.
  ///
  /// - Returns: why the first of those could not; nil if all were advanced.
  /// - Throws: what stops all of them: trouble with the disk.
  func advance(_ found: [Found], at now: Date, rule: (Callback) -> Transition) throws -> StoreError? {
    var stuck: StoreError?
    for one in found {
      let ledger = TransactionLedger.current?.contents
      do {
        let callback = try one.callback.get()
        let transition = rule(callback)
        guard transition != Transition(callback) else { continue }
        try part { try commit(transition, replacing: callback, at: now) }
      } catch {
        // What was undone with the savepoint.
        if let ledger { TransactionLedger.current?.contents = ledger }
        let failure = StoreError(error, doing: "advance callback \(one.id)")
        if failure.mayPass || !isInsideTransaction { throw failure }
        stuck = stuck ?? failure
      }
    }
    return stuck
  }
}
