import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation

/// What the daemon does to keep promises, a bounded piece at a time, at a moment that is given.
///
/// Rules and store together, without clock, queue, spool and children: those are the daemon's, or a simulation's. Each method is
/// safe to repeat after it failed, and whatever a crash cuts off is found again in the store.
public final class Stages {
  public var rules: any RuleBook
  public let store: any Store
  /// More notices for one person at one moment become one.
  public var digestOver: Int
  /// What was missed and is being made good; nil in ordinary times.
  public private(set) var catchUp: CatchUp?
  /// Whether the next leases are of what a catch-up left: one a person, however few.
  private var isAfterCatchUp = false
  /// When people of a rotation change next.
  private var nextHandOff: Date?

  public init(rules: any RuleBook, store: any Store, digestOver: Int) {
    self.rules = rules
    self.store = store
    self.digestOver = digestOver
  }

  // MARK: - Intake

  /// Files that were admitted, and what that did to callbacks, in the order of the messages. Those that only were received again
  /// did nothing.
  public struct Admitted {
    public var admissions: [Admission]
    public var transitions: [Transition] = []
  }

  public func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date
  ) throws(StoreError) -> Admitted {
    let rules = rules
    var transitions: [Transition] = []
    let within = Double(rules.office.repeatCaller.within.seconds)
    let admissions = try store.admit(arrivals, puttingAway: done, at: now, repeatsWithin: within) { message, related in
      let admittance = rules.admit(message, related: related, at: now)
      transitions.append(admittance.transition)
      return admittance
    }
    return Admitted(admissions: admissions, transitions: transitions)
  }

  // MARK: - Timer

  /// A bounded piece of work on callbacks.
  public struct Portion {
    public var transitions: [Transition] = []
    /// Whether there is more to do at once.
    public var isLast = true
    /// Where to go on.
    public var next: Int64 = 0
  }

  /// Advances what is due, at most `limit` callbacks; hands over to those who came on shift first, so that they hear of what
  /// is open in one notice.
  ///
  /// - Parameter transitions: gets what was done, also where the store then fails with one of them.
  public func advance(at now: Date, limit: Int, transitions: inout [Transition]) throws(StoreError) -> Bool {
    if let next = nextHandOff, next <= now { transitions += try handOff(at: now) }
    let rules = rules
    var made: [Transition] = []
    defer { transitions += made }
    let count = try store.advanceDue(at: now, limit: limit) { callback in
      let transition = rules.advance(callback, at: now)
      made.append(transition)
      return transition
    }
    countPassed(made)
    return count < limit
  }

  /// Plans open callbacks anew after a start, a reload, or a change of the system's clock: those numbered next after `id`.
  public func replan(after id: Int64, span: Int64, at now: Date) throws(StoreError) -> Portion {
    let rules = rules
    var portion = Portion()
    let next = try store.advanceOpen(after: id, span: span, at: now) { callback in
      let transition = rules.advance(callback, at: now)
      if !transition.events.isEmpty { portion.transitions.append(transition) }
      return transition
    }
    countPassed(portion.transitions)
    portion.isLast = next == nil
    portion.next = next ?? 0
    return portion
  }

  /// When there is something to do next.
  public func nextWake() throws(StoreError) -> Date? {
    [try store.nextWake(), nextHandOff].compactMap(\.self).min()
  }

  // MARK: - Control

  public func act(
    _ command: Command, on number: Int64, by person: String, login: String?, note: String? = nil, at now: Date
  ) throws(StoreError) -> (change: Change, transition: Transition?) {
    let rules = rules
    var made: Transition?
    let change = try store.change(number, at: now) { callback throws(Refusal) in
      let transition = try rules.apply(command, by: person, login: login, note: note, to: callback, at: now)
      made = transition
      return transition
    }
    return (change, made)
  }

  // MARK: - Delivery

  /// What is to be handed over now, at most `limit` leases. While what was missed is being made good, emergencies only.
  public func lease(at now: Date, limit: Int) throws(StoreError) -> [Lease] {
    if let catchUp, !catchUp.hasTakenTooLong(at: now) {
      return try store.leaseNotices(at: now, limit: limit, digestOver: digestOver, atLeast: .emergency)
    }
    let leases = try store.leaseNotices(at: now, limit: limit, digestOver: isAfterCatchUp ? 1 : digestOver)
    if leases.count < limit { isAfterCatchUp = false }
    return leases
  }

  /// What became of a lease, and of its callbacks.
  public struct Settled {
    public var plan: RetryPlan
    public var transitions: [Transition]
  }

  public func settle(_ lease: Lease, as delivery: Delivery, at now: Date) throws(StoreError) -> Settled {
    let rules = rules
    let channels = max(rules.office.people[lease.person]?.channels.count ?? 1, 1)
    let plan = RetryPlan.plan(for: delivery.outcome, of: lease, channels: channels, at: now)
    var transitions: [Transition] = []
    try store.settle(lease, as: plan.settlement, at: now) { entry, callback, othersMayKnow in
      let transition = rules.settle(
        plan.outcome, of: entry.notice, number: entry.number, firstTry: plan.isFirstTrouble,
        fileProblem: delivery.fileProblem, othersMayKnow: othersMayKnow, on: callback, at: now)
      transitions.append(transition)
      return transition
    }
    return Settled(plan: plan, transitions: transitions)
  }

  // MARK: - Shifts

  /// A person who comes on shift is told of at most so many callbacks, the worst.
  private static let handOffCallbacks = 100

  /// Gives what is open for each rotation to those who came on since the last time, and looks when that will be next.
  ///
  /// To be called after a start and a reload; else `advance` does.
  public func handOff(at now: Date) throws(StoreError) -> [Transition] {
    let rules = rules
    let office = rules.office
    var transitions: [Transition] = []
    for id in office.rotations.keys.sorted() {
      let mark = "hand-off:\(id)"
      guard let last = try store.lastMark(mark), last <= now else {
        try store.setMark(mark, at: now)
        continue
      }
      let before = Set(office.people(for: id, at: last).map(\.id))
      let incoming = office.people(for: id, at: now).map(\.id).filter { !before.contains($0) }
      guard !incoming.isEmpty else { continue }
      let handOff = HandOff(rotation: id, incoming: incoming)
      _ = try store.handOff(
        for: office.recipientsLeading(to: id), ownedFor: id, limit: Self.handOffCallbacks, marking: mark, at: now
      ) { callback in
        let transition = rules.handOff(handOff, of: callback, at: now)
        transitions.append(transition)
        return transition
      }
    }
    nextHandOff = office.nextHandOff(after: now)
    return transitions
  }

  /// Alarms of a rotation in which nobody will be on call before long.
  ///
  /// - Returns: the gaps of which the fallback is now told.
  public func watchCoverage(at now: Date) throws(StoreError) -> [Alarm] {
    var raised: [Alarm] = []
    for gap in rules.office.gaps(from: now, until: now.addingTimeInterval(Self.coverageSeconds))
    where gap.from <= now.addingTimeInterval(Self.coverageNoticeSeconds) {
      let mark = "gap:\(gap.rotation)"
      // One that goes on is told again when it has grown by a week.
      if let told = try store.lastMark(mark), gap.until <= told.addingTimeInterval(7 * 86_400), gap.from < told {
        continue
      }
      let alarm = Alarm(.coverageGap, from: gap.from, until: gap.until, rotation: gap.rotation)
      if try raise(alarm, at: now) { raised.append(alarm) }
      try store.setMark(mark, at: gap.until)
    }
    return raised
  }

  /// How far gaps are looked for, and how long before they begin they are told.
  private static let coverageSeconds = 60 * 86_400.0
  private static let coverageNoticeSeconds = 2 * 86_400.0

  // MARK: - What was missed

  /// Begins to make good what was missed while the daemon was down, or the clock was behind.
  public func beginCatchUp(_ kind: Alarm.Kind, from: Date, until now: Date) {
    catchUp = CatchUp(kind: kind, from: from, until: now)
  }

  /// Ends it, once nothing is due any more, and reports it.
  ///
  /// - Returns: what is to be said of it; nil where nothing was being made good.
  public func endCatchUp(at now: Date) throws(StoreError) -> Alarm? {
    guard let ended = catchUp else { return nil }
    let alarm = ended.alarm
    if ended.isWorthTelling { _ = try raise(alarm, at: now) }
    catchUp = nil
    isAfterCatchUp = true
    return alarm
  }

  private func countPassed(_ transitions: [Transition]) {
    for transition in transitions { catchUp?.count(transition) }
  }

  private func raise(_ alarm: Alarm, at now: Date) throws(StoreError) -> Bool {
    let office = rules.office
    return try store.raise(alarm, to: office.people(for: office.fallback, at: now).map(\.id), at: now)
  }
}

