import CallbackDelivery
import CallbackRules
import CallbackStore
import Foundation

/// How the ways do by which notices travel: which have to wait, and since when nothing has gone by them.
///
/// Pure. Looked at twice: a *lane* is one person's channel, a channel is everybody's. One that fails again and again is tried
/// by one notice at a time, at most a minute apart, and the others wait; so a mail program that is missing is not tried by each
/// of a thousand notices, and an address at which it hangs costs nobody else. No lane and no channel has all the hand-overs that
/// may run at once, and an emergency always has one more.
struct Destinations {
  /// One person's channel.
  struct Lane: Hashable {
    /// The id of the person.
    var person: String
    /// The id of the channel.
    var channel: String
  }

  /// What has not taken anything since it failed first.
  struct Trouble {
    /// When it failed first.
    var since: Date
    var failedLast: Date
    /// How often it has failed, some counting for more than one.
    var failures = 0
    /// How often it has failed since others wait for it.
    var probes = 0
    /// When one may be tried again; nil: others don't wait for it yet.
    var nextProbe: Date?
    /// What it said last.
    var why: String
    /// Whether the fallback was told; of a channel.
    var isKnown = false
  }

  /// A channel that works again, after trouble of which the fallback was told.
  struct Restored: Equatable {
    var channel: String
    var since: Date
    var until: Date
  }

  /// After so many failures in a row others wait.
  fileprivate static let mostFailures = 8
  /// So soon after a failure an emergency is tried.
  private static let emergencySeconds = 5.0

  private var lanes: [Lane: Trouble] = [:]
  private(set) var channels: [String: Trouble] = [:]
  private(set) var restored: [Restored] = []
  /// What is being handed over, by the number of its lease.
  private var underWay: [Int64: (lane: Lane, isEmergency: Bool)] = [:]

  // MARK: - Hand-overs

  mutating func began(_ number: Int64, on lane: Lane, _ urgency: Urgency) {
    underWay[number] = (lane, urgency == .emergency)
  }

  /// Takes in how a hand-over ended, once.
  mutating func ended(_ number: Int64, _ delivery: Delivery, at now: Date) {
    guard let lane = underWay.removeValue(forKey: number)?.lane else { return }
    switch delivery.outcome {
    case .delivered:
      lanes[lane] = nil
      guard let trouble = channels.removeValue(forKey: lane.channel) else { return }
      // What was noted of others was the channel's.
      if trouble.nextProbe != nil { lanes = lanes.filter { $0.key.channel != lane.channel } }
      guard trouble.isKnown else { return }
      restored.append(Restored(channel: lane.channel, since: trouble.since, until: trouble.failedLast))
    case .retryLater(let why):
      let (forLane, forChannel) = Self.weights(of: delivery.extent, after: lanes[lane]?.failures ?? 0)
      lanes[lane, default: Trouble(since: now, failedLast: now, why: why)].fail(forLane, why, at: now)
      channels[lane.channel, default: Trouble(since: now, failedLast: now, why: why)].fail(forChannel, why, at: now)
    // It was about this one: it says nothing of others.
    case .refused: return
    }
  }

  /// How much one failure counts. For the channel, one person's count for half of what makes others wait at most: theirs are not
  /// to wait for an address that is wrong.
  ///
  /// - Parameter failures: those of the lane before.
  private static func weights(of extent: Delivery.Extent, after failures: Int) -> (lane: Int, channel: Int) {
    let half = mostFailures / 2
    return switch extent {
    case .notice: (1, failures < half ? 1 : 0)
    // Each of these costs the whole time-out.
    case .person: (mostFailures, failures < half ? half : 0)
    case .channel: (mostFailures, mostFailures)
    }
  }

  // MARK: - Waiting

  /// Whether nothing is under way and nothing fails.
  var areAllFree: Bool { underWay.isEmpty && lanes.isEmpty && channels.isEmpty }

  /// The lanes on which something is under way or fails: of the others only their channels tell anything.
  var lanesOfNote: Set<Lane> { Set(lanes.keys).union(underWay.values.lazy.map(\.lane)) }

