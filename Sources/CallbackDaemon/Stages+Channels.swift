import CallbackDelivery
import CallbackRules
import CallbackStore
import Foundation

/// By which ways notices go: who waits for one that fails, what is given up, and what the fallback is told of it.
extension Stages {
  func lease(
    at now: Date, limit: Int, digestOver: Int, atLeast urgency: Urgency
  ) throws(StoreError) -> [Lease] {
    var ways = destinations
    var known = 0
    let leases = try store.leaseNotices(
      at: now, limit: limit, digestOver: digestOver, atLeast: urgency,
      barring: { urgency, leases in
        for lease in leases.dropFirst(known) { began(lease, in: &ways) }
        known = leases.count
        return barred(urgency, ways, at: now)
      })
    for lease in leases { began(lease, in: &destinations) }
    return leases
  }

  private func began(_ lease: Lease, in ways: inout Destinations) {
    guard let lane = lane(of: lease) else { return }
    ways.began(lease.number, on: lane, lease.urgency)
  }

  /// Takes in how a hand-over ended, once, before it is settled.
  public func ended(_ lease: Lease, _ delivery: Delivery, at now: Date) {
    destinations.ended(lease.number, delivery, at: now)
  }

  /// Nil where the person or the channel is no longer there.
  func lane(of lease: Lease) -> Destinations.Lane? {
    lane(of: Route(person: lease.person, channelIndex: lease.channelIndex))
  }

  private func lane(of route: Route) -> Destinations.Lane? {
    rules.office.channel(of: route).map { Destinations.Lane(person: route.person, channel: $0) }
  }

  /// By which ways nothing of this urgency may go now.
  func barred(_ urgency: Urgency, _ state: Destinations, at now: Date) -> Barred {
    guard !state.areAllFree else { return .ways([]) }
    let ways = knownWays()
    if ways.ofChannel.keys.allSatisfy({ state.isFull($0, urgency, parallel: parallel) }) { return .every }
    let channels = Set(
      ways.ofChannel.keys.filter { state.isBarred(channel: $0, urgency, parallel: parallel, at: now) })
    let lanes = state.lanesOfNote.filter { lane in
      !channels.contains(lane.channel) && state.isBarred(lane, urgency, parallel: parallel, at: now)
    }
    return .ways(channels.flatMap { ways.ofChannel[$0] ?? [] } + lanes.flatMap { ways.ofLane[$0] ?? [] })
  }

  /// The ways by channels that the fallback knows to fail.
  var knownToFail: [Route] {
    let ways = knownWays()
    return destinations.channels.filter(\.value.isKnown).keys.sorted().flatMap { ways.ofChannel[$0] ?? [] }
  }

  /// Not made anew each time: there may be a thousand people, and it is asked for with each notice.
  private func knownWays() -> Ways {
    if let ways { return ways }
    let made = Ways(rules.office)
    ways = made
    return made
  }

  // MARK: - Giving up

  /// A notice that was given up without having been tried, because others were in vain.
  public struct GivenUp {
    public var lease: Lease
    public var settled: Settled
  }

  /// Gives up, at most `limit` leases, what has waited too long for a way that fails: the person's next channel, or the next
  /// step, is taken.
  ///
  /// - Parameter givenUp: gets what became of it, also where the store then fails; `limit` of them where there may be more.
  public func giveUp(at now: Date, limit: Int, givenUp: inout [GivenUp]) throws(StoreError) {
    guard destinations.isAnyHeld else { return }
    for (lane, route) in knownWays().all {
      guard let trouble = destinations.hold(on: lane) else { continue }
      let channels = rules.office.people[route.person]?.channelsInOrder.count ?? 1
      for urgency in Urgency.allCases.reversed() {
        let patience = RetryPlan.patienceSeconds(urgency, hasNext: route.channelIndex + 1 < channels)
        let latest = now.addingTimeInterval(-Double(patience))
        while trouble.since <= latest, givenUp.count < limit,
          let one = try giveUp(trouble.why, on: route, urgency, since: latest, at: now)
        {
          givenUp.append(one)
        }
      }
    }
  }

  /// In one transaction: nobody hands over what is leased here, so it must not stay leased where the rest fails.
  private func giveUp(
    _ why: String, on route: Route, _ urgency: Urgency, since latest: Date, at now: Date
  ) throws(StoreError) -> GivenUp? {
    try store.together { () throws(StoreError) in
      guard
        let lease = try store.leaseStuck(on: route, urgency: urgency, since: latest, digestOver: digestOver, at: now)
      else { return nil }
      let delivery = Delivery(outcome: .retryLater(why))
      return GivenUp(lease: lease, settled: try settle(lease, as: delivery, isGivenUp: true, at: now))
    }
  }

  // MARK: - Telling the fallback

