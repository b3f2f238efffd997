import CallbackRules
import Foundation
import GRDB

/// Whose numbers: a service's, for an account.
struct RefOwner: Hashable {
  var service: String
  /// Empty where none is known.
  var account: String

  init(service: String?, account: String?) {
    self.service = service ?? ""
    self.account = account ?? ""
  }

  var serviceID: String? { service.isEmpty ? nil : service }
  var accountID: String? { account.isEmpty ? nil : account }
}

/// Rows of the table `ref_sequence`.
extension Database {
  func sequence(of owner: RefOwner, prefix: String) throws -> RefSequence? {
    try Row.fetchOne(
      cachedStatement(sql: "SELECT * FROM ref_sequence WHERE service = ? AND account = ? AND prefix = ?"),
      arguments: [owner.service, owner.account, prefix]
    ).map { try RefSequence(row: $0) }
  }

  /// - Parameter within: for how many seconds its gaps wait.
  func save(
    _ sequence: RefSequence, of owner: RefOwner, prefix: String, within: TimeInterval, seenAt: Date
  ) throws {
    try run(
      """
      INSERT INTO ref_sequence
        (service, account, prefix, lowest, highest, width, restart, began_at, seen_at, gaps, gap_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (service, account, prefix) DO UPDATE SET lowest = excluded.lowest, highest = excluded.highest,
        width = excluded.width, restart = excluded.restart, began_at = excluded.began_at, seen_at = excluded.seen_at,
        gaps = excluded.gaps, gap_at = excluded.gap_at
      """,
      [
        owner.service, owner.account, prefix, sequence.lowest, sequence.highest, sequence.width, sequence.restart,
        sequence.beganAt.columnSeconds, seenAt.columnSeconds, try RefSequence.column(of: sequence.gaps),
        sequence.nextGapAt(within: within)?.columnSeconds,
      ])
  }

  /// Forgets some of the sequences that have ended, and of the Refs that are asked for, where that was too long ago.
  func forgetRefs(at now: Date) throws {
    let before = now.addingTimeInterval(-Double(Related.refDays) * 86_400).columnSeconds
    for (table, column) in [("ref_sequence", "seen_at"), ("missing_ref", "at")] {
      try run(
        "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(column) < ? ORDER BY \(column) LIMIT 512)",
        [before])
    }
  }
}

extension RefSequence {
  fileprivate init(row: Row) throws {
    self.init(
      lowest: row["lowest"], highest: row["highest"], width: row["width"], restart: row["restart"],
      beganAt: row.requiredDate("began_at"), gaps: try Self.gaps(of: row["gaps"]))
  }

  fileprivate static func column(of gaps: [Gap]) throws -> String? {
    guard !gaps.isEmpty else { return nil }
    let numbers = gaps.map { gap in
      [gap.since.columnSeconds] + gap.ranges.flatMap { [$0.lowerBound, $0.upperBound] }
    }
    return String(decoding: try JSONEncoder().encode(numbers), as: UTF8.self)
  }

  private static func gaps(of column: String?) throws -> [Gap] {
    guard let column else { return [] }
    return try JSONDecoder().decode([[Int64]].self, from: Data(column.utf8)).map { numbers in
      guard let since = numbers.first, numbers.count >= 3, numbers.count.isMultiple(of: 2) == false else {
        throw StoreError("The store holds a gap in a service's numbers without its ends; restore a backup.")
      }
      let ranges = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0]...numbers[$0 + 1] }
      return Gap(ranges: ranges, since: Date(columnSeconds: since))
    }
  }
}
