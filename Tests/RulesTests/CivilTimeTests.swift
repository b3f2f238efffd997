import CallbackRules
import Foundation
import Testing

/// Dates and times of day, counted in integers.
@Suite("Civil time")
struct CivilTimeTests {
  @Test("days are counted from 1970-01-01")
  func known() {
    #expect(civil(1970, 1, 1).daysSince1970 == 0)
    #expect(civil(2000, 2, 29).daysSince1970 == 11_016)
    #expect(civil(2026, 11, 23).daysSince1970 == 20_780)
    #expect(civil(1969, 12, 31).daysSince1970 == -1)
    #expect(civil(1, 1, 1).daysSince1970 == -719_162)
    #expect(civil(9999, 12, 31).daysSince1970 == 2_932_896)
    #expect(civil(2026, 11, 23, 14, 5).secondsSince1970 == 1_795_442_700)
  }

  @Test("each day of eight centuries follows the one before, and comes back")
  func consecutive() {
    var (year, month, day) = (1600, 1, 1)
    var mismatches = 0
    let start = civil(1600, 1, 1).daysSince1970
    for count in 0..<(2 * 146_097) {
      let time = CivilTime(secondsSince1970: (start + count) * 86_400 + 86_399)
      if (time.year, time.month, time.day) != (year, month, day) || time.hour != 23 || time.second != 59
        || time.daysSince1970 != start + count
      {
        mismatches += 1
      }
      day += 1
      if CivilTime(year: year, month: month, day: day) == nil { (month, day) = (month + 1, 1) }
      if month == 13 { (year, month) = (year + 1, 1) }
    }
    #expect(mismatches == 0)
    #expect((year, month, day) == (2400, 1, 1))
  }

  @Test(
    "what is not on the calendar is nil",
    arguments: [
      [2026, 2, 29, 0, 0, 0], [1900, 2, 29, 0, 0, 0], [2026, 4, 31, 0, 0, 0], [2026, 0, 1, 0, 0, 0],
      [2026, 13, 1, 0, 0, 0], [2026, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [10_000, 1, 1, 0, 0, 0],
      [2026, 1, 1, 24, 0, 0], [2026, 1, 1, 0, 60, 0], [2026, 1, 1, 0, 0, 60], [2026, 1, 1, -1, 0, 0],
    ])
  func refuses(parts: [Int]) {
    #expect(
      CivilTime(
        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5]) == nil)
  }

  @Test("leap days are on the calendar", arguments: [2000, 2024, 2028, 2400])
  func leapDays(year: Int) {
    #expect(CivilTime(year: year, month: 2, day: 29) != nil)
  }

  @Test("weekdays count from Sunday, before 1970 too")
  func weekdays() {
    #expect(civil(2026, 11, 23).weekday == 1)
    #expect(civil(2026, 11, 29).weekday == 0)
    #expect(civil(1970, 1, 1).weekday == 4)
    #expect(civil(1969, 12, 28).weekday == 0)
    #expect(civil(1900, 1, 1).weekday == 1)
  }

  @Test("adding days keeps the time of day, over months, years and leap days")
  func addingDays() {
    #expect(civil(2028, 2, 28, 14, 5).adding(days: 1) == civil(2028, 2, 29, 14, 5))
    #expect(civil(2026, 12, 31, 23, 59).adding(days: 1) == civil(2027, 1, 1, 23, 59))
    #expect(civil(2026, 3, 1).adding(days: -1) == civil(2026, 2, 28))
  }
}
