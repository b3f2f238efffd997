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
  public var rules: any RuleBook { didSet { ways = nil } }
  public let store: any Store
  /// More notices for one person at one moment become one.
  public var digestOver: Int
  /// What was missed and is being made good; nil in ordinary times.
  public private(set) var catchUp: CatchUp?
  /// Whether the next leases are of what a catch-up left: one a person, however few.
  private var isAfterCatchUp = false
  /// Since when more has been due than one transaction advances; nil while there is not.
  private var floodSince: Date?
  /// The number up to which notices are no longer new to `waitingForWays`; nil before it was asked first.
  private var lastSeenWaiting: Int64?
  /// When people of a rotation change next; nil also before the first `handOff`.
  public internal(set) var nextHandOff: Date?
  /// When the next service will have been silent for too long; nil also before the first `watchServices`.
  public internal(set) var nextSilence: Date?
  /// The services that are silent: since when.
  var silentSince: [String: Date] = [:]
  /// The services that are watched for silence; nil before the first `watchServices`.
  var watchedServices: Set<String>?
  /// How many hand-overs may run at once by a channel.
  public var parallel = 4
  /// The id of who gets the mail that shows that mails go out; nil: the fallback.
  public var operatorId: String?
  /// How the channels do.
  var destinations = Destinations()
  /// The ways there are by these rules; nil until they are asked for.
  var ways: Ways?
  /// Since when a notice waits that waits for too long, where the fallback knows of it.
  var lateSince: Date?
  /// Whether a canary was sent, or was not to be, since the start.
  var hasStartCanary = false
  /// When the last one was sent, also before the start.
  var lastCanary: Date?
  /// Whether whatever waits in the spool has been taken in, so that what is not here did not come: no gap and no silence is
  /// told before, however long the daemon was down.
  public var isSpoolRead = false {
    didSet { if !isSpoolRead { nextSilence = nil } }
  }

  public init(rules: any RuleBook, store: any Store, digestOver: Int) {
    self.rules = rules
    self.store = store
    self.digestOver = digestOver
  }

  // MARK: - Intake

  /// Files that were admitted.
  public struct Admitted {
    public var admissions: [Admission]
    /// What became of the messages, in their order, with the numbers of their callbacks. Those that only were received again are
    /// left out.
    public var admittances: [Admittance]
    /// The callbacks that lists made, with their numbers.
    public var missing: [Transition] = []
  }

  public func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date
  ) throws(StoreError) -> Admitted {
    let rules = rules
    var made: [Admittance] = []
    let within = Double(rules.office.repeatCaller.within.seconds)
    var missing: [Transition] = []
    let admissions = try store.admit(
      arrivals, puttingAway: done, at: now, repeatsWithin: within, watch: ServiceWatch(rules.office),
      missing: { refs in
        missing.append(rules.missing(refs, at: now))
        return missing[missing.count - 1]
      },
      rule: { message, related in
        made.append(rules.admit(message, related: related, at: now))
        return made[made.count - 1]
      })
    let numbers = admissions.flatMap(\.lists).flatMap(\.made)
    for (index, number) in zip(missing.indices, numbers) { missing[index].callback.id = number }
    Self.number(&made, by: admissions.flatMap(\.callbacks))
    return Admitted(admissions: admissions, admittances: made, missing: missing)
  }

  /// Gives those that made a callback its number: `callbacks` are of all messages, also of those that were received again.
  private static func number(_ made: inout [Admittance], by callbacks: [Callback]) {
    var callbacks = callbacks[...]
    for index in made.indices {
      while let callback = callbacks.popFirst() {
        if made[index].part == .first { made[index].transition.callback.id = callback.id }
        if made[index].transition.callback == callback { break }
      }
    }
  }

  // MARK: - Timer

  /// A bounded piece of work on callbacks.
  public struct Portion: Sendable {
    public var transitions: [Transition] = []
    /// Whether there is more to do at once.
    public var isLast = true
    /// Where to go on.
    public var next: Int64 = 0
  }

  /// What became of an advance.
  public struct Advanced {
    /// Whether nothing more is due.
    public var isDone: Bool
    /// What is to be handed over now, as by `lease`.
    public var leases: [Lease] = []
  }

  /// Advances what is due, at most `limit` callbacks; hands over to those who came on shift first, so that they hear of what
  /// is open in one notice.
  ///
  /// - Parameters:
  ///   - most: so many leases are taken in the same transaction, which saves whoever is to be told a sync of the disk; none
  ///     where that fails, or where a way is held by which something may have waited too long.
  ///   - transitions: gets what was done, also where the store then fails with one of them.
  public func advance(
    at now: Date, limit: Int, leasing most: Int, transitions: inout [Transition]
  ) throws(StoreError) -> Advanced {
    if let next = nextHandOff, next <= now { transitions += try handOff(at: now) }
    transitions += try reportGaps(at: now)
    var made: [Transition] = []
    defer { transitions += made }
    let advanced = try advance(at: now, limit: limit, leasing: most, made: &made)
    countPassed(made)
    return advanced
  }

  private func advance(
    at now: Date, limit: Int, leasing most: Int, made: inout [Transition]
  ) throws(StoreError) -> Advanced {
    let before = (destinations, isAfterCatchUp, floodSince)
    do throws(StoreError) {
      return try store.together { () throws(StoreError) in
        let isDone = try advanceDue(at: now, limit: limit, made: &made)
        // What has waited too long for a way that fails is given up before anything is leased.
        return Advanced(isDone: isDone, leases: try lease(at: now, limit: destinations.isAnyHeld ? 0 : most))
      }
    } catch {
      // All of that is undone.
      (destinations, isAfterCatchUp, floodSince) = before
      made = []
      if error.mayPass { throw error }
      // One that can't be advanced, or told, does not keep the others: what fails again by itself says why.
      return Advanced(isDone: try advanceDue(at: now, limit: limit, made: &made))
    }
  }

  private func advanceDue(at now: Date, limit: Int, made: inout [Transition]) throws(StoreError) -> Bool {
    let rules = rules
    made = []
    let count = try store.advanceDue(at: now, limit: limit) { callback in
      let transition = rules.advance(callback, at: now)
      made.append(transition)
      return transition
    }
    let isDone = count < limit
    floodSince = isDone ? nil : floodSince ?? now
    return isDone
  }

  /// Plans open callbacks anew after a start, a reload, or a change of the system's clock: those numbered next after `id`.
  public func replan(after id: Int64, span: Int64, at now: Date) throws(StoreError) -> Portion {
    let rules = rules
    if id == 0 {
      try store.correctTries(
        at: now, longestSeconds: RetryPlan.longestDelaySeconds, quiet: rules.office.quietPeople(at: now))
    }
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
    let nextGap = isSpoolRead ? try store.nextGap() : nil
    return [try store.nextWake(), nextGap, nextHandOff, nextSilence].compactMap(\.self).min()
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

  /// Adds to a callback's history that somebody may not do this to it; nothing where there is no such callback.
  public func noteRefusal(
    of command: String, on number: Int64, to actor: Event.Actor, at now: Date
  ) throws(StoreError) {
    _ = try store.change(number, at: now) { callback throws(Refusal) in
      Transition(callback, events: [Event(at: now, actor: actor, .refused, text: command)])
    }
  }

  // MARK: - Delivery

  /// What is to be handed over now, at most `limit` leases. While what was missed is being made good, and while more that is
  /// due at this moment is yet to be advanced, emergencies only: the others are one mail then.
  ///
  /// The caller says by `ended` how each hand-over went, then has it settled.
  public func lease(at now: Date, limit: Int) throws(StoreError) -> [Lease] {
    if isGathering(at: now) {
      return try lease(at: now, limit: limit, digestOver: digestOver, atLeast: .emergency)
    }
    let leases = try lease(
      at: now, limit: limit, digestOver: isAfterCatchUp ? 1 : digestOver, atLeast: .routine)
    guard isAfterCatchUp, leases.count < limit else { return leases }
    do throws(StoreError) {
      isAfterCatchUp = try store.nextTry().map { $0 <= now } ?? false
    } catch {
      // What is leased must not be lost by it: whoever leases next looks again, and says why it can't.
    }
    return leases
  }

  /// A flood holds nothing back for longer, however much is due.
  private static let longestFloodSeconds = 10.0

  private func isGathering(at now: Date) -> Bool {
    if let catchUp, !catchUp.hasTakenTooLong(at: now) { return true }
    return floodSince.map { abs(now.timeIntervalSince($0)) < Self.longestFloodSeconds } ?? false
  }

  /// What is due and waits for its way, because others are handed over or it fails: the most urgent first, once, and among the
  /// next `limit`. Nothing of it is leased.
  ///
  /// Left out are what will be one notice with others, alarms, what was not due when it was passed, and what came before the
  /// start.
  ///
  /// - Returns: also whether that is all.
  public func waitingForWays(at now: Date, limit: Int) throws(StoreError) -> (notices: [Lease], isAll: Bool) {
    guard let last = lastSeenWaiting else {
      lastSeenWaiting = try store.latestNotice()
      return ([], true)
    }
    // What goes along with what is not known before all is advanced.
    guard !isGathering(at: now) else { return ([], true) }
    let waiting = try store.waitingNotices(
      after: last, limit: limit, digestOver: isAfterCatchUp ? 1 : digestOver, at: now)
    lastSeenWaiting = waiting.last
    return (waiting.notices.sorted { $0.urgency > $1.urgency }, waiting.isLast)
  }

  /// When something may be handed over next.
  public func nextTry(at now: Date) throws(StoreError) -> Date? {
    let free = try store.nextTry(barring: { barred($0, destinations, at: now) })
    let next = [free, destinations.nextProbe(after: now)].compactMap(\.self).min()
    guard isGathering(at: now) else { return next }
    // Much of what waits has to go on waiting, and no notice that comes meanwhile makes anybody look.
    return next.map { max($0, now.addingTimeInterval(1)) }
  }

  /// What became of a lease, and of its callbacks.
  public struct Settled {
    public var plan: RetryPlan
    public var transitions: [Transition]
  }

  public func settle(_ lease: Lease, as delivery: Delivery, at now: Date) throws(StoreError) -> Settled {
    let failingSince = lane(of: lease).flatMap { destinations.trouble(on: $0)?.since }
    return try settle(lease, as: delivery, failingSince: failingSince, at: now)
  }

  /// - Parameters:
  ///   - failingSince: when the way that it goes by failed first.
  ///   - isGivenUp: whether that way is given up.
  func settle(
    _ lease: Lease, as delivery: Delivery, failingSince: Date? = nil, isGivenUp: Bool = false, at now: Date
  ) throws(StoreError) -> Settled {
    let rules = rules
    let plan = RetryPlan.plan(
      for: delivery.outcome, of: lease, channels: rules.office.people[lease.person]?.channelsInOrder.count ?? 1,
      failingSince: failingSince, isGivenUp: isGivenUp, at: now)
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

  // MARK: - What was missed

  /// Begins to make good what was missed while the daemon was down, or the clock was behind.
  ///
  /// It takes the place of one that has not been ended.
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

  func countPassed(_ transitions: [Transition]) {
    for transition in transitions { catchUp?.count(transition) }
  }

  /// Has the fallback told of something about callbackd itself, by every channel that each person has.
  func raise(_ alarm: Alarm, at now: Date) throws(StoreError) -> Bool {
    let office = rules.office
    let all = fallbackRoutes(at: now)
    // Of a channel that fails, by the others, where there are any.
    let others = alarm.kind == .channelTrouble ? all.filter { office.channel(of: $0) != alarm.channel } : all
    return try store.raise(alarm, to: others.isEmpty ? all : others, at: now)
  }

  /// Every channel of the fallback's people.
  func fallbackRoutes(at now: Date) -> [Route] {
    let office = rules.office
    return office.people(for: office.fallback, at: now).flatMap { office.routes(of: $0) }
  }
}

extension Office {
  /// A person's channels that lead to that person.
  func routes(of person: Person) -> [Route] {
    person.channelsInOrder.enumerated().filter { leads($0.element, to: person) }
      .map { Route(person: person.id, channelIndex: $0.offset) }
  }

  /// The id of the channel; nil where the person or the channel is no longer there.
  func channel(of route: Route) -> String? {
    guard let channels = people[route.person]?.channelsInOrder, channels.indices.contains(route.channelIndex) else {
      return nil
    }
    return channels[route.channelIndex]
  }
}
