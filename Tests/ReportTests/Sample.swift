import CallbackRules
import Foundation

@testable import CallbackReports

let newYork = zone("America/New_York")

func zone(_ name: String) -> Zone {
  guard let zone = Zone(name) else { fatalError("this system has no zone \(name): install tzdata") }
  return zone
}

/// A moment of UTC, to the minute.
func utc(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int {
  CivilTime(year: year, month: month, day: day, hour: hour, minute: minute)?.secondsSince1970 ?? 0
}

/// Monday 23 November 2026, 14:00 in New York.
let taken = utc(2026, 11, 23, 19)
/// An hour after `taken`.
let due = taken + 3600

/// A callback that came in a minute after its call was taken, and is due an hour after.
func row(_ change: (inout ReportRow) -> Void = { _ in }) -> ReportRow {
  var row = ReportRow(
    account: "riverside", urgency: .urgent, recipient: "oncall", takenAt: taken, admittedAt: taken + 60, dueAt: due)
  change(&row)
  return row
}

/// A report of these on the day after, around the clock of New York.
func report(
  _ rows: [ReportRow], by grouping: ReportQuery.Grouping? = nil, since: Int = utc(2026, 11, 22, 5),
  until: Int = utc(2026, 11, 25, 5), now: Int = utc(2026, 11, 24, 20), zone: Zone = newYork,
  open: Report.Now = Report.Now(), names: [String: String] = [:]
) -> Report {
  var tally = ReportTally(
    ReportQuery(since: date(since), until: date(until), grouping: grouping), zone: zone, now: date(now))
  for row in rows { tally.add(row) }
  return tally.report(site: "Riverside", open: open) { names[$0] ?? $0 }
}

func date(_ second: Int) -> Date { Date(timeIntervalSince1970: Double(second)) }
