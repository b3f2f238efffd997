import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func reportGaps(
    at now: Date, watch: ServiceWatch, limit: Int, rule: (MissingRefs) -> Transition
  ) throws(StoreError) -> [Transition] {
    try write("look for gaps in running numbers") { database in
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT service, account, prefix, seen_at FROM ref_sequence WHERE gap_at IS NOT NULL AND gap_at <= ?
            ORDER BY gap_at LIMIT ?
            """), arguments: [now.columnSeconds, limit])
      return try rows.flatMap { row in
        let owner = RefOwner(service: row["service"], account: row["account"])
        return try database.report(
          owner, prefix: row["prefix"], seenAt: row.requiredDate("seen_at"), watch, at: now, rule)
      }
    }
  }

  public func nextGap() throws(StoreError) -> Date? {
    try read("look up the next gap in running numbers") { database in
      try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT min(gap_at) FROM ref_sequence WHERE gap_at IS NOT NULL")
      ).map { Date(columnSeconds: $0) }
    }
  }
}

extension Database {
  /// More gaps of one sequence at one moment become one callback.
  private static let mostCallbacks = 20

  /// Makes callbacks of what one sequence waited for long enough; of nothing, where the service's numbers are watched no more.
  fileprivate func report(
    _ owner: RefOwner, prefix: String, seenAt: Date, _ watch: ServiceWatch, at now: Date,
    _ rule: (MissingRefs) -> Transition
  ) throws -> [Transition] {
    guard var sequence = try sequence(of: owner, prefix: prefix) else { return [] }
    let within = watch.refsWithin[owner.service]
    let overdue = sequence.takeOverdue(within: within ?? 0, at: now)
    try save(sequence, of: owner, prefix: prefix, within: within ?? 0, seenAt: seenAt)
    guard within != nil, !overdue.isEmpty else { return [] }
    let width = sequence.width
    let together = overdue.count > Self.mostCallbacks ? [overdue] : overdue.map { [$0] }
    return try together.map { gaps in
      let ranges = gaps.flatMap(\.ranges).sorted { $0.lowerBound < $1.lowerBound }
      let missing = MissingRefs(
        service: owner.serviceID, account: owner.accountID,
        ranges: ranges.map { RefRange(prefix: prefix, numbers: $0, width: width) },
        cause: gaps.contains(where: \.isNewNumbering) ? .newNumbering : .gap)
      var transition = rule(missing)
      transition.callback.id = try insert(transition, asking: missing, at: now)
      return transition
    }
  }
}
