import CallbackRules
import Foundation
import GRDB

/// Which waiting notices are handed over together.
extension Database {
  /// No more than so many are one lease.
  private static let mostTogether = 2000

  /// Leases this waiting notice, with those that go along with it.
  func lease(_ row: Row, digestOver: Int, at now: Date) throws -> Lease {
    if let alarm: Int64 = row["alarm"] {
      try run("UPDATE notice SET state = 'sending' WHERE id = ?", [row["id"] as Int64])
      return Lease(row: row, beganWith: row, tries: row["tries"], content: .alarm(try self.alarm(alarm)))
    }
    let together = try bundle(with: row, digestOver: digestOver, at: now)
    let entries = try together.map(entry).sorted { left, right in
      if left.callback.urgency != right.callback.urgency { return left.callback.urgency > right.callback.urgency }
      return (left.callback.dueAt, left.number) < (right.callback.dueAt, right.number)
    }
    // Also of one that goes alone: whoever has got it already must know it again, so no later lease takes it along.
    let bundle: Int64 = row["bundle"] ?? entries.first?.number ?? row["id"]
    for entry in entries {
      try run("UPDATE notice SET state = 'sending', bundle = ? WHERE id = ?", [bundle, entry.number])
    }
    return Lease(row: row, beganWith: try notice(bundle), tries: row["tries"], content: .callbacks(entries))
  }

  /// The notices of a lease that begins with this one, which is among them.
  ///
  /// - Parameter most: of them are looked up.
  private func bundle(with row: Row, digestOver: Int, most: Int = mostTogether, at now: Date) throws -> [Row] {
    if let bundle: Int64 = row["bundle"] {
      return try Row.fetchAll(
        cachedStatement(sql: "SELECT * FROM notice WHERE bundle = ? AND state = 'waiting'"), arguments: [bundle])
    }
    guard digestOver < .max, try row.urgency("urgency") != .emergency else { return [row] }
    var waiting: [Row] = []
    // One urgency at a time, so that the index gives the order.
    for urgency in [Urgency.urgent, .routine] {
      waiting += try Row.fetchAll(
        cachedStatement(
          sql: """
            SELECT * FROM notice WHERE state = 'waiting' AND person = ? AND urgency = ? AND next_try_at <= ?
              AND channel = ? AND bundle IS NULL AND alarm IS NULL
            ORDER BY next_try_at, id LIMIT ?
            """),
        arguments: [
          row["person"] as String, urgency.rawValue, now.columnSeconds, row["channel"] as Int,
          most - waiting.count,
        ])
    }
    // What has gathered while somebody was off shift or quiet is read together.
    let hasGathered = waiting.contains {
      $0["reason"] == Notice.Reason.handOff.rawValue || $0.date("not_before") != nil
    }
    return waiting.count > max(hasGathered ? 1 : digestOver, 1) ? waiting : [row]
  }

  /// What the leases of these waiting notices about callbacks would be, without those with which others would go along.
  func leasesAlone(_ rows: [Row], digestOver: Int, at now: Date) throws -> [Lease] {
    // To see whether they are too many to go alone.
    let enough = min(max(digestOver, 1), Self.mostTogether) + 1
    // Of each way, so that it is asked once for all of a digest.
    var areAlone: [Route: Bool] = [:]
    return try rows.compactMap { row in
      if try row.urgency("urgency") != .emergency {
        let route = Route(person: row["person"], channelIndex: row["channel"])
        let isAlone =
          try areAlone[route] ?? (bundle(with: row, digestOver: digestOver, most: enough, at: now).count == 1)
        areAlone[route] = isAlone
        guard isAlone else { return nil }
      }
      return Lease(row: row, beganWith: row, tries: row["tries"], content: .callbacks([try entry(row)]))
    }
  }

  private func entry(_ row: Row) throws -> Lease.Entry {
    let id: Int64 = row["callback"]
    guard let callback = try callback(id) else {
      throw StoreError("The store holds a notice for callback \(id), but no such callback; restore a backup.")
    }
    return Lease.Entry(
      number: row["id"], notice: try Notice(row: row), callback: callback, createdAt: row.requiredDate("created_at"))
  }

  private func notice(_ number: Int64) throws -> Row {
    guard let row = try Row.fetchOne(cachedStatement(sql: "SELECT * FROM notice WHERE id = ?"), arguments: [number])
    else { throw StoreError("The store has lost notice \(number); restore a backup.") }
    return row
  }

  // MARK: - After a callback became more urgent

  /// Has the notices of a callback that are not handed over yet go by its urgency.
  func setUrgencyOfNotices(of callback: Callback, at now: Date) throws {
    try run(
      "UPDATE notice SET urgency = ? WHERE callback = ? AND state IN ('waiting', 'sending')",
      [callback.urgency.rawValue, callback.id])
    if callback.urgency > .routine {
      // Quiet hours hold back nothing but what is routine.
      try run(
        """
        UPDATE notice SET next_try_at = min(next_try_at, ?), not_before = NULL
        WHERE callback = ? AND state = 'waiting' AND not_before IS NOT NULL
        """, [now.columnSeconds, callback.id])
    }
    guard callback.urgency == .emergency else { return }
    let bundled = try Int64.fetchAll(
      cachedStatement(sql: "SELECT id FROM notice WHERE callback = ? AND state = 'waiting' AND bundle IS NOT NULL"),
      arguments: [callback.id])
    for number in bundled { try takeOutOfBundle(number, at: now) }
  }

  /// Puts another notice in the place of one that waits in a bundle, if it does: a receiver may know the bundle by its number
  /// and its token, and would take the one for the other.
  func takeOutOfBundle(_ number: Int64, at now: Date) throws {
    try run(
      """
      INSERT INTO notice
        (callback, urgency, token, person, reason, step, text, state, channel, tries, next_try_at, created_at)
      SELECT callback, urgency, ?, person, reason, step, text, 'waiting', channel, 0, ?, created_at
      FROM notice AS one WHERE id = ? AND state = 'waiting'
        AND EXISTS (SELECT 1 FROM notice AS other WHERE other.bundle = one.bundle AND other.id <> one.id)
      """, [Self.newToken(), now.columnSeconds, number])
    guard changesCount > 0 else { return }
    try run("UPDATE notice SET state = 'withdrawn', settled_at = ? WHERE id = ?", [now.columnSeconds, number])
  }
}

extension Lease {
  /// - Parameters:
  ///   - row: of a notice that is in it now.
  ///   - first: of the notice with which it began, which may be settled.
  fileprivate init(row: Row, beganWith first: Row, tries: Int, content: Content) {
    self.init(
      number: first["id"], token: first["token"], person: first["person"], createdAt: first.requiredDate("created_at"),
      tries: tries, channelIndex: row["channel"], content: content)
  }
}
