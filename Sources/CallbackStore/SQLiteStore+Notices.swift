import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func leaseNotices(at now: Date, limit: Int) throws(StoreError) -> [LeasedNotice] {
    guard limit > 0, try nextTry().map({ $0 <= now }) ?? false else { return [] }
    return try write("lease notices") { database in
      var leased: [LeasedNotice] = []
      for urgency in Urgency.allCases.reversed() where leased.count < limit {
        let rows = try Row.fetchAll(
          database.cachedStatement(
            sql: """
              SELECT * FROM notice WHERE state = 'waiting' AND urgency = ? AND next_try_at <= ?
              ORDER BY next_try_at, id LIMIT ?
              """), arguments: [urgency.rawValue, now.columnSeconds, limit - leased.count])
        for row in rows {
          try database.run("UPDATE notice SET state = 'sending' WHERE id = ?", [row["id"] as Int64])
          leased.append(try database.leasedNotice(row))
        }
      }
      return leased
    }
  }

  public func nextTry() throws(StoreError) -> Date? {
    try read("look up the next notice") { database in
      let earliest = try Urgency.allCases.compactMap { urgency in
        try Int64.fetchOne(
          database.cachedStatement(
            sql: "SELECT min(next_try_at) FROM notice WHERE state = 'waiting' AND urgency = ?"),
          arguments: [urgency.rawValue])
      }.min()
      return earliest.map { Date(columnSeconds: $0) }
    }
  }

  public func releaseLeases() throws(StoreError) {
    try write("release notices") { database in
      // One that was being handed over when its callback was closed could not be withdrawn then.
      try database.run(
        """
        UPDATE notice SET state = 'withdrawn', settled_at = closed_at
        FROM callback WHERE callback.id = notice.callback AND notice.state = 'sending' AND closed_at IS NOT NULL
        """, [])
      try database.count(noticesWaiting: -database.changesCount)
      try database.run("UPDATE notice SET state = 'waiting' WHERE state = 'sending'", [])
    }
  }

  public func settle(
    _ leased: LeasedNotice, as settlement: Settlement, at now: Date, rule: (Callback, Bool) -> Transition
  ) throws(StoreError) {
    try write("record notice \(leased.number)") { database in
      guard try database.end(leased, as: settlement, at: now), let callback = try database.callback(leased.callback.id)
      else { return }
      let transition = rule(callback, try database.othersMayKnow(of: leased))
      try database.commit(transition, replacing: callback, at: now)
    }
  }
}

extension Database {
  fileprivate func leasedNotice(_ row: Row) throws -> LeasedNotice {
    let id: Int64 = row["callback"]
    guard let callback = try callback(id) else {
      throw StoreError("The store holds a notice for callback \(id), but no such callback; restore a backup.")
    }
    return LeasedNotice(
      number: row["id"], token: row["token"], notice: try Notice(row: row), callback: callback,
      createdAt: row.requiredDate("created_at"), tries: row["tries"], channelIndex: row["channel"])
  }

  /// Ends a lease; false where it has ended already.
  fileprivate func end(_ leased: LeasedNotice, as settlement: Settlement, at now: Date) throws -> Bool {
    switch settlement {
    case .delivered: return try finish(leased, as: .delivered, error: nil, at: now)
    case .failed(let why): return try finish(leased, as: .failed, error: why, at: now)
    case .again(let time, let channel, let tries, let why):
      guard try callback(leased.callback.id)?.isOpen == true else {
        return try finish(leased, as: .withdrawn, error: why, at: now)
      }
      try run(
        """
        UPDATE notice SET state = 'waiting', next_try_at = ?, channel = ?, tries = ?, error = ?
        WHERE id = ? AND state = 'sending'
        """, [time.columnSeconds, channel, tries, why, leased.number])
      return changesCount > 0
    }
  }

  private func finish(
    _ leased: LeasedNotice, as state: NoticeRecord.State, error: String?, at now: Date
  ) throws -> Bool {
    try run(
      """
      UPDATE notice SET state = ?, settled_at = ?, error = coalesce(?, error), tries = tries + 1
      WHERE id = ? AND state = 'sending'
      """, [state.rawValue, now.columnSeconds, error, leased.number])
    guard changesCount > 0 else { return false }
    try count(noticesWaiting: -1)
    return true
  }

  /// Whether the same step, or the same announcement, tells somebody else.
  fileprivate func othersMayKnow(of leased: LeasedNotice) throws -> Bool {
    try Bool.fetchOne(
      cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM notice WHERE callback = ? AND id <> ? AND reason = ? AND step IS ?
            AND created_at = ? AND person <> ? AND state NOT IN ('failed', 'withdrawn'))
          """),
      arguments: [
        leased.callback.id, leased.number, leased.notice.reason.rawValue, leased.notice.step,
        leased.createdAt.columnSeconds, leased.notice.person,
      ]) ?? false
  }
}

extension Notice {
  init(row: Row) throws {
    self.init(person: row["person"], reason: try row.word("reason"), step: row["step"])
  }
}
