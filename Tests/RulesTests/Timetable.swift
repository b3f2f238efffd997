import CallbackRules
import Foundation
import Testing

/// Office hours somewhere, with the way in which tests write their times.
struct Timetable {
  let hours: OfficeHours
  let zone: Zone

  /// - Parameter open: weekdays with their hours: `("Sat Sun", "22:00-06:00")`.
  init(open: [(days: String, hours: String)], closed: [CivilTime] = [], zone: String = "America/New_York") {
    guard let zone = Zone(zone) else { preconditionFailure("there is no zone \(zone)") }
    self.zone = zone
    let spans = open.map { days, hours in
      let minutes = hours.split(separator: "-").map { $0.split(separator: ":").compactMap { Int($0) } }
        .map { $0[0] * 60 + $0[1] }
      let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
      return OfficeHours.OpenSpan(
        weekdays: Set(days.split(separator: " ").compactMap { names.firstIndex(of: String($0)) }),
        opensMinute: minutes[0], closesMinute: minutes[1])
    }
    hours = OfficeHours(name: "office", spans: spans, closedDays: closed)
  }

  /// Expects each line `start | span | end`.
  func expect(_ lines: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for line in lines.split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let back = cells[1].hasPrefix("-")
      guard let span = TimeSpan(cells[1].drop { $0 == "-" }) else { preconditionFailure("\(cells[1]) is no span") }
      let end = hours.moment(back ? -span : span, from: date(cells[0]), in: zone)
      #expect(text(end) == cells[2], "\(line)", sourceLocation: sourceLocation)
    }
  }

  /// Reads `Mon 2026-11-23 13:00`; with `again`, the second of two equal times.
  func date(_ text: String) -> Date {
    let words = text.split(separator: " ")
    let day = words[1].split(separator: "-").compactMap { Int($0) }
    let clock = words[2].split(separator: ":").compactMap { Int($0) }
    let moment = zone.moment(of: civil(day[0], day[1], day[2], clock[0], clock[1]))
      .addingTimeInterval(clock.count > 2 ? Double(clock[2]) : 0)
    return words.last == "again" ? moment.addingTimeInterval(3600) : moment
  }

  /// Writes a moment in the same way.
  func text(_ moment: Date) -> String {
    let time = zone.civilTime(at: moment)
    let clock = time.second == 0 ? time.clockText : time.clockTextWithSeconds
    let again = zone.moment(of: time) == moment ? "" : " again"
    return "\(time.weekdayText) \(time.dateText) \(clock)\(again)"
  }
}
