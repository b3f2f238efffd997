import CallbackIntake
import CallbackReports
import CallbackRules
import CallbackStore
import Foundation

/// The real store, with a witness beside it: what it says that it committed goes into a ledger, which is asked for nothing but
/// checks. And with faults.
final class WitnessedStore: Store {
  let inner: SQLiteStore
  let ledger: Ledger
  let faults: Faults
  /// What the rules made in the transaction under way.
  private var made: [Entry] = []
  /// What is to be witnessed of the parts of a transaction once that has been committed; nil outside `together`.
  private var parts: [() -> Void]?

  init(file: String, ledger: Ledger, faults: Faults) throws(StoreError) {
    inner = try SQLiteStore(file: file)
    self.ledger = ledger
    self.faults = faults
  }

  // MARK: - Transactions

  /// Runs one transaction, unless the daemon crashes before, and then lets it crash or not.
  private func transaction<Value>(
    _ body: () throws(StoreError) -> Value,
    committed: @escaping (Value) -> Void = { (_: Value) in }
  ) throws(StoreError) -> Value {
    guard parts == nil else { return try part(body, committed) }
    let crashes = try faults.crashesNow()
    made = []
    let value: Value
    do throws(StoreError) {
      value = try body()
    } catch {
      try takeWhatIsStored()
      throw error
    }
    committed(value)
    if faults.isAborting {
      try takeWhatIsStored()
    } else {
      for entry in made { ledger.take(entry) }
    }
    if crashes { try faults.crash() }
    return value
  }

  private func part<Value>(
    _ body: () throws(StoreError) -> Value, _ committed: @escaping (Value) -> Void
  ) throws(StoreError) -> Value {
    let first = made.count
    let value = try body()
    let entries = made[first...]
    parts?.append {
      committed(value)
      for entry in entries { self.ledger.take(entry) }
    }
    return value
  }

