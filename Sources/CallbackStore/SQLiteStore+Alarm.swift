import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func raise(_ alarm: Alarm, to routes: [Route], at now: Date) throws(StoreError) -> Bool {
    try write("raise an alarm") { database in try database.raise(alarm, to: routes, at: now) }
  }
}

extension Database {
  /// As `Store.raise`.
  func raise(_ alarm: Alarm, to routes: [Route], at now: Date) throws -> Bool {
    try run(
      """
      INSERT INTO alarm (key, kind, from_at, until_at, promises_passed, rotation, service, channel, notices, person, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO NOTHING
      """,
      [
        alarm.key, alarm.kind.rawValue, alarm.from.columnSeconds, alarm.until.columnSeconds, alarm.promisesPassed,
        alarm.rotation, alarm.service, alarm.channel, alarm.notices, alarm.person, now.columnSeconds,
      ])
    guard changesCount > 0 else { return false }
    let id = lastInsertedRowID
    for route in routes {
      try run(
        """
        INSERT INTO notice (alarm, urgency, token, person, state, channel, tries, next_try_at, created_at)
        VALUES (?, ?, ?, ?, 'waiting', ?, 0, ?, ?)
        """,
        [
          id, alarm.urgency.rawValue, Self.newToken(), route.person, route.channelIndex, now.columnSeconds,
          now.columnSeconds,
        ])
    }
    try count(noticesWaiting: routes.count)
    return true
  }

  func alarm(_ id: Int64) throws -> Alarm {
    guard let row = try Row.fetchOne(cachedStatement(sql: "SELECT * FROM alarm WHERE id = ?"), arguments: [id]) else {
      throw StoreError("The store holds a notice for alarm \(id), but no such alarm; restore a backup.")
    }
    return Alarm(
      try row.word("kind"), from: row.requiredDate("from_at"), until: row.requiredDate("until_at"),
      promisesPassed: row["promises_passed"], rotation: row["rotation"], service: row["service"],
      channel: row["channel"], notices: row["notices"], person: row["person"])
  }
}
