import CallbackRules
import CallbackStore
import Foundation

/// What was committed, kept beside the store in another way, so that what the store says can be checked.
final class Ledger {
  let clock: SimulatedClock
  /// The office that the rules had when it was committed.
  var office: Office
  private var trace: Trace
  private(set) var violation: Violation?
  private(set) var callbacks: [Int64: Kept] = [:]
  /// In the order in which they came.
  private(set) var numbers: [Int64] = []
  private var openNumbers: Set<Int64> = []
  /// How often each message was admitted, by its text.
  private(set) var admitted: [String: Int] = [:]
  /// How each notice was handed over, by its number: the lease's number and its token.
  private var leased: [Int64: (number: Int64, token: String)] = [:]
  /// When the machine's clock was set last.
  var clockSetAt = Int.min
  /// When policies, people or hours changed last.
  var reloadedAt = Int.min
  /// When all was planned anew after either of them: silence counts from then at the latest.
  private(set) var plannedAnewAt = Int.min
  private(set) var noticesMade = 0

  init(clock: SimulatedClock, office: Office, traceLength: Int) {
    trace = Trace(length: traceLength)
    self.clock = clock
    self.office = office
  }

  func has(_ id: Int64) -> Bool { callbacks[id] != nil }
  func countOfEvents(of id: Int64) -> Int { callbacks[id]?.events.count ?? 0 }

  /// In the order of their numbers.
  var open: [Kept] { openNumbers.sorted().compactMap { callbacks[$0] } }

  func note(_ what: @autoclosure () -> String) { trace.add(what(), at: clock) }

  /// The first one counts: what follows may come of it.
  func broken(_ promise: String, _ detail: String) {
    if violation == nil { violation = Violation(promise: promise, detail: detail, trace: trace.lines) }
  }

  /// Everything was planned anew, perhaps long after the clock was set: the daemon may have been down.
  func plannedAnew() {
    if max(clockSetAt, reloadedAt) > plannedAnewAt { plannedAnewAt = clock.real }
  }

  // MARK: - Taking in

  func take(_ entry: Entry) {
    guard entry.isChange else { return }
    note(entry.line)
    let id = entry.transition.callback.id
    let known = callbacks[id]?.callback
    let finishLimit = callbacks[id]?.finishLimit
    let told = callbacks[id]?.toldByClocks(at: clock.real) ?? []
    if known == nil { numbers.append(id) }
    // In place: a copy of a long history each time would take most of a seed.
    callbacks[id, default: Kept(entry.transition.callback)].take(entry, clock: clock)
    if entry.transition.callback.isOpen { openNumbers.insert(id) } else { openNumbers.remove(id) }
    noticesMade += entry.transition.notices.count
    guard let kept = callbacks[id] else { return }
    let deed = Deed(
      before: known, finishLimit: finishLimit, toldBefore: told, after: kept, entry: entry, ledger: self)
    for check in Check.ofDeeds {
      if let detail = check.finds(deed) { broken(check.promise, "callback \(id): \(detail)") }
    }
  }

  /// - Parameter transition: of the admittance, with its number.
  func takeAdmittance(of message: Message, _ related: Related, _ admittance: Admittance, as transition: Transition) {
    // What came again leaves an event only, and may do so twice.
    if admittance.part != .again { admitted[message.body ?? "", default: 0] += 1 }
    let before = callbacks[transition.callback.id]?.callback
    take(Entry(before: before, transition: transition, origin: .message(message, related, admittance.part)))
    for other in admittance.others {
      let known = callbacks[other.callback.id]?.callback
      take(Entry(before: known, transition: other.numbered(transition.callback.id), origin: .link))
    }
  }

  /// - Parameter history: as it is stored; what was received again stands in it without a rule's doing.
  func takeReceivedAgain(_ history: [Event], of id: Int64) {
    let known = callbacks[id]?.events ?? []
    if history.filter({ $0.kind != .receivedAgain }) != known.filter({ $0.kind != .receivedAgain }) {
      broken("the history is never changed", "of callback \(id): \(history), not \(known)")
    }
    callbacks[id]?.events = history
  }

  // MARK: - Delivery

  /// What is handed over must have been committed as leased.
  func checkLeased(_ lease: Lease) {
    guard case .callbacks(let entries) = lease.content else { return }
    for entry in entries where leased[entry.number].map({ $0 != (lease.number, lease.token) }) ?? true {
      broken("what is handed over was leased before", "notice \(entry.number) goes as \(lease.number)")
    }
  }

  func takeLeases(_ leases: [Lease]) {
    for lease in leases {
      guard case .callbacks(let entries) = lease.content else { continue }
      if entries.count > 1, entries.contains(where: { $0.callback.urgency == .emergency }) {
        broken("an emergency is told by itself", "lease \(lease.number) holds \(entries.count) notices")
      }
      for entry in entries {
        if let time = entry.notice.notBefore, time > clock.now {
          broken("nobody is told in quiet hours what waits for their end", "notice \(entry.number)")
        }
        if let known = leased[entry.number], known != (lease.number, lease.token) {
          broken(
            "a repeat carries the same number and token",
            "notice \(entry.number) went as \(known.number), now as \(lease.number)")
        }
        leased[entry.number] = (lease.number, lease.token)
        callbacks[entry.callback.id]?.leased(entry)
      }
    }
  }
}

extension Transition {
  /// With the number of the callback that is being admitted in its events.
  fileprivate func numbered(_ newest: Int64) -> Transition {
    let events = events.map { event in
      var event = event
      if event.other == Event.newCallback { event.other = newest }
      return event
    }
    return Transition(callback, events: events)
  }
}