  func together<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    defer { parts = nil }
    var done: [() -> Void] = []
    return try transaction(
      { () throws(StoreError) in
        parts = []
        let value = try inner.together(body)
        done = parts ?? []
        parts = nil
        made = []
        return value
      }, committed: { _ in for part in done { part() } })
  }

  /// One callback that can't be advanced doesn't undo the others: which were stored, only the store can tell.
  private func takeWhatIsStored() throws(StoreError) {
    for entry in made where entry.isChange {
      let transition = entry.transition
      guard let story = try inner.story(of: transition.callback.id) else { continue }
      let events = ledger.countOfEvents(of: story.callback.id) + transition.events.count
      if story.callback == transition.callback, story.events.count == events { ledger.take(entry) }
    }
  }

  private func note(_ before: Callback, _ transition: Transition, _ origin: Origin) -> Transition {
    made.append(Entry(before: before, transition: transition, origin: origin))
    return transition
  }

  // MARK: - Store

  func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, repeatsWithin: TimeInterval, watch: ServiceWatch,
    missing: (MissingRefs) -> Transition, rule: (Message, Related) -> Admittance
  ) throws(StoreError) -> [Admission] {
    var admitted: [(message: Message, related: Related, admittance: Admittance)] = []
    return try transaction(
      { () throws(StoreError) in
        try inner.admit(
          arrivals, puttingAway: done, at: now, repeatsWithin: repeatsWithin, watch: watch, missing: missing,
          rule: { message, related in
            let admittance = rule(message, related)
            admitted.append((message, related, admittance))
            return admittance
          })
      },
      committed: { admissions in
        var known = admissions.flatMap(\.callbacks)[...]
        for (message, related, admittance) in admitted {
          var transition = admittance.transition
          while transition.callback.id == 0, let next = known.popFirst() {
            if !self.ledger.has(next.id) { transition.callback.id = next.id }
          }
          self.ledger.takeAdmittance(of: message, related, admittance, as: transition)
        }
        for callback in admissions.flatMap(\.callbacks) { self.noteReceivedAgain(callback.id) }
      })
  }

  /// What came again without a change leaves an event, without asking the rules.
  private func noteReceivedAgain(_ id: Int64) {
    do {
      guard let story = try inner.story(of: id) else { return }
      ledger.takeReceivedAgain(story.events, of: id)
    } catch {
      ledger.broken("what was committed can be read", "\(error)")
    }
  }

  /// The services of the simulation don't number their messages.
  func reportGaps(
    at now: Date, watch: ServiceWatch, limit: Int, rule: (MissingRefs) -> Transition
  ) throws(StoreError) -> [Transition] {
    try transaction({ () throws(StoreError) in
      try inner.reportGaps(at: now, watch: watch, limit: limit, rule: rule)
    })
  }

  func advanceDue(at now: Date, limit: Int, rule: (Callback) -> Transition) throws(StoreError) -> Int {
    try transaction({ () throws(StoreError) in
      try inner.advanceDue(at: now, limit: limit) { note($0, rule($0), .clock) }
    })
  }

  var isDamaged: Bool { inner.isDamaged }

  func advanceOpen(
    after id: Int64, span: Int64, at now: Date, rule: (Callback) -> Transition
  ) throws(StoreError) -> Int64? {
    try transaction({ () throws(StoreError) in
      try inner.advanceOpen(after: id, span: span, at: now) { note($0, rule($0), .clock) }
    })
  }

  func change(
    _ id: Int64, at now: Date, rule: (Callback) throws(Refusal) -> Transition
  ) throws(StoreError) -> Change {
    try transaction({ () throws(StoreError) in
      try inner.change(id, at: now) { callback throws(Refusal) in note(callback, try rule(callback), .command) }
    })
  }

  func handOff(
    for recipients: [String], ownedFor rotation: String, limit: Int, marking name: String, at now: Date,
    rule: (Callback) -> Transition
  ) throws(StoreError) -> Int {
    try transaction({ () throws(StoreError) in
      try inner.handOff(for: recipients, ownedFor: rotation, limit: limit, marking: name, at: now) {
        note($0, rule($0), .clock)
      }
    })
  }

  func leaseNotices(
    at now: Date, limit: Int, digestOver: Int, atLeast urgency: Urgency, barring: (Urgency, [Lease]) -> Barred
  ) throws(StoreError) -> [Lease] {
    try transaction(
      { () throws(StoreError) in
        try inner.leaseNotices(at: now, limit: limit, digestOver: digestOver, atLeast: urgency, barring: barring)
      }, committed: { (leases: [Lease]) in self.ledger.takeLeases(leases) })
  }

  func leaseStuck(
    on route: Route, urgency: Urgency, since moment: Date, digestOver: Int, at now: Date
  ) throws(StoreError) -> Lease? {
    try transaction(
      { () throws(StoreError) in
        try inner.leaseStuck(on: route, urgency: urgency, since: moment, digestOver: digestOver, at: now)
      }, committed: { (lease: Lease?) in self.ledger.takeLeases(lease.map { [$0] } ?? []) })
  }

  func settle(
    _ lease: Lease, as settlement: Settlement, at now: Date, rule: (Lease.Entry, Callback, Bool) -> Transition
  ) throws(StoreError) {
    try transaction({ () throws(StoreError) in
      try inner.settle(lease, as: settlement, at: now) { entry, callback, othersMayKnow in
        note(callback, rule(entry, callback, othersMayKnow), .settlement(entry, settlement))
      }
    })
  }

  func take(
    _ answer: ReceivedAnswer, tellingOfAlarms routes: [Route], at now: Date,
    rule: (AnsweredNotice?, Callback?) -> AnswerVerdict
  ) throws(StoreError) -> TakenAnswer {
    try transaction(
      { () throws(StoreError) in
        try inner.take(answer, tellingOfAlarms: routes, at: now) { notice, meant in
          let verdict = rule(notice, meant)
          for transition in verdict.transitions {
            guard let entry = notice?.entries.first(where: { $0.callback.id == transition.callback.id }) else {
              continue
            }
            _ = note(entry.callback, transition, .mail(verdict))
          }
          return verdict
        }
      },
      committed: { (taken: TakenAnswer) in
        // Of what came again, or belongs to nothing, a line may stand in a history, without asking the rules.
        guard case .taken(let answer) = taken, answer.isAgain || answer.notice == nil else { return }
        for transition in answer.transitions {
          self.ledger.take(Entry(before: transition.callback, transition: transition, origin: .command))
        }
      })
  }

  func putAway(_ arrivals: [Int64]) throws(StoreError) {
    try transaction({ () throws(StoreError) in try inner.putAway(arrivals) })
  }

  func setMark(_ name: String, at time: Date) throws(StoreError) {
    try transaction({ () throws(StoreError) in try inner.setMark(name, at: time) })
  }

  func correctTries(at now: Date, longestSeconds: Int, quiet people: [String]) throws(StoreError) {
    try transaction({ () throws(StoreError) in
      try inner.correctTries(at: now, longestSeconds: longestSeconds, quiet: people)
    })
  }

  func raise(_ alarm: Alarm, to routes: [Route], at now: Date) throws(StoreError) -> Bool {
    try transaction({ () throws(StoreError) in try inner.raise(alarm, to: routes, at: now) })
  }

  func releaseLeases() throws(StoreError) {
    try transaction({ () throws(StoreError) in try inner.releaseLeases() })
  }

  // MARK: - Reading

  func arrivalsInHand(after arrival: Int64, limit: Int) throws(StoreError) -> [Admission] {
    try inner.arrivalsInHand(after: arrival, limit: limit)
  }

  func nextGap() throws(StoreError) -> Date? { try inner.nextGap() }
  func nextWake() throws(StoreError) -> Date? { try inner.nextWake() }
  func lastMark(_ name: String) throws(StoreError) -> Date? { try inner.lastMark(name) }
  func waitingNotices(
    after number: Int64, limit: Int, digestOver: Int, at now: Date
  ) throws(StoreError) -> WaitingNotices {
    try inner.waitingNotices(after: number, limit: limit, digestOver: digestOver, at: now)
  }
  func latestNotice() throws(StoreError) -> Int64 { try inner.latestNotice() }
  func nextTry(barring: (Urgency) -> Barred) throws(StoreError) -> Date? { try inner.nextTry(barring: barring) }
  func countWaiting(on routes: [Route]) throws(StoreError) -> Int { try inner.countWaiting(on: routes) }
  func list(_ filter: CallbackFilter) throws(StoreError) -> [Callback] { try inner.list(filter) }
  func story(of id: Int64) throws(StoreError) -> Story? { try inner.story(of: id) }
  func callbacks(_ numbers: [Int64]) throws(StoreError) -> [Callback] { try inner.callbacks(numbers) }
  func events(after event: Int64, limit: Int) throws(StoreError) -> [StoredEvent] {
    try inner.events(after: event, limit: limit)
  }
  func latestEvent() throws(StoreError) -> Int64 { try inner.latestEvent() }
  func recordHead() throws(StoreError) -> RecordHead? { try inner.recordHead() }

  func checkRecord(
    from place: RecordPlace, limit: Int, head: RecordHead?
  ) throws(StoreError) -> RecordPiece {
    try inner.checkRecord(from: place, limit: limit, head: head)
  }

  func stories(
    after id: Int64, since: Date, until: Date, limit: Int
  ) throws(StoreError) -> (stories: [Story], next: Int64?) {
    try inner.stories(after: id, since: since, until: until, limit: limit)
  }

  func countPurgeable(closedBefore time: Date) throws(StoreError) -> Int {
    try inner.countPurgeable(closedBefore: time)
  }

  func purge(closedBefore time: Date, limit: Int, at now: Date) throws(StoreError) -> Int {
    try inner.purge(closedBefore: time, limit: limit, at: now)
  }

  func emptyLog() throws(StoreError) -> Bool { try inner.emptyLog() }

  func counts() throws(StoreError) -> StoreCounts { try inner.counts() }

  func oldestNotice() throws(StoreError) -> Date? { try inner.oldestNotice() }

  func oldestDueNotice(at now: Date, barring routes: [Route]) throws(StoreError) -> Date? {
    try inner.oldestDueNotice(at: now, barring: routes)
  }

  func reportPage(
    _ query: ReportQuery, after cursor: ReportCursor?, limit: Int
  ) throws(StoreError) -> ReportPage { try inner.reportPage(query, after: cursor, limit: limit) }
}

/// What a rule made of one callback.
struct Entry {
  /// Nil for one that is new.
  var before: Callback?
  var transition: Transition
  var origin: Origin

  var isChange: Bool { before.map { transition != Transition($0) } ?? true }
}

/// What a callback was changed by.
enum Origin {
  case message(Message, Related, Admittance.Part)
  /// A callback linked with one that came in.
  case link
  case clock
  case command
  case settlement(Lease.Entry, Settlement)
  /// An answer by mail, or word of what became of a notice.
  case mail(AnswerVerdict)
}

extension Origin {
  /// Whether somebody rang.
  var isCall: Bool {
    if case .message(_, _, let part) = self { part != .withdrawal && part != .again } else { false }
  }

  var isClock: Bool { if case .clock = self { true } else { false } }
}
