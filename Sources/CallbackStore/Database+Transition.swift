import CallbackRules
import Foundation
import GRDB

/// What a transition adds beside the callback's own row.
extension Database {
  /// Appends the events and the notices of a transition to the callback of this number; counts nothing.
  ///
  /// - Parameters:
  ///   - newest: the number of the callback that is being admitted, for the events about it.
  ///   - proof: what the last of the events vouches for.
  func append(
    _ transition: Transition, to id: Int64, newest: Int64? = nil, proof: Proof = Proof(), at now: Date
  ) throws {
    for (index, event) in transition.events.enumerated() {
      let isLast = index == transition.events.count - 1
      try append(event, of: id, newest: newest, proof: isLast ? proof : Proof())
    }
    for notice in transition.notices {
      try run(
        """
        INSERT INTO notice (callback, urgency, token, person, reason, step, text, state, channel, tries, next_try_at,
          not_before, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, ?, ?, ?)
        """,
        [
          .of(id), .of(transition.callback.urgency.rawValue), .of(Self.newToken()), .of(notice.person),
          .of(notice.reason.rawValue), .of(notice.step), .of(notice.text), .of(notice.notBefore ?? now),
          .of(notice.notBefore), .of(now),
        ])
    }
  }

  /// Replaces a stored callback by what a rule made of it, with its events and notices.
  ///
  /// - Parameter messages: what has been done to its messages.
  func commit(
    _ transition: Transition, replacing old: Callback, newest: Int64? = nil, messages: [MessageHistory.Change] = [],
    at now: Date
  ) throws {
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
    let facts = try update(old, to: transition.callback)
    if old.urgency != transition.callback.urgency { try setUrgencyOfNotices(of: transition.callback, at: now) }
    let proof = Proof(facts: facts.before, facts.after, messages: messages)
    try append(transition, to: old.id, newest: newest, proof: proof, at: now)
    try count(from: old, to: transition.callback, noticesWaiting: transition.notices.count - withdrawn)
  }

  /// Keeps the counters in step with one callback's change, and with how many more notices wait; `from` is nil for a new one.
  func count(from old: Callback?, to new: Callback, noticesWaiting: Int) throws {
    func change(_ condition: (Callback) -> Bool) -> Int {
      (condition(new) ? 1 : 0) - (old.map(condition) ?? false ? 1 : 0)
    }
    try count(
      CountChanges(
        open: change { $0.isOpen }, owned: change { $0.isOpen && $0.owner != nil },
        overdue: change { $0.isOpen && $0.overdue }, noticesWaiting: noticesWaiting))
  }

  func count(noticesWaiting change: Int) throws { try count(CountChanges(noticesWaiting: change)) }

  /// 96 bits from the system's generator, in hexadecimal: nobody can guess a notice's Message-ID.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<3).map { _ in
      let part = String(UInt32.random(in: .min ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 8 - part.count) + part
    }.joined()
  }
}
