import CallbackRules
import Foundation

/// What the site's clock shows, for many moments that lie close together.
///
/// Asking the zone takes longer than all else that is done with a callback, so the answer is kept for the quarter of an hour in
/// which it was asked: offsets have changed at quarters only, since clocks go by zones.
struct SiteClock: Sendable {
  let zone: Zone
  private var quarter = Int.min
  private var offset = 0

  init(_ zone: Zone) {
    self.zone = zone
  }

  /// Seconds since 1970 on the clock on the wall.
  mutating func wall(atSecond second: Int) -> Int {
    let quarter = second.flooredDivision(by: 900)
    if quarter != self.quarter {
      offset = zone.offset(at: Date(timeIntervalSince1970: Double(second)))
      self.quarter = quarter
    }
    return second + offset
  }
}

extension Int {
  /// Rounded down, also below zero.
  func flooredDivision(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
