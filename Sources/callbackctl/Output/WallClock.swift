import CallbackRules
import Foundation

/// Times as people at this terminal say them.
struct WallClock {
  var now: Date
  var zone: Zone

  /// This moment, in the zone of this process.
  static var local: WallClock { WallClock(now: Date(), zone: Zone(TimeZone.current.identifier) ?? .utc) }

  /// `14:35` today, `Tue 14:35` within six days, else `2026-11-23 14:35`; with `UTC` behind it where that is the zone.
  func absolute(_ date: Date) -> String { bare(date) + (isUTC ? " UTC" : "") }

  /// Whether times need a mark: no office lives by UTC, which Foundation calls GMT too.
  var isUTC: Bool { zone.name.hasSuffix("UTC") || zone.name == "GMT" }

  /// `absolute` without the mark, for where it stands elsewhere.
  func bare(_ date: Date) -> String {
    let time = zone.civilTime(at: date)
    let away = time.daysSince1970 - zone.civilTime(at: now).daysSince1970
    switch away {
    case 0: return time.clockText
    case -6...6: return "\(time.weekdayText) \(time.clockText)"
    default: return "\(time.dateText) \(time.clockText)"
    }
  }

  /// How a deadline stands: `in 12 min`, `3 h late`, `now`.
  func deadline(_ date: Date) -> String {
    let seconds = Int(date.timeIntervalSince(now).rounded())
    if abs(seconds) < 60 { return "now" }
    return seconds > 0 ? "in " + Self.span(seconds: seconds) : Self.span(seconds: -seconds) + " late"
  }

  func span(_ start: Date, _ end: Date) -> String {
    Self.span(seconds: Int(end.timeIntervalSince(start)))
  }

  /// Its largest unit alone: `12 min`, `3 h`, `2 d`. Hours and days to the nearest: four hours less a second are no three.
  static func span(seconds: Int) -> String {
    switch seconds {
    case ..<60: "\(max(0, seconds)) s"
    case ..<5400: "\(seconds / 60) min"
    case ..<129_600: "\((seconds + 1800) / 3600) h"
    default: "\((seconds + 43_200) / 86_400) d"
    }
  }

  /// The moment that somebody typed: a span back from now (`7d`), or a local date with or without a time.
  func moment(_ text: String) -> Date? {
    TimeSpan(text).map { now.addingTimeInterval(-Double($0.seconds)) } ?? local(text)
  }

  /// The moment that somebody typed: a local date with or without a time, or ISO 8601 with a zone.
  func time(_ text: String) -> Date? {
    if let moment = local(text) { return moment }
    do {
      return try Date.ISO8601FormatStyle().parse(text)
    } catch {
      return nil
    }
  }

  private func local(_ text: String) -> Date? {
    let parts = text.split { $0 == " " || $0 == "T" }
    let date = numbers(parts.first, separator: "-", widths: [4, 2, 2])
    let time = parts.count == 2 ? numbers(parts.last, separator: ":", widths: [2, 2]) : [0, 0]
    guard (1...2).contains(parts.count), let date, let time else { return nil }
    let civil = CivilTime(year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1])
    return civil.map(zone.moment(of:))
  }

  private func numbers(_ text: Substring?, separator: Character, widths: [Int]) -> [Int]? {
    let parts = (text ?? "").split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == widths, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
      return nil
    }
    return parts.compactMap { Int($0) }
  }
}
