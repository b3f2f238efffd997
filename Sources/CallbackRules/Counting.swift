import Foundation

/// How a policy's spans are counted.
///
/// Around the clock, days are of 24 hours. In open time, hours and minutes count while the office is open, and days are calendar
/// days, at the next opening.
public enum Counting: Sendable {
  case aroundTheClock(Zone)
  case openTime(OfficeHours, Zone)

  /// The same zone without hours: for what was promised in wall time.
  public var inWallTime: Counting {
    switch self {
    case .aroundTheClock: self
    case .openTime(_, let zone): .aroundTheClock(zone)
    }
  }

  /// The moment that lies `span` after `start`; before it, where the span is negative.
  public func moment(_ span: TimeSpan, from start: Date) -> Date {
    switch self {
    case .aroundTheClock: start.addingTimeInterval(Double(span.seconds))
    case .openTime(let hours, let zone): hours.moment(span, from: start, in: zone)
    }
  }

  /// The first moment at or after `moment` at which anything counts; `moment` itself around the clock.
  public func opening(atOrAfter moment: Date) -> Date {
    switch self {
    case .aroundTheClock: moment
    case .openTime(let hours, let zone): hours.opening(atOrAfter: moment, in: zone)
    }
  }
}
