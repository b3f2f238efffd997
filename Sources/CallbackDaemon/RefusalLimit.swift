import Foundation

/// Which refusals are written down: the first few of each account and hour, so that no script can flood the record or the log.
///
/// Pure. What it remembers is bounded, too.
struct RefusalLimit {
  /// Of one account in an hour.
  static let perUser = 20
  /// Of all accounts in an hour.
  static let inAll = 200
  private static let span = Duration.seconds(3600)

  private struct Deed: Hashable {
    var user: UInt32
    var callback: Int64?
    var command: String
  }

  private var began: ContinuousClock.Instant?
  private var written: Set<Deed> = []
  private var counts: [UInt32: Int] = [:]

  enum Answer: Equatable {
    /// Write it down.
    case write
    /// It was written down before.
    case known
    /// There were too many: say so, once in the hour.
    case tooMany(isFirst: Bool)
  }

  private var hasSaidSo = false

  /// Whether this one is to be written down; counts it if so.
  mutating func take(
    user: UInt32, callback: Int64?, command: String, at moment: ContinuousClock.Instant
  ) -> Answer {
    if began.map({ $0.duration(to: moment) >= Self.span }) ?? true {
      self = RefusalLimit()
      began = moment
    }
    let deed = Deed(user: user, callback: callback, command: command)
    guard !written.contains(deed) else { return .known }
    guard written.count < Self.inAll, counts[user, default: 0] < Self.perUser else {
      defer { hasSaidSo = true }
      return .tooMany(isFirst: !hasSaidSo)
    }
    written.insert(deed)
    counts[user, default: 0] += 1
    return .write
  }
}
