import CallbackRules
import Foundation

/// Times and spans as they stand in a notice, in English and without Foundation's formatters.
enum LocalTime {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// What a clock in the zone shows: `Mon 23 Nov 14:35`.
  static func short(_ moment: Date, zone: Zone) -> String {
    let time = zone.civilTime(at: moment)
    return "\(time.weekdayText) \(time.day) \(months[time.month - 1]) \(time.clockText)"
  }

  /// A mail's Date, in UTC (RFC 5322, 3.3): `Mon, 23 Nov 2026 14:35:00 +0000`.
  static func mailDate(_ moment: Date) -> String {
    let time = Zone.utc.civilTime(at: moment)
    let day = "\(time.weekdayText), \(time.day) \(months[time.month - 1]) \(time.year)"
    return "\(day) \(time.clockTextWithSeconds) +0000"
  }

  /// Seconds from one moment to another, rounded down; negative if `end` is earlier.
  static func seconds(from start: Date, to end: Date) -> Int {
    Int(end.timeIntervalSince(start).rounded(.down))
  }

  /// The two largest units of a span: `10 min`, `2 h 5 min`, `3 d 4 h`. Nil for less than a minute.
  static func span(seconds: Int) -> String? {
    let minutes = seconds / 60
    let (days, hours) = (minutes / 1440, minutes / 60 % 24)
    if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
    if hours > 0 { return minutes % 60 > 0 ? "\(hours) h \(minutes % 60) min" : "\(hours) h" }
    return minutes > 0 ? "\(minutes) min" : nil
  }
}
