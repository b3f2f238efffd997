import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func list(_ filter: CallbackFilter) throws(StoreError) -> [Callback] {
    try read("list callbacks") { database in
      if filter.closed { return try database.listClosed(filter) }
      var found: [Callback] = []
      // One urgency at a time, so that the index gives the order.
      let first = filter.after?.urgency ?? .emergency
      for urgency in Urgency.allCases.reversed() where urgency <= first && found.count < filter.limit {
        let after = urgency == first ? filter.after : nil
        found += try database.listOpen(filter, urgency: urgency, after: after, limit: filter.limit - found.count)
      }
      return found
    }
  }

  public func story(of id: Int64) throws(StoreError) -> Story? {
    try read("look up callback \(id)") { database in
      guard let callback = try database.callback(id) else { return nil }
      return try database.story(of: callback, original: database.original(of: id))
    }
  }

  public func callbacks(_ numbers: [Int64]) throws(StoreError) -> [Callback] {
    try read("look up callbacks") { database in try Set(numbers).sorted().compactMap(database.callback) }
  }

  public func events(after event: Int64, limit: Int) throws(StoreError) -> [StoredEvent] {
    try read("look up what happened") { database in
      try Row.fetchAll(
        database.cachedStatement(sql: "SELECT * FROM event WHERE id > ? ORDER BY id LIMIT ?"),
        arguments: [event, limit]
      ).map { StoredEvent(number: $0["id"], callback: $0["callback"], event: try Event(row: $0)) }
    }
  }

  public func latestEvent() throws(StoreError) -> Int64 {
    try read("look up what happened") { database in
      try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM event")) ?? 0
    }
  }

  public func stories(
    after id: Int64, since: Date, until: Date, limit: Int
  ) throws(StoreError) -> (stories: [Story], next: Int64?) {
    try read("look up callbacks for an export") { database in
      // Bounded by numbers too: what came in years ago may have to be passed over first.
      let end = id > .max - Self.exportSpan ? .max : id + Self.exportSpan
      let callbacks = try Row.fetchCursor(
        database.cachedStatement(
          sql: """
            \(Database.callbackSelect) WHERE callback.id > ? AND callback.id <= ? AND admitted_at >= ? AND admitted_at < ?
            ORDER BY callback.id LIMIT ?
            """), arguments: [id, end, since.columnSeconds, until.columnSeconds, limit])
      var stories: [Story] = []
      var size = 0
      while let row = try callbacks.next() {
        let story = try database.story(of: try Callback(row: row), original: [])
        stories.append(story)
        size += story.roughBytes
        if size > Self.exportBytes { break }
      }
      if let last = stories.last, stories.count == limit || size > Self.exportBytes {
        return (stories, last.callback.id)
      }
      let last = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(id) FROM callback")) ?? 0
      return (stories, end < last ? end : nil)
    }
  }

  private static let exportSpan: Int64 = 5000
  private static let exportBytes = 1 << 20

  public func counts() throws(StoreError) -> StoreCounts {
    try read("count callbacks") { database in
      var counts = StoreCounts()
      guard let row = try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM counter")) else {
        throw StoreError("The store has lost its counters; restore a backup.")
      }
      counts.open = row["open"]
      counts.owned = row["owned"]
      counts.overdue = row["overdue"]
      counts.noticesWaiting = row["notices_waiting"]
      if counts.overdue > 0 {
        counts.oldestOverdueDue = try database.least { urgency in
          ("min(due_at) FROM callback WHERE closed_at IS NULL AND urgency = ?", [.of(urgency.rawValue)])
        }.map { Date(columnSeconds: $0) }
      }
      return counts
    }
  }
}

extension Story {
  /// About how much it takes in memory and in JSON.
  fileprivate var roughBytes: Int {
    (callback.message.body?.utf8.count ?? 0) + 1000 * (1 + otherMessages.count) + 300 * (events.count + notices.count)
      + events.reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
  }
}

extension Database {
  fileprivate func story(of callback: Callback, original: [UInt8]) throws -> Story {
    let id = callback.id
    return Story(
      callback: callback, otherMessages: try otherMessages(of: id),
      events: try Row.fetchAll(
        cachedStatement(sql: "SELECT * FROM event WHERE callback = ? ORDER BY id"), arguments: [id]
      ).map(Event.init(row:)),
      notices: try Row.fetchAll(
        cachedStatement(sql: "SELECT * FROM notice WHERE callback = ? ORDER BY id"), arguments: [id]
      ).map(NoticeRecord.init(row:)),
      original: original)
  }

