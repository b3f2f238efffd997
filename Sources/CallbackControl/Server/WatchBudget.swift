/// What clients that watch may cost, all together.
///
/// However many there are and however much changes, the making of their replies takes at most a tenth of the queue's time: each
/// reply has a moment of its own, and the longer replies take to make, the further these moments are apart.
///
/// Confined to the server's queue.
final class WatchBudget {
  private var clients: [UInt32: Int] = [:]
  /// How long the making of a reply takes, of late.
  private var cost = Duration.zero
  /// The first moment that nobody has.
  private var free = ContinuousClock.now

  private static let share = 10

  var count: Int { clients.values.reduce(0, +) }

  /// Takes one more of this user's; a sentence where there are too many.
  func begin(_ user: UInt32, _ limits: ControlServer.Limits) -> String? {
    if count >= limits.watchers { return "As many clients watch callbackd as it serves: try again." }
    if clients[user, default: 0] >= limits.watchersPerUser, user != 0 {
      return "You watch callbackd \(limits.watchersPerUser) times: end one, then try again."
    }
    clients[user, default: 0] += 1
    return nil
  }

  func end(_ user: UInt32) {
    guard let left = clients[user] else { return }
    clients[user] = left > 1 ? left - 1 : nil
  }

  /// A reply took so long to make.
  func took(_ time: Duration) { cost = (cost * 3 + time) / 4 }

  /// When the client that asks may have its next reply: `now` at the soonest, and after all that have asked before.
  func moment(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    let moment = max(now, free)
    free = moment.advanced(by: cost * Self.share)
    return moment
  }
}
