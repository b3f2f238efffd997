import CallbackIntake
import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func take(
    _ answer: ReceivedAnswer, tellingOfAlarms routes: [Route], at now: Date,
    rule: (AnsweredNotice?, Callback?) -> AnswerVerdict
  ) throws(StoreError) -> TakenAnswer {
    try write("take an answer in") { database in
      let row = try database.notice(among: answer.notices)
      if let known = try database.again(answer, to: row, at: now) { return .taken(known) }
      if let row, try database.isBeingHandedOver(row) { return .notYet }
      let notice = try row.map { try database.answered($0, at: now) }
      let meant = notice == nil ? try database.callback(meantBy: answer.notices) : nil
      let verdict = rule(notice, meant)
      let number = try database.insert(answer, of: notice?.number, as: verdict.outcome, at: now)
      let committed = try database.commit(verdict, at: now)
      let alarm = try verdict.alarm.flatMap { try database.raise($0, to: routes, at: now) ? $0 : nil }
      return .taken(
        TakenAnswer.Answer(
          number: number, notice: notice?.number, outcome: verdict.outcome, transitions: committed,
          reason: verdict.reason,
          alarm: alarm))
    }
  }
}

/// A mail that is about a notice.
extension Database {
  private static let strayDays: Int64 = 30
  /// So many mails that name a callback, but no notice, are lines in its history: whoever makes numbers up can't fill it.
  private static let mostStrays = 3

  /// The first of these that there is, and whose token is right.
  fileprivate func notice(among ids: [NoticeID]) throws -> Row? {
    for id in ids {
      let row = try Row.fetchOne(
        cachedStatement(sql: "SELECT * FROM notice WHERE id = ? AND token = ?"), arguments: [id.number, id.token])
      guard let row, (row["alarm"] as Int64? != nil) == (id.matter == .alarm) else { continue }
      return row
    }
    return nil
  }

  fileprivate func callback(meantBy ids: [NoticeID]) throws -> Callback? {
    for id in ids {
      if case .callback(let number) = id.matter, let callback = try callback(number) { return callback }
    }
    return nil
  }

  /// Those that were handed over together with this one, itself first.
  private func together(_ row: Row) throws -> [Row] {
    guard let bundle: Int64 = row["bundle"] else { return [row] }
    let all = try Row.fetchAll(
      cachedStatement(sql: "SELECT * FROM notice WHERE bundle = ?"), arguments: [bundle])
    return [row] + all.filter { $0["id"] != row["id"] as Int64 }
  }

  fileprivate func isBeingHandedOver(_ row: Row) throws -> Bool {
    try together(row).contains { $0["state"] == NoticeRecord.State.sending.rawValue }
  }

  fileprivate func answered(_ row: Row, at now: Date) throws -> AnsweredNotice {
    let person: String = row["person"]
    let isAlarm = row["alarm"] as Int64? != nil
    let today = try Int.fetchOne(
      cachedStatement(sql: "SELECT sum(count) FROM answer_told WHERE person = ? AND at > ?"),
      arguments: [person, now.columnSeconds - 86_400])
    return AnsweredNotice(
      number: row["id"], person: person, isAlarm: isAlarm, channelIndex: row["channel"],
      entries: isAlarm ? [] : try together(row).compactMap { try answeredEntry($0, person: person) },
      toldToday: today ?? 0)
  }

  private func answeredEntry(_ row: Row, person: String) throws -> AnsweredNotice.Entry? {
    guard let id: Int64 = row["callback"], let callback = try callback(id) else { return nil }
    let entry = Lease.Entry(
      number: row["id"], notice: try Notice(row: row), callback: callback, createdAt: row.requiredDate("created_at"))
    return AnsweredNotice.Entry(
      number: entry.number, notice: entry.notice, callback: callback, createdAt: entry.createdAt,
      isDelivered: row["state"] == NoticeRecord.State.delivered.rawValue, isExpired: row["expired"],
      othersMayKnow: try othersMayKnow(of: entry), isTaught: try told(.answerUnclear, person, of: id) > 0,
      refusals: try told(.answerRefused, person, of: id))
  }

  // MARK: - Knowing it again