  fileprivate func listOpen(
    _ filter: CallbackFilter, urgency: Urgency, after: CallbackFilter.Cursor?, limit: Int
  ) throws -> [Callback] {
    var sql = "\(Self.callbackSelect) WHERE closed_at IS NULL AND callback.urgency = ?"
    var values: [(any DatabaseValueConvertible)?] = [urgency.rawValue]
    if let after {
      sql += " AND (due_at, callback.id) > (?, ?)"
      values += [after.time.columnSeconds, after.id]
    }
    if filter.overdue { sql += " AND overdue" }
    if let since = filter.since {
      sql += " AND taken_at >= ?"
      values.append(since.columnSeconds)
    }
    filter.restrict(&sql, &values)
    return try fetch(sql + " ORDER BY due_at, callback.id LIMIT ?", values + [limit])
  }

  /// The latest closed first.
  fileprivate func listClosed(_ filter: CallbackFilter) throws -> [Callback] {
    var sql = "\(Self.callbackSelect) WHERE closed_at IS NOT NULL"
    var values: [(any DatabaseValueConvertible)?] = []
    if let after = filter.after {
      sql += " AND (closed_at, callback.id) < (?, ?)"
      values += [after.time.columnSeconds, after.id]
    }
    if filter.overdue { sql += " AND overdue" }
    if let since = filter.since {
      sql += " AND closed_at >= ?"
      values.append(since.columnSeconds)
    }
    filter.restrict(&sql, &values)
    return try fetch(sql + " ORDER BY closed_at DESC, callback.id DESC LIMIT ?", values + [max(filter.limit, 0)])
  }

  private func fetch(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws -> [Callback] {
    try callbacks(bound(sql, values.map(\.columnValue)))
  }
}

extension CallbackFilter {
  fileprivate func restrict(_ sql: inout String, _ values: inout [(any DatabaseValueConvertible)?]) {
    if let person {
      let recipients = [person] + alsoRecipients
      sql += " AND (owner = ? OR recipient IN (\(recipients.map { _ in "?" }.joined(separator: ", "))))"
      values += [person] + recipients
    }
    if let account {
      sql += " AND account = ?"
      values.append(account)
    }
    if let visibleAccounts {
      let marks = visibleAccounts.map { _ in "?" }.joined(separator: ", ")
      sql += " AND (account IS NULL OR account IN (\(marks)))"
      values += visibleAccounts
    }
  }

  /// Whether this one is listed, on whichever page.
  public func matches(_ callback: Callback) -> Bool {
    let account = callback.message.account
    let isSince = since.map { $0 <= (closed ? callback.closedAt ?? .distantPast : callback.message.takenAt) } ?? true
    let isTheirs =
      person.map { callback.owner == $0 || ([$0] + alsoRecipients).contains(callback.recipient) } ?? true
    return callback.isOpen != closed && (!overdue || callback.overdue) && isSince && isTheirs
      && (self.account == nil || account == self.account) && mayBeSeen(account)
  }

  /// Whether those of this account are among the visible ones.
  public func mayBeSeen(_ account: String?) -> Bool {
    guard let visibleAccounts, let account else { return true }
    return visibleAccounts.contains(account)
  }
}

extension Event {
  fileprivate init(row: Row) throws {
    self.init(
      at: row.requiredDate("at"), actor: Actor(column: row["actor"], login: row["login"]), try row.word("kind"),
      person: row["person"], step: row["step"], notice: row["notice"], until: row.date("until"),
      other: row["other"], urgency: try (row["urgency"] as Int?).map { _ in try row.urgency("urgency") },
      text: row["text"])
  }
}

extension NoticeRecord {
  fileprivate init(row: Row) throws {
    self.init(
      number: row["id"], notice: try Notice(row: row), state: try row.word("state"), tries: row["tries"],
      createdAt: row.requiredDate("created_at"), settledAt: row.date("settled_at"), bundle: row["bundle"],
      error: row["error"])
  }
}
