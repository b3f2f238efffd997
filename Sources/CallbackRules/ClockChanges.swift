import Foundation
import Synchronization

/// When a place sets its clocks, found once, because asking Foundation each time takes three times as long.
struct ClockChanges: Sendable {
  /// 1990 to 2059 in UTC; beyond, the zone is asked.
  private static let covered = 631_152_000..<2_840_140_800
  /// Nowhere have clocks been set twice within a week in that time.
  private static let week = 7 * 86_400

  /// The seconds since 1970 from which on each of `offsets` holds, in their order.
  private var seconds = [covered.lowerBound]
  /// Seconds east of Greenwich.
  private var offsets: [Int]

  /// By the zone's name. Finding them takes half a millisecond, and thousands of accounts share a few zones.
  private static let found = Mutex<[String: ClockChanges]>([:])

  static func of(_ zone: TimeZone) -> ClockChanges {
    found.withLock { found in
      if let changes = found[zone.identifier] { return changes }
      let changes = ClockChanges(searching: zone)
      found[zone.identifier] = changes
      return changes
    }
  }

  private init(searching zone: TimeZone) {
    func offset(_ second: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))) }
    offsets = [offset(Self.covered.lowerBound)]
    for end in stride(from: Self.covered.lowerBound + Self.week, to: Self.covered.upperBound, by: Self.week) {
      let new = offset(end)
      guard new != offsets[offsets.count - 1] else { continue }
      var (before, after) = (end - Self.week, end)
      while after - before > 1 {
        let middle = (before + after) / 2
        if offset(middle) == new { after = middle } else { before = middle }
      }
      seconds.append(after)
      offsets.append(new)
    }
  }

  /// Seconds east of Greenwich; nil where the table does not reach.
  func offset(atSecond second: Int) -> Int? {
    guard Self.covered.contains(second) else { return nil }
    var (first, end) = (0, seconds.count)
    while end - first > 1 {
      let middle = (first + end) / 2
      if seconds[middle] <= second { first = middle } else { end = middle }
    }
    return offsets[first]
  }
}
