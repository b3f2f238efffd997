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
  public func offset(at moment: Date) -> Int { timeZone.secondsFromGMT(for: moment) }

  /// What the clock on the wall shows at this moment, to the second.
  public func civilTime(at moment: Date) -> CivilTime {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down))
    return CivilTime(secondsSince1970: seconds + offset(at: moment))
  }

  /// The moment at which the clock on the wall shows `civil`.
  ///
  /// A time that a change of clocks repeats is its first occurrence; one that a change skips is the moment of the change,
  /// so that whatever was due then runs at once.
  public func moment(of civil: CivilTime) -> Date {
    let wall = civil.secondsSince1970
    let before = offset(at: Date(timeIntervalSince1970: Double(wall - 86_400)))
    let after = offset(at: Date(timeIntervalSince1970: Double(wall + 86_400)))
    let candidates = [wall - max(before, after), wall - min(before, after)]
    for seconds in candidates {
      let moment = Date(timeIntervalSince1970: Double(seconds))
      if seconds + offset(at: moment) == wall { return moment }
    }
    return change(between: candidates[0], and: candidates[1])
  }

  /// The first second at which the offset is no longer that of `start`.
  private func change(between start: Int, and end: Int) -> Date {
    let old = offset(at: Date(timeIntervalSince1970: Double(start)))
    var (low, high) = (start, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if offset(at: Date(timeIntervalSince1970: Double(middle))) == old {
        low = middle
      } else {
        high = middle
      }
    }
    return Date(timeIntervalSince1970: Double(high))
  }
}
