/// What clients that watch may cost, all together.
///
/// However many there are and however much changes, they take at most a tenth of the queue's time: the longer a reply took to
/// make, and the more clients watch, the longer each waits for its next one.
///
/// Confined to the server's queue.
final class WatchBudget {
  private var clients: [UInt32: Int] = [:]
  /// How long the making of replies takes, of late.
  private var cost = Duration.zero

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

  /// How long to wait between two replies to one client.
  func spacing(atLeast least: Duration) -> Duration { max(least, cost * Self.share * count) }
}
