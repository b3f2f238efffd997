import Foundation

/// Times as they are written everywhere, without Foundation's formatters, which are slow and follow the locale.
extension CivilTime {
  /// `2026-11-23`.
  public var dateText: String {
    let zeros = String(repeating: "0", count: max(0, 4 - "\(year)".utf8.count))
    return "\(zeros)\(year)-\(Self.two(month))-\(Self.two(day))"
  }

  /// `14:05`.
  public var clockText: String { "\(Self.two(hour)):\(Self.two(minute))" }

  /// `14:05:09`.
  public var clockTextWithSeconds: String { "\(clockText):\(Self.two(second))" }

  /// `Mon`.
  public var weekdayText: String { ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday] }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Date {
  /// ISO 8601 in UTC, to the second: `2026-11-23T19:05:00Z`; fractions of a second are cut off.
  public var timestamp: String {
    let time = Zone.utc.civilTime(at: self)
    return "\(time.dateText)T\(time.clockTextWithSeconds)Z"
  }
}
