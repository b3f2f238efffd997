import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func leaseNotices(
    at now: Date, limit: Int, digestOver: Int, atLeast urgency: Urgency, barring: (Urgency, [Lease]) -> Barred
  ) throws(StoreError) -> [Lease] {
    guard limit > 0, try nextTry(barring: { barring($0, []) }).map({ $0 <= now }) ?? false else { return [] }
    return try write("lease notices") { database in
      var leases: [Lease] = []
      for level in Urgency.allCases.reversed() where level >= urgency {
        while leases.count < limit, case .ways(let barred) = barring(level, leases),
          let next = try database.nextWaiting(level, at: now, barred)
        {
          leases.append(try database.lease(next, digestOver: digestOver, at: now))
        }
      }
      return leases
    }
  }

  public func waitingNotices(
    after number: Int64, limit: Int, digestOver: Int, at now: Date
  ) throws(StoreError) -> WaitingNotices {
    try read("look up notices that wait") { database in
      let rows = try Row.fetchAll(
        database.bound(
          """
          SELECT * FROM notice WHERE id > ? AND state = 'waiting' AND next_try_at <= ? AND alarm IS NULL AND bundle IS NULL
          ORDER BY id LIMIT ?
          """, [.of(number), .of(now), .of(limit)])
      )
      let isLast = rows.count < limit
      return WaitingNotices(
        notices: try database.leasesAlone(rows, digestOver: digestOver, at: now),
        last: isLast ? try database.latestNotice() : rows[limit - 1]["id"], isLast: isLast)
    }
  }

  public func latestNotice() throws(StoreError) -> Int64 {
    try read("look up the latest notice") { database in try database.latestNotice() }
  }

  public func nextTry(barring: (Urgency) -> Barred) throws(StoreError) -> Date? {
    try read("look up the next notice") { database in
      let earliest = try database.least { urgency in
        guard case .ways(let barred) = barring(urgency) else { return nil }
        let leftOut = barred.leftOut
        return (
          "min(next_try_at) FROM notice WHERE state = 'waiting' AND urgency = ?" + leftOut.sql,
          [.of(urgency.rawValue)] + leftOut.values
        )
      }
      return earliest.map { Date(columnSeconds: $0) }
    }
  }

  public func leaseStuck(
    on route: Route, urgency: Urgency, since moment: Date, digestOver: Int, at now: Date
  ) throws(StoreError) -> Lease? {
    try write("lease notices that are stuck") { database in
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT * FROM notice WHERE state = 'waiting' AND person = ? AND urgency = ? AND channel = ?
              AND coalesce(not_before, created_at) <= ?
            LIMIT 1
            """),
        arguments: [route.person, urgency.rawValue, route.channelIndex, moment.columnSeconds])
      return try row.map { try database.lease($0, digestOver: digestOver, at: now) }
    }
  }

  public func countWaiting(on routes: [Route]) throws(StoreError) -> Int {
    try read("count the notices that wait for a channel") { database in
      var count = 0
      for route in routes {
        for urgency in Urgency.allCases {
          count +=
            try Int.fetchOne(
              database.cachedStatement(
                sql:
                  "SELECT count(*) FROM notice WHERE state = 'waiting' AND person = ? AND urgency = ? AND channel = ?"),
              arguments: [route.person, urgency.rawValue, route.channelIndex]) ?? 0
        }
      }
      return count
    }
  }

  public func oldestNotice() throws(StoreError) -> Date? {
    try read("look up the oldest notice") { database in
      // Numbers are given in the order of time, and the index has them.
      let first = try database.least { urgency in
        ("min(id) FROM notice WHERE state = 'waiting' AND urgency = ?", [.of(urgency.rawValue)])
      }
      guard let first else { return nil }
      return try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT created_at FROM notice WHERE id = ?"), arguments: [first]
      ).map { Date(columnSeconds: $0) }
    }
  }

  public func oldestDueNotice(at now: Date, barring routes: [Route]) throws(StoreError) -> Date? {
    try read("look up the oldest notice that could go") { database in
      let leftOut = routes.leftOut
      let oldest = try database.least { urgency in
        (
          """
          min(coalesce(not_before, created_at)) FROM notice
          WHERE state = 'waiting' AND urgency = ? AND coalesce(not_before, created_at) <= ?\(leftOut.sql)
          """, [.of(urgency.rawValue), .of(now)] + leftOut.values
        )
      }
      return oldest.map { Date(columnSeconds: $0) }
    }
  }

  public func correctTries(at now: Date, longestSeconds: Int, quiet people: [String]) throws(StoreError) {
    try write("look up notices that wait too long") { database in
      let marks = people.map { _ in "?" }.joined(separator: ", ")
      for urgency in Urgency.allCases {
        try database.run(
          """
          UPDATE notice SET next_try_at = ?, not_before = NULL WHERE state = 'waiting' AND urgency = ? AND next_try_at > ?
            AND (not_before IS NULL OR not_before < next_try_at OR not_before > ? OR person NOT IN (\(marks)))
          """,
          [
            now.columnSeconds, urgency.rawValue, now.columnSeconds + Int64(longestSeconds), now.columnSeconds + 86_400,
          ] + people)
      }
      // A gap in running numbers waits for a day at most.
      try database.run(
        "UPDATE ref_sequence SET gap_at = ? WHERE gap_at IS NOT NULL AND gap_at > ?",
        [now.columnSeconds, now.columnSeconds + 86_400])
    }
  }

  public func releaseLeases() throws(StoreError) {
    try write("release notices") { database in
      // One that was being handed over when its callback was closed could not be withdrawn then.
      try database.run(
        """
        UPDATE notice SET state = 'withdrawn', settled_at = closed_at
        FROM callback WHERE callback.id = notice.callback AND notice.state = 'sending'
          AND (created_at < closed_at OR expired AND closed_at IS NOT NULL)
        """, [])
      try database.count(noticesWaiting: -database.changesCount)
      let raised = try Row.fetchAll(
        database.cachedStatement(
          sql: "SELECT id, next_try_at FROM notice WHERE state = 'sending' AND bundle IS NOT NULL AND urgency = ?"),
        arguments: [Urgency.emergency.rawValue])
      try database.run("UPDATE notice SET state = 'waiting' WHERE state = 'sending'", [])
      for row in raised { try database.takeOutOfBundle(row["id"], at: row.requiredDate("next_try_at")) }
    }
  }

  public func settle(
    _ lease: Lease, as settlement: Settlement, at now: Date, rule: (Lease.Entry, Callback, Bool) -> Transition
  ) throws(StoreError) {
    try write("record notice \(lease.number)") { database in
      switch lease.content {
      case .alarm:
        try database.end(lease.number, as: settlement, at: now)
      case .callbacks(let entries):
        for entry in entries {
          guard try database.end(entry, as: settlement, at: now),
            let callback = try database.callback(entry.callback.id)
          else { continue }
          let transition = rule(entry, callback, try database.othersMayKnow(of: entry))
          try database.commit(transition, replacing: callback, at: now)
        }
      }
    }
  }
}

extension Database {
  fileprivate func latestNotice() throws -> Int64 {
    try numbers("SELECT max(id) FROM notice", []).first ?? 0
  }

  fileprivate func nextWaiting(_ urgency: Urgency, at now: Date, _ barred: [Route]) throws -> Row? {
    let leftOut = barred.leftOut
    return try Row.fetchOne(
      bound(
        """
        SELECT * FROM notice WHERE state = 'waiting' AND urgency = ? AND next_try_at <= ?\(leftOut.sql)
        ORDER BY next_try_at, id LIMIT 1
        """, [.of(urgency.rawValue), .of(now)] + leftOut.values))
  }

  /// Ends the lease of one notice about a callback; false where it has ended already.
  fileprivate func end(_ entry: Lease.Entry, as settlement: Settlement, at now: Date) throws -> Bool {
    guard case .again(_, _, _, let why) = settlement, let callback = try callback(entry.callback.id) else {
      return try end(entry.number, as: settlement, at: now)
    }
    // What the closing itself says, or what came after it, is still to be told.
    if let closedAt = callback.closedAt, try closedAt > entry.createdAt || isExpired(entry.number) {
      return try finish(entry.number, as: .withdrawn, error: why, at: now)
    }
    guard try end(entry.number, as: settlement, at: now) else { return false }
    if callback.urgency == .emergency { try takeOutOfBundle(entry.number, at: now) }
    return true
  }

  /// Whether its callback was closed since the notice was made, also where both were in the same second.
  private func isExpired(_ number: Int64) throws -> Bool {
    try Bool.fetchOne(bound("SELECT expired FROM notice WHERE id = ?", [.of(number)])) ?? false
  }

  @discardableResult
  fileprivate func end(_ number: Int64, as settlement: Settlement, at now: Date) throws -> Bool {
    switch settlement {
    case .delivered: return try finish(number, as: .delivered, error: nil, at: now)
    case .failed(let why): return try finish(number, as: .failed, error: why, at: now)
    case .again(let time, let channel, let tries, let why):
      try run(
        """
        UPDATE notice SET state = 'waiting', next_try_at = ?, channel = ?, tries = ?, error = ?
        WHERE id = ? AND state = 'sending'
        """, [time.columnSeconds, channel, tries, why, number])
      return changesCount > 0
    }
  }

  private func finish(_ number: Int64, as state: NoticeRecord.State, error: String?, at now: Date) throws -> Bool {
    try run(
      """
      UPDATE notice SET state = ?, settled_at = ?, error = coalesce(?, error), tries = tries + 1
      WHERE id = ? AND state = 'sending'
      """, [state.rawValue, now.columnSeconds, error, number])
    guard changesCount > 0 else { return false }
    try count(noticesWaiting: -1)
    return true
  }

  /// Whether the same step, or the same announcement, tells somebody else, who is not quiet until after the deadline.
  func othersMayKnow(of entry: Lease.Entry) throws -> Bool {
    try Bool.fetchOne(
      cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM notice WHERE callback = ? AND id <> ? AND reason = ? AND step IS ?
            AND created_at = ? AND person <> ? AND state NOT IN ('failed', 'withdrawn')
            AND (state <> 'waiting' OR not_before IS NULL
              OR not_before < (SELECT due_at FROM callback WHERE callback.id = notice.callback)))
          """),
      arguments: [
        entry.callback.id, entry.number, entry.notice.reason.rawValue, entry.notice.step,
        entry.createdAt.columnSeconds, entry.notice.person,
      ]) ?? false
  }
}

extension Notice {
  init(row: Row) throws {
    self.init(
      person: row["person"], reason: try row.word("reason"), step: row["step"], notBefore: row.date("not_before"),
      text: row["text"])
  }
}
