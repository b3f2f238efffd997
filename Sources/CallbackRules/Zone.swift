import Foundation

/// A place's clock: turns moments into what the clock on the wall shows, and back.
public struct Zone: Sendable, Hashable {
  /// The IANA name: `America/New_York`.
  public let name: String
  private let timeZone: TimeZone

  public static let utc = Zone(name: "UTC", timeZone: .gmt)

  /// The zone with this IANA name, or nil if this system's zone data does not know it.
  public init?(_ name: String) {
    guard let timeZone = TimeZone(identifier: name) else { return nil }
    self.init(name: name, timeZone: timeZone)
  }

  private init(name: String, timeZone: TimeZone) {
    self.name = name
    self.timeZone = timeZone
  }

  /// Seconds east of Greenwich at this moment.
  public func offset(at moment: Date) -> Int { offset(atSecond: moment.wholeSeconds) }

  /// What the clock on the wall shows at this moment, to the second.
  public func civilTime(at moment: Date) -> CivilTime {
    CivilTime(secondsSince1970: wall(atSecond: moment.wholeSeconds))
  }

  /// The moment at which the clock on the wall shows `civil`.
  ///
  /// A time that a change of clocks repeats is its first occurrence; one that a change skips is the moment of the change,
  /// so that whatever was due then runs at once.
  public func moment(of civil: CivilTime) -> Date {
    Date(timeIntervalSince1970: Double(second(ofWall: civil.secondsSince1970)))
  }
}

/// The same in seconds since 1970, of time that passes and of the clock on the wall.
extension Zone {
  func offset(atSecond second: Int) -> Int {
    timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
  }

  func wall(atSecond second: Int) -> Int { second + offset(atSecond: second) }

  func second(ofWall wall: Int) -> Int {
    let before = offset(atSecond: wall - 86_400)
    let after = offset(atSecond: wall + 86_400)
    let first = wall - max(before, after)
    let last = wall - min(before, after)
    for second in [first, last] where self.wall(atSecond: second) == wall { return second }
    return change(between: first, and: last)
  }

  /// The first second at which the offset is no longer that of `start`.
  private func change(between start: Int, and end: Int) -> Int {
    let old = offset(atSecond: start)
    var (low, high) = (start, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if offset(atSecond: middle) == old {
        low = middle
      } else {
        high = middle
      }
    }
    return high
  }
}

extension Date {
  /// Seconds since 1970; a fraction of one is cut off.
  var wholeSeconds: Int { Int(timeIntervalSince1970.rounded(.down)) }
}
