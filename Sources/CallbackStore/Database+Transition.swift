import CallbackRules
import Foundation
import GRDB

/// What a transition adds beside the callback's own row.
extension Database {
  /// Appends the events and the notices of a transition to the callback of this number; counts nothing.
  ///
  /// - Parameter newest: the number of the callback that is being admitted, for the events about it.
  func append(_ transition: Transition, to id: Int64, newest: Int64? = nil, at now: Date) throws {
    for event in transition.events { try insert(event, of: id, newest: newest) }
    for notice in transition.notices {
      try run(
        """
        INSERT INTO notice (callback, urgency, token, person, reason, step, text, state, channel, tries, next_try_at,
          not_before, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, ?, ?, ?)
        """,
        [
          id, transition.callback.urgency.rawValue, Self.newToken(), notice.person, notice.reason.rawValue,
          notice.step, notice.text, (notice.notBefore ?? now).columnSeconds, notice.notBefore?.columnSeconds,
          now.columnSeconds,
        ])
    }
  }

  /// Replaces a stored callback by what a rule made of it, with its events and notices.
  func commit(_ transition: Transition, replacing old: Callback, newest: Int64? = nil, at now: Date) throws {
    var withdrawn = 0
    if old.isOpen, !transition.callback.isOpen {
      // Nobody is told any more of what is closed, but of the closing itself, where the rule says so.
      try run(
        "UPDATE notice SET state = 'withdrawn', settled_at = ? WHERE callback = ? AND state = 'waiting'",
        [now.columnSeconds, old.id])
      withdrawn = changesCount
      try run("UPDATE notice SET expired = 1 WHERE callback = ? AND expired = 0", [old.id])
      try rang(transition.callback, at: now)
    }
    try update(transition.callback)
    if old.urgency != transition.callback.urgency { try setUrgencyOfNotices(of: transition.callback, at: now) }
    try append(transition, to: old.id, newest: newest, at: now)
    try count(from: old, to: transition.callback, noticesWaiting: transition.notices.count - withdrawn)
  }

  /// Keeps the counters in step with one callback's change, and with how many more notices wait; `from` is nil for a new one.
  func count(from old: Callback?, to new: Callback, noticesWaiting: Int) throws {
    func change(_ condition: (Callback) -> Bool) -> Int {
      (condition(new) ? 1 : 0) - (old.map(condition) ?? false ? 1 : 0)
    }
    let open = change { $0.isOpen }
    let owned = change { $0.isOpen && $0.owner != nil }
    let overdue = change { $0.isOpen && $0.overdue }
    guard [open, owned, overdue, noticesWaiting] != [0, 0, 0, 0] else { return }
    try run(
      """
      UPDATE counter
      SET open = open + ?, owned = owned + ?, overdue = overdue + ?, notices_waiting = notices_waiting + ?
      """, [open, owned, overdue, noticesWaiting])
  }

  func count(noticesWaiting change: Int) throws {
    guard change != 0 else { return }
    try run("UPDATE counter SET notices_waiting = notices_waiting + ?", [change])
  }

  private func insert(_ event: Event, of id: Int64, newest: Int64?) throws {
    try run(
      """
      INSERT INTO event (callback, at, actor, login, kind, person, step, notice, until, other, urgency, text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id, event.at.columnSeconds, event.actor.column, event.actor.loginColumn, event.kind.rawValue, event.person,
        event.step, event.notice, event.until?.columnSeconds, event.other == Event.newCallback ? newest : event.other,
        event.urgency?.rawValue, event.text,
      ])
  }

  /// 96 bits from the system's generator, in hexadecimal: nobody can guess a notice's Message-ID.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<3).map { _ in
      let part = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 8 - part.count) + part
    }.joined()
  }
}