  /// Tells the fallback of channels by which nothing has gone for longer than `patienceSeconds`, and of those that work again.
  ///
  /// - Returns: what it is told.
  public func watchChannels(at now: Date, patienceSeconds: Int) throws(StoreError) -> [Alarm] {
    var raised: [Alarm] = []
    for (id, trouble) in destinations.channels.sorted(by: { $0.key < $1.key })
    where !trouble.isKnown && now.timeIntervalSince(trouble.since) >= Double(patienceSeconds) {
      let alarm = try channelTrouble(id, since: trouble.since, at: now)
      // Before, so that after a crash in between its end is told at most once too often.
      try store.setMark(Self.mark(ofChannel: id), at: trouble.since)
      if try raise(alarm, at: now) { raised.append(alarm) }
      destinations.told(of: id, since: trouble.since)
    }
    for one in destinations.restored {
      let alarm = Alarm(.channelRestored, from: one.since, until: max(one.until, one.since), channel: one.channel)
      if try raise(alarm, at: now) { raised.append(alarm) }
      try store.setMark(Self.mark(ofChannel: one.channel), at: Self.never)
      destinations.toldRestored(one)
    }
    return raised
  }

  /// Takes up, after a start, the trouble of which the fallback was told before.
  public func recallChannels() throws(StoreError) {
    for id in channelIds {
      guard let since = try store.lastMark(Self.mark(ofChannel: id)), since > Self.never else { continue }
      destinations.told(of: id, since: since)
    }
  }

  /// Forgets channels that a reload took away.
  public func dropChannels() { destinations.keep(channels: channelIds) }

  /// The channels by which nothing goes and of which the fallback knows, for `status`.
  func failingChannels(at now: Date) throws(StoreError) -> [Alarm] {
    var alarms: [Alarm] = []
    for (id, trouble) in destinations.channels.sorted(by: { $0.key < $1.key }) where trouble.isKnown {
      alarms.append(try channelTrouble(id, since: trouble.since, at: now))
    }
    return alarms
  }

  private func channelTrouble(_ id: String, since: Date, at now: Date) throws(StoreError) -> Alarm {
    let waiting = try store.countWaiting(on: knownWays().ofChannel[id] ?? [])
    return Alarm(.channelTrouble, from: min(since, now), until: now, channel: id, notices: waiting)
  }

  private var channelIds: [String] { [Channel.mail] + rules.office.channels.keys.sorted() }

  private static func mark(ofChannel id: String) -> String { "channel-trouble:\(id)" }

  /// A mark that says that there is no trouble.
  private static let never = Date(timeIntervalSince1970: 0)

  // MARK: - The canary

  private static let canaryMark = "canary"
  /// A daemon that is started again and again sends one an hour.
  private static let canarySeconds = 3600.0
  /// The hour of the site's morning at which one is sent each day.
  private static let canaryHour = 7

  /// Sends a mail to the operator that shows that mails go out: once after a start, and every morning.
  ///
  /// - Returns: whether one is sent now.
  public func sendCanary(at now: Date) throws(StoreError) -> Bool {
    if !hasStartCanary { lastCanary = try store.lastMark(Self.canaryMark) }
    let zone = rules.office.zone
    var time = zone.civilTime(at: now)
    (time.hour, time.minute, time.second) = (Self.canaryHour, 0, 0)
    let morning = zone.moment(of: time)
    let isMorning = morning <= now && lastCanary.map { $0 < morning } ?? true
    // One in the future is of a clock that was ahead.
    let isLongAgo = lastCanary.map { now.timeIntervalSince($0) >= Self.canarySeconds || $0 > now } ?? true
    guard isMorning || (!hasStartCanary && isLongAgo) else {
      hasStartCanary = true
      return false
    }
    let routes = canaryRoutes(at: now)
    if !routes.isEmpty { _ = try store.raise(Alarm(.canary, from: now, until: now), to: routes, at: now) }
    try store.setMark(Self.canaryMark, at: now)
    lastCanary = now
    hasStartCanary = true
    return !routes.isEmpty
  }

  /// By mail alone, to those to whom mails go.
  private func canaryRoutes(at now: Date) -> [Route] {
    let office = rules.office
    return office.people(for: operatorId ?? office.fallback, at: now).flatMap { office.routes(of: $0) }
      .filter { office.channel(of: $0) == Channel.mail }
  }
}

/// The ways by which notices go in an office: each person's channels.
struct Ways {
  /// In the order of the people's ids, and of their channels.
  private(set) var all: [(lane: Destinations.Lane, route: Route)] = []
  private(set) var ofLane: [Destinations.Lane: [Route]] = [:]
  /// By the channel's id.
  private(set) var ofChannel: [String: [Route]] = [:]

  init(_ office: Office) {
    for person in office.people.values.sorted(by: { $0.id < $1.id }) {
      for (index, channel) in person.channelsInOrder.enumerated() {
        let lane = Destinations.Lane(person: person.id, channel: channel)
        let route = Route(person: person.id, channelIndex: index)
        all.append((lane, route))
        ofLane[lane, default: []].append(route)
        ofChannel[channel, default: []].append(route)
      }
    }
  }
}
