/// Says when the fallback is to be told of files that have been unfinished for too long: once, not for each file, and of
/// further ones once a day at most.
struct StaleWatch {
  /// How many there were at the last look.
  private var count = 0
  /// How many there were when the fallback was told last, less those that have gone since.
  private var known = 0
  private var toldAt: ContinuousClock.Instant?

  private static let pause = Duration.seconds(86_400)

  /// What follows from one look through the spool.
  struct Finding: Equatable {
    /// Whether there are more than at the last look.
    var isMore: Bool
    /// Whether the fallback is to be told; until it was, it stays so.
    var isToBeTold: Bool
  }

  mutating func look(_ count: Int, at moment: ContinuousClock.Instant) -> Finding {
    let isMore = count > self.count
    self.count = count
    known = min(known, count)
    if count == 0 { toldAt = nil }
    let mayTell = toldAt.map { moment - $0 >= Self.pause } ?? true
    return Finding(isMore: isMore, isToBeTold: count > known && mayTell)
  }

  mutating func told(at moment: ContinuousClock.Instant) {
    known = count
    toldAt = moment
  }
}