/// Making good what was missed.
public struct CatchUp: Sendable {
  public var kind: Alarm.Kind
  public var from: Date
  public var until: Date
  /// How many deadlines passed meanwhile.
  public var promisesPassed = 0

  mutating func count(_ transition: Transition) {
    let due = transition.callback.dueAt
    if transition.events.contains(where: { $0.kind == .overdue }), from < due, due <= until { promisesPassed += 1 }
  }

  var alarm: Alarm { Alarm(kind, from: from, until: until, promisesPassed: promisesPassed) }

  /// A short restart that broke no promise is only logged.
  var isWorthTelling: Bool { promisesPassed > 0 || until.timeIntervalSince(from) >= 300 }

  /// Others than emergencies don't wait for longer than this, however much there is to make good.
  func hasTakenTooLong(at now: Date) -> Bool { abs(now.timeIntervalSince(until)) > 60 }
}

extension Office {
  /// The ids of recipients whose callbacks a rotation has: itself, and teams that it is in.
  fileprivate func recipientsLeading(to rotation: String) -> [String] {
    [rotation] + teams.keys.filter { rotationsLeading(toRecipient: $0).contains(rotation) }.sorted()
  }
}

extension OutgoingNotice {
  init(_ lease: Lease) {
    let content: Content =
      switch lease.content {
      case .alarm(let alarm): .alarm(alarm)
      case .callbacks(let entries):
        .callbacks(
          entries.map {
            Item(number: $0.number, notice: $0.notice, callback: $0.callback, createdAt: $0.createdAt)
          })
      }
    self.init(
      number: lease.number, token: lease.token, person: lease.person, createdAt: lease.createdAt, tries: lease.tries,
      channelIndex: lease.channelIndex, content: content)
  }
}
