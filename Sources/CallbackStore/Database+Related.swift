import CallbackRules
import Foundation
import GRDB

/// What a message may belong to: callbacks of its Ref, and of its number.
extension Database {
  /// So many of each are given to the rules.
  private static let mostRelated = 20

  /// The numbers of the callbacks with that Ref from the same service for the same account, the latest first.
  ///
  /// Only the latest are looked at, because some services write the same one into every message.
  func sameRef(_ message: Message, at now: Date) throws -> [Int64] {
    try sameRef(message, spelled: [message.ref].compactMap(\.self), at: now)
  }

  /// As above, with any of these Refs, which are few.
  func sameRef(_ message: Message, spelled refs: [String], at now: Date) throws -> [Int64] {
    guard !refs.isEmpty else { return [] }
    guard refs.count > 1 else { return try same(Self.withRef, refs, message, at: now) }
    // Several are asked for only to know whether there is one; sorting them would cost a table.
    let which = "IN (\(refs.map { _ in "?" }.joined(separator: ", ")))"
    return try same(Self.callbacks(of: "ref", which), refs, message, at: now)
  }

  /// The callback of which this very mail is part already, by its Message-ID: it may have come by another way, with other bytes.
  func sameMail(_ message: Message, at now: Date) throws -> Int64? {
    guard let id = message.mailID else { return nil }
    return try same(Self.withMailID, [id], message, at: now).first
  }

  private static let withRef = callbacks(of: "ref", "= ? ORDER BY callback DESC")
  private static let withMailID = callbacks(of: "mail_id", "= ? ORDER BY callback DESC")

  /// Selects the callbacks of messages by a column that has an index.
  ///
  /// There are nearly always none, which plain look-ups in two indexes tell quicker than a join.
  private static func callbacks(of column: String, _ which: String) -> String {
    """
    SELECT * FROM (SELECT callback FROM message WHERE \(column) \(which) LIMIT 100)
    UNION ALL SELECT * FROM (SELECT callback FROM other_message WHERE \(column) \(which) LIMIT 100)
    """
  }

  /// - Parameter select: of `callbacks(of:_:)`, for these values.
  private func same(_ select: String, _ values: [String], _ message: Message, at now: Date) throws -> [Int64] {
    let texts = values.map { DatabaseValue.of($0) }
    let all = try numbers(select, texts + texts)
    guard !all.isEmpty else { return [] }
    var found: [Int64] = []
    for id in Set(all).sorted(by: >) where found.count < Self.mostRelated {
      let counts = try Bool.fetchOne(
        bound(
          "SELECT service IS ? AND account IS ? AND admitted_at > ? FROM callback WHERE id = ?",
          [
            .of(message.service), .of(message.account), .of(now.columnSeconds - Int64(Related.refDays) * 86_400),
            .of(id),
          ]))
      if counts == true { found.append(id) }
    }
    return found
  }

  /// The numbers of the callbacks of the same account and number with a call, or closed, not long ago: open ones first.
  ///
  /// Only the latest are looked at: a switchboard may ring all day.
  func sameNumber(_ message: Message, within seconds: TimeInterval, at now: Date) throws -> [Int64] {
    guard let digits = message.callback?.digits, !digits.isEmpty else { return [] }
    // Nearly always none, which a list of numbers tells quicker than rows; closed ones stand with a minus.
    let found = try numbers(
      """
      SELECT iif(closed_at IS NULL, callback.id, -callback.id)
      FROM recent_call JOIN callback ON callback.id = recent_call.callback
      WHERE digits = ? AND at >= ? AND (at <= ? OR closed_at IS NULL) AND recent_call.account IS ? ORDER BY at DESC LIMIT 1000
      """,
      [
        // What was closed in a future that the clock was in for a while is not recent.
        .of(digits), .of(now.addingTimeInterval(-seconds)), .of(now.addingTimeInterval(60)), .of(message.account),
      ])
    return (found.filter { $0 > 0 } + found.filter { $0 < 0 }).prefix(Self.mostRelated).map(abs)
  }

  /// Notes that the caller of this callback rang, or that it was closed, at `now`.
  func rang(_ callback: Callback, at now: Date) throws {
    guard let digits = callback.message.callback?.digits, !digits.isEmpty else { return }
    try run(
      "INSERT OR REPLACE INTO recent_call (callback, digits, account, at) VALUES (?, ?, ?, ?)",
      [.of(callback.id), .of(digits), .of(callback.message.account), .of(now)])
  }

  /// Forgets some of the calls that are too long ago.
  func forgetCalls(before time: Date) throws {
    try run(
      "DELETE FROM recent_call WHERE callback IN (SELECT callback FROM recent_call WHERE at < ? ORDER BY at LIMIT 512)",
      [.of(time)])
  }
}