  /// Whether nothing of this urgency may be handed over on a lane now.
  ///
  /// - Parameter parallel: how many hand-overs may run at once by a channel.
  func isBarred(_ lane: Lane, _ urgency: Urgency, parallel: Int, at now: Date) -> Bool {
    if isBarred(channel: lane.channel, urgency, parallel: parallel, at: now) { return true }
    let hands = underWay.values.filter { $0.lane == lane }
    if Self.isFull(hands, max(parallel - 1, 1), urgency) { return true }
    guard let trouble = lanes[lane], trouble.isHeld else { return false }
    if Self.isProbed(by: hands, urgency) { return true }
    let isEmergency = urgency == .emergency
    return Self.lies(isEmergency ? trouble.failedLast + Self.emergencySeconds : trouble.nextProbe, after: now)
  }

  /// Whether nothing of this urgency may be handed over by a channel now, to anybody.
  func isBarred(channel: String, _ urgency: Urgency, parallel: Int, at now: Date) -> Bool {
    let hands = hands(of: channel)
    if Self.isFull(hands, parallel, urgency) { return true }
    guard let trouble = channels[channel], trouble.isHeld else { return false }
    if Self.isProbed(by: hands, urgency) { return true }
    return urgency != .emergency && Self.lies(trouble.nextProbe, after: now)
  }

  /// Whether as much is under way by a channel as may be.
  func isFull(_ channel: String, _ urgency: Urgency, parallel: Int) -> Bool {
    Self.isFull(hands(of: channel), parallel, urgency)
  }

  private typealias Hand = (lane: Lane, isEmergency: Bool)

  private func hands(of channel: String) -> [Hand] { underWay.values.filter { $0.lane.channel == channel } }

  private static func isFull(_ hands: [Hand], _ most: Int, _ urgency: Urgency) -> Bool {
    let emergencies = hands.count(where: \.isEmergency)
    guard urgency == .emergency else { return hands.count - min(emergencies, 1) >= most }
    return emergencies > 0 && hands.count >= most
  }

  /// Whether what is under way shows how it goes, so that others have to wait for that.
  private static func isProbed(by hands: [Hand], _ urgency: Urgency) -> Bool {
    hands.contains { $0.isEmergency || urgency != .emergency }
  }

  /// When the next that has to wait may be tried; nil where nothing waits.
  func nextProbe(after now: Date) -> Date? {
    let emergencies = lanes.values.filter(\.isHeld).map { $0.failedLast + Self.emergencySeconds }
    let others = (Array(lanes.values) + Array(channels.values)).compactMap(\.nextProbe)
    return (emergencies + others).filter { Self.lies($0, after: now) }.min()
  }

  /// Not so where the clock was set back meanwhile: nothing waits for longer than from now on.
  private static func lies(_ time: Date?, after now: Date) -> Bool {
    guard let time else { return false }
    return time > now && time <= now + Double(RetryPlan.longestDelaySeconds)
  }

  /// Whether others wait for some lane or channel.
  var isAnyHeld: Bool { lanes.values.contains(where: \.isHeld) || channels.values.contains(where: \.isHeld) }

  /// Since when nothing has gone by a lane, and what was said last; nil where the last try went well.
  func trouble(on lane: Lane) -> Trouble? { lanes[lane] }

  /// The same, where others wait for it.
  func hold(on lane: Lane) -> Trouble? {
    [lanes[lane], channels[lane.channel]].compactMap(\.self).filter(\.isHeld).min { $0.since < $1.since }
  }

  // MARK: - Telling

  /// The fallback was told that nothing goes by a channel: now, or by the daemon before.
  mutating func told(of channel: String, since: Date) {
    let known = Trouble(since: since, failedLast: since, why: "it failed before callbackd was started")
    channels[channel, default: known].isKnown = true
    channels[channel]?.since = since
  }

  mutating func toldRestored(_ one: Restored) { restored.removeAll { $0 == one } }

  /// Forgets channels that are no longer there.
  mutating func keep(channels ids: [String]) {
    channels = channels.filter { ids.contains($0.key) }
    lanes = lanes.filter { ids.contains($0.key.channel) }
  }
}

extension Destinations.Trouble {
  var isHeld: Bool { nextProbe != nil }

  fileprivate mutating func fail(_ weight: Int, _ why: String, at now: Date) {
    failures += weight
    failedLast = now
    self.why = why
    guard failures >= Destinations.mostFailures else { return }
    // What was under way when others began to wait tells nothing that is not known.
    if let nextProbe, now < nextProbe { return }
    probes += 1
    nextProbe = now + Double(RetryPlan.delaySeconds(afterTries: probes))
  }
}
