import CallbackRules
import Foundation
import GRDB

/// Rows of the table `missing_ref`: what callbacks ask a service for.
extension Database {
  /// Stores a callback that asks for messages, and gives its number.
  func insert(_ transition: Transition, asking missing: MissingRefs, at now: Date) throws -> Int64 {
    let (id, proof) = try insert(transition.callback, original: [])
    try append(transition, to: id, newest: id, proof: proof, at: now)
    try count(from: nil, to: transition.callback, noticesWaiting: transition.notices.count)
    try forgetRefs(at: now)
    let owner = RefOwner(service: missing.service, account: missing.account)
    for range in missing.ranges { try insert(range, of: owner, askedBy: id, at: now) }
    return id
  }

  private func insert(_ range: RefRange, of owner: RefOwner, askedBy id: Int64, at now: Date) throws {
    try takeOver(range, of: owner)
    try put(range, of: owner, askedBy: id, at: now)
  }

  private func put(_ range: RefRange, of owner: RefOwner, askedBy id: Int64, at now: Date) throws {
    try run(
      """
      INSERT INTO missing_ref (callback, service, account, prefix, first, last, width, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, owner.service, owner.account, range.prefix.withoutNul, range.numbers?.lowerBound ?? -1,
        range.numbers?.upperBound ?? -1, range.width, now.columnSeconds,
      ])
  }

  /// Takes these Refs from older callbacks that ask for them: their numbers are used again.
  private func takeOver(_ range: RefRange, of owner: RefOwner) throws {
    let wanted = range.numbers ?? -1 ... -1
    let rows = try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT * FROM missing_ref WHERE service = ? AND account = ? AND prefix = ? AND first <= ? AND last >= ?
          """),
      arguments: [
        owner.service, owner.account, range.prefix.withoutNul, wanted.upperBound, wanted.lowerBound,
      ])
    for row in rows {
      try run("DELETE FROM missing_ref WHERE id = ?", [row["id"] as Int64])
      let (first, last): (Int64, Int64) = (row["first"], row["last"])
      for left in [(first, wanted.lowerBound - 1), (wanted.upperBound + 1, last)] where left.0 <= left.1 {
        try put(
          RefRange(prefix: range.prefix, numbers: left.0...left.1, width: row["width"]), of: owner,
          askedBy: row["callback"], at: row.requiredDate("at"))
      }
    }
  }

  var isAnyMissing: Bool {
    get throws {
      try Int64.fetchOne(cachedStatement(sql: "SELECT max(id) FROM missing_ref")) != nil
    }
  }

  /// The row that asks for this Ref.
  private func asked(_ ref: RefRange, of owner: RefOwner) throws -> Row? {
    let number = ref.numbers?.lowerBound ?? -1
    return try Row.fetchOne(
      cachedStatement(
        sql: """
          SELECT * FROM missing_ref WHERE service = ? AND account = ? AND prefix = ? AND first <= ?
          ORDER BY first DESC LIMIT 1
          """), arguments: [owner.service, owner.account, ref.prefix.withoutNul, number]
    ).flatMap { ($0["last"] as Int64) >= number ? $0 : nil }
  }

  /// The number of the open callback that asks for this Ref; nil if none does.
  func openCallback(asking ref: RefRange, of owner: RefOwner) throws -> Int64? {
    guard let row = try asked(ref, of: owner) else { return nil }
    return try Int64.fetchOne(
      cachedStatement(sql: "SELECT id FROM callback WHERE id = ? AND closed_at IS NULL"), arguments: [row["callback"]])
  }

  /// Asks for this Ref no more, and gives the callback that did; nil if none did.
  func takeAsked(_ ref: RefRange, of owner: RefOwner) throws -> Int64? {
    guard let row = try asked(ref, of: owner) else { return nil }
    try run("DELETE FROM missing_ref WHERE id = ?", [row["id"] as Int64])
    if let number = ref.numbers?.lowerBound {
      let range = (row["first"] as Int64)...(row["last"] as Int64)
      for left in range.without(number) {
        try put(
          RefRange(prefix: ref.prefix, numbers: left, width: row["width"]), of: owner, askedBy: row["callback"],
          at: row.requiredDate("at"))
      }
    }
    return row["callback"]
  }

  /// Notes in the callback that asks for it that a message came in.
  ///
  /// - Returns: whether any callback asked for it.
  func cameIn(_ ref: String, of owner: RefOwner, as other: Int64, at now: Date) throws -> Bool {
    guard let id = try takeAsked(RefRange(ref), of: owner) else { return false }
    guard let callback = try callback(id), callback.isOpen else { return true }
    let isLast = try Bool.fetchOne(
      cachedStatement(sql: "SELECT NOT EXISTS (SELECT 1 FROM missing_ref WHERE callback = ?)"), arguments: [id])
    let event = Event.missingCame(ref, other: other, isLast: isLast ?? false, at: now)
    try append(Transition(callback, events: [event]), to: id, at: now)
    return true
  }
}
