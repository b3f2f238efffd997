import CallbackRules
import Foundation
import Testing

@testable import CallbackReports

@Suite("Days and hours of a report go by the site's clock") struct LocalTimeTests {
  @Test("A call just before midnight and one just after are of two days, whatever UTC says")
  func midnight() {
    let days = report(
      [
        row { $0.takenAt = utc(2026, 11, 24, 4, 59) },
        row { ($0.takenAt, $0.reachedAt) = (utc(2026, 11, 24, 5), taken) },
      ]
    ).days
    #expect(days.map(\.date) == ["2026-11-22", "2026-11-23", "2026-11-24"])
    #expect(days.map(\.taken) == [0, 1, 1])
    #expect(days.map(\.kept) == [0, 0, 1])
    #expect(days.map(\.broken) == [0, 1, 0])
  }

  @Test("The hour that a change of clocks repeats is one hour, and of the one it skips there is nothing")
  func changes() {
    // New York: 1 November 2026, 2:00 is 1:00 again; 8 March 2026, 2:00 is 3:00.
    let autumn = report(
      [row { $0.takenAt = utc(2026, 11, 1, 5, 30) }, row { $0.takenAt = utc(2026, 11, 1, 6, 30) }], by: .hour,
      since: utc(2026, 11, 1, 4), until: utc(2026, 11, 2, 5))
    #expect(autumn.groups.filter { $0.figures.taken > 0 }.map(\.key) == ["01"])
    #expect(autumn.days.map(\.taken) == [2])
    let spring = report(
      [row { $0.takenAt = utc(2026, 3, 8, 6, 59) }, row { $0.takenAt = utc(2026, 3, 8, 7) }], by: .hour,
      since: utc(2026, 3, 8, 5), until: utc(2026, 3, 9, 4))
    #expect(spring.groups.filter { $0.figures.taken > 0 }.map(\.key) == ["01", "03"])
    #expect(spring.days.map(\.date) == ["2026-03-08"])
  }

  @Test("The hours of the week begin with Monday at midnight, and end with Sunday at 23")
  func week() {
    let hours = report([
      row { $0.takenAt = utc(2026, 11, 23, 5) }, row { $0.takenAt = utc(2026, 11, 30, 4, 59) }, row(),
    ]).hours
    #expect(hours.count == 168)
    #expect(hours.filter { $0.taken > 0 }.map(\.weekday) == [1, 1, 7])
    #expect(hours.filter { $0.taken > 0 }.map(\.hour) == [0, 14, 23])
  }

  @Test(
    "Before 1970 and with odd offsets too the clock shows what the zone says",
    arguments: ["Asia/Kathmandu", "Australia/Lord_Howe"])
  func clock(name: String) {
    let zone = zone(name)
    var clock = SiteClock(zone)
    for second in stride(from: -90_000_000, through: 1_900_000_000, by: 1_234_567) {
      #expect(clock.wall(atSecond: second) == second + zone.offset(at: date(second)))
    }
  }
}