  /// What became of it when it came before; nil if it did not.
  ///
  /// The same file was committed before a crash, and is only to be removed. In another one the mail came again, by another way
  /// or from somebody who kept it: that is a line in the history, once.
  fileprivate func again(_ answer: ReceivedAnswer, to row: Row?, at now: Date) throws -> TakenAnswer.Answer? {
    let identity = answer.identity
    let known =
      if let row {
        try Row.fetchOne(
          cachedStatement(sql: "SELECT * FROM answer WHERE notice = ? AND digest = ?"),
          arguments: [row["id"] as Int64, answer.digest])
      } else {
        try Row.fetchOne(
          cachedStatement(
            sql: "SELECT * FROM answer WHERE notice IS NULL AND inode = ? AND size = ? AND modified = ?"),
          arguments: [Int64(bitPattern: identity.inode), identity.sizeBytes, identity.modifiedNanoseconds])
      }
    guard let known else { return nil }
    let outcome: AnswerVerdict.Outcome = try known.word("outcome")
    let isSameFile =
      known["inode"] == Int64(bitPattern: identity.inode) && known["size"] == identity.sizeBytes
      && known["modified"] == identity.modifiedNanoseconds
    var transitions: [Transition] = []
    if let row, !isSameFile {
      let number: Int64 = known["id"]
      try run("UPDATE answer SET again = again + 1 WHERE id = ?", [number])
      if known["again"] == 0, [.done, .noted, .refused].contains(outcome), let id: Int64 = row["callback"],
        let callback = try callback(id)
      {
        let event = Event(
          at: now, .answerRefused, person: row["person"], notice: row["id"],
          text: "The same answer came again, and changed nothing.")
        transitions.append(Transition(callback, events: [event]))
        try commit(transitions[0], replacing: callback, at: now)
      }
    }
    return TakenAnswer.Answer(
      number: known["id"], notice: row?["id"], outcome: outcome, isAgain: true, transitions: transitions)
  }

  fileprivate func insert(
    _ answer: ReceivedAnswer, of notice: Int64?, as outcome: AnswerVerdict.Outcome, at now: Date
  ) throws -> Int64 {
    if notice == nil {
      try run(
        "DELETE FROM answer WHERE notice IS NULL AND at < ?", [now.columnSeconds - Self.strayDays * 86_400])
    }
    try run(
      "INSERT INTO answer (notice, digest, inode, size, modified, outcome, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        notice, answer.digest, Int64(bitPattern: answer.identity.inode), answer.identity.sizeBytes,
        answer.identity.modifiedNanoseconds, outcome.rawValue, now.columnSeconds,
      ])
    return lastInsertedRowID
  }

  // MARK: - What follows

  /// - Returns: the transitions that are stored.
  fileprivate func commit(_ verdict: AnswerVerdict, at now: Date) throws -> [Transition] {
    var committed: [Transition] = []
    // Before: a rule may have told the next step because this notice told nobody.
    for (number, fate) in verdict.fates.sorted(by: { $0.key < $1.key }) { try end(number, as: fate, at: now) }
    for transition in verdict.transitions {
      let id = transition.callback.id
      guard let old = try callback(id) else { throw StoreError("The store has lost callback \(id); restore a backup.") }
      if verdict.outcome == .stray {
        guard try told(nil, "", of: id) < Self.mostStrays else { continue }
        try note(told: nil, "", of: id, at: now)
      }
      try commit(transition, replacing: old, at: now)
      committed.append(transition)
      for notice in transition.notices where [.answerUnclear, .answerRefused].contains(notice.reason) {
        try note(told: notice.reason, notice.person, of: id, at: now)
      }
    }
    return committed
  }

  private func end(_ number: Int64, as fate: AnswerVerdict.NoticeFate, at now: Date) throws {
    switch fate {
    case .failed(let why):
      try run(
        "UPDATE notice SET state = 'failed', settled_at = ?, error = ? WHERE id = ? AND state = 'delivered'",
        [now.columnSeconds, why, number])
    case .nextChannel:
      try run(
        """
        UPDATE notice SET state = 'waiting', channel = channel + 1, tries = 0, next_try_at = ?, settled_at = NULL
        WHERE id = ? AND state = 'delivered'
        """, [now.columnSeconds, number])
      try count(noticesWaiting: changesCount)
      // An emergency waits for no others.
      let isEmergency = try Bool.fetchOne(
        cachedStatement(sql: "SELECT urgency = ? FROM notice WHERE id = ? AND callback IS NOT NULL"),
        arguments: [Urgency.emergency.rawValue, number])
      if isEmergency ?? false { try takeOutOfBundle(number, at: now) }
    }
  }

  /// How often a person was told so of a callback; nil: how many mails named it that belong to no notice.
  private func told(_ reason: Notice.Reason?, _ person: String, of callback: Int64) throws -> Int {
    try Int.fetchOne(
      cachedStatement(sql: "SELECT count FROM answer_told WHERE callback = ? AND person = ? AND about = ?"),
      arguments: [callback, person, reason?.rawValue ?? "stray"]) ?? 0
  }

  private func note(told reason: Notice.Reason?, _ person: String, of callback: Int64, at now: Date) throws {
    try run(
      """
      INSERT INTO answer_told (callback, person, about, count, at) VALUES (?, ?, ?, 1, ?)
      ON CONFLICT (callback, person, about) DO UPDATE SET count = count + 1, at = excluded.at
      """, [callback, person, reason?.rawValue ?? "stray", now.columnSeconds])
  }
}
