import CallbackRules
import Foundation
import Testing

/// Open time as a timetable. Each line: from when, how long, and when that is over, on the office's clock.
@Suite("Office hours")
struct OfficeHoursTests {
  @Test("hours and minutes count while it is open, to the moment of closing at most")
  func severalSpansADay() {
    office.expect(
      """
      Mon 2026-11-23 13:00 | 4h    | Mon 2026-11-23 17:00
      Mon 2026-11-23 13:01 | 4h    | Tue 2026-11-24 08:01
      Mon 2026-11-23 08:00 | 4h    | Mon 2026-11-23 12:00
      Mon 2026-11-23 11:30 | 1h    | Mon 2026-11-23 13:30
      Mon 2026-11-23 08:00 | 8h    | Mon 2026-11-23 17:00
      Mon 2026-11-23 08:00 | 17h   | Wed 2026-11-25 09:00
      Mon 2026-11-23 16:59 | 90s   | Tue 2026-11-24 08:00:30
      Fri 2026-11-27 16:00 | 4h    | Mon 2026-11-30 11:00
      """)
  }

  @Test("a promise made outside hours begins with the next opening")
  func outsideHours() {
    office.expect(
      """
      Mon 2026-11-23 06:00 | 30m | Mon 2026-11-23 08:30
      Mon 2026-11-23 12:00 | 30m | Mon 2026-11-23 13:30
      Mon 2026-11-23 12:20 | 30m | Mon 2026-11-23 13:30
      Mon 2026-11-23 17:00 | 30m | Tue 2026-11-24 08:30
      Fri 2026-11-27 20:00 | 4h  | Mon 2026-11-30 12:00
      Sun 2026-11-29 03:00 | 5h  | Mon 2026-11-30 14:00
      """)
  }

  @Test("days are days of the calendar, at the next opening where it is closed then")
  func days() {
    office.expect(
      """
      Mon 2026-11-23 10:00 | 1d   | Tue 2026-11-24 10:00
      Mon 2026-11-23 12:30 | 1d   | Tue 2026-11-24 13:00
      Mon 2026-11-23 20:00 | 1d   | Wed 2026-11-25 08:00
      Mon 2026-11-23 17:00 | 1d   | Wed 2026-11-25 08:00
      Fri 2026-11-27 10:00 | 1d   | Mon 2026-11-30 08:00
      Sat 2026-11-28 10:00 | 2d   | Mon 2026-11-30 10:00
      Mon 2026-11-23 10:00 | 1w   | Mon 2026-11-30 10:00
      """)
  }

  @Test("days come before hours")
  func daysAndHours() {
    office.expect(
      """
      Mon 2026-11-23 16:00 | 1d2h | Wed 2026-11-25 09:00
      Fri 2026-11-27 10:00 | 1d2h | Mon 2026-11-30 10:00
      """)
  }

  @Test("on a holiday nothing counts")
  func holidays() {
    office.expect(
      """
      Wed 2026-11-25 16:00 | 2h | Fri 2026-11-27 09:00
      Thu 2026-11-26 10:00 | 2h | Fri 2026-11-27 10:00
      Wed 2026-11-25 10:00 | 1d | Fri 2026-11-27 08:00
      Thu 2026-12-24 16:30 | 1h | Mon 2026-12-28 08:30
      """)
  }

  @Test("a span leads back through the same hours, and may end at an opening")
  func back() {
    office.expect(
      """
      Mon 2026-11-23 13:30 | -1h   | Mon 2026-11-23 11:30
      Mon 2026-11-23 17:00 | -4h   | Mon 2026-11-23 13:00
      Mon 2026-11-23 13:00 | -4h   | Mon 2026-11-23 08:00
      Mon 2026-11-23 08:30 | -1h   | Fri 2026-11-20 16:30
      Tue 2026-11-24 03:00 | -30m  | Mon 2026-11-23 16:30
      Fri 2026-11-27 09:00 | -2h   | Wed 2026-11-25 16:00
      Tue 2026-11-24 10:00 | -1d   | Mon 2026-11-23 10:00
      Tue 2026-11-24 08:00 | -1d   | Mon 2026-11-23 08:00
      Tue 2026-11-24 12:30 | -1d   | Mon 2026-11-23 12:00
      Mon 2026-11-23 10:00 | -1d   | Fri 2026-11-20 17:00
      Tue 2026-11-24 09:00 | -1d2h | Fri 2026-11-20 16:00
      """)
  }

  @Test("a span of nothing is its own end, also while it is closed")
  func nothing() {
    office.expect(
      """
      Mon 2026-11-23 10:00 | 0s | Mon 2026-11-23 10:00
      Mon 2026-11-23 20:00 | 0s | Mon 2026-11-23 20:00
      """)
  }

  @Test("a span over midnight is of the day on which it opens")
  func overMidnight() {
    night.expect(
      """
      Mon 2026-11-23 23:00 | 2h  | Tue 2026-11-24 01:00
      Mon 2026-11-23 05:00 | 2h  | Mon 2026-11-23 23:00
      Tue 2026-11-24 01:00 | -2h | Mon 2026-11-23 23:00
      Mon 2026-11-23 12:00 | 1d  | Tue 2026-11-24 22:00
      """)
    let saturday = Timetable(open: [("Sat", "22:00-06:00")])
    saturday.expect(
      """
      Fri 2026-11-27 23:00 | 8h  | Sun 2026-11-29 06:00
      Sun 2026-11-29 05:00 | 2h  | Sat 2026-12-05 23:00
      """)
  }

  @Test("a closed day has nothing open: no night begins on it, and the one before ends at midnight")
  func nightsAndHolidays() {
    night.expect(
      """
      Wed 2026-12-23 23:00 | 1h | Thu 2026-12-24 00:00
      Wed 2026-12-23 23:00 | 2h | Fri 2026-12-25 23:00
      Thu 2026-12-24 02:00 | 1h | Fri 2026-12-25 23:00
      Fri 2026-12-25 02:00 | 1h | Fri 2026-12-25 23:00
      """)
  }

  @Test("spans that overlap or touch count once, and 24:00 goes on into the next day")
  func overlapping() {
    Timetable(open: [("Mon", "08:00-14:00"), ("Mon", "09:00-10:00"), ("Mon", "12:00-17:00")]).expect(
      """
      Mon 2026-11-23 08:30 | 8h    | Mon 2026-11-23 16:30
      Mon 2026-11-23 16:30 | -8h   | Mon 2026-11-23 08:30
      Mon 2026-11-23 08:00 | 9h    | Mon 2026-11-23 17:00
      Mon 2026-11-23 08:00 | 9h1m  | Mon 2026-11-30 08:01
      """)
    Timetable(open: [("Mon Tue", "00:00-24:00"), ("Sun", "20:00-03:00")]).expect(
      """
      Sun 2026-11-22 20:00 | 52h   | Wed 2026-11-25 00:00
      Sun 2026-11-22 20:00 | 52h1s | Sun 2026-11-29 20:00:01
      Wed 2026-11-25 00:00 | -52h  | Sun 2026-11-22 20:00
      """)
  }

  @Test("where clocks go forward, an hour less passes, and a skipped time is the moment of the change")
  func spring() {
    night.expect(
      """
      Sun 2026-03-08 01:00 | 2h  | Sun 2026-03-08 04:00
      Sat 2026-03-07 22:00 | 7h  | Sun 2026-03-08 06:00
      Sun 2026-03-08 06:00 | -7h | Sat 2026-03-07 22:00
      Sat 2026-03-07 02:30 | 1d  | Sun 2026-03-08 03:00
      """)
    Timetable(open: [("Sun", "02:15-03:30"), ("Sun", "02:00-02:45")]).expect(
      """
      Sun 2026-03-08 01:00 | 20m | Sun 2026-03-08 03:20
      Sun 2026-03-08 01:00 | 31m | Sun 2026-03-15 02:01
      """)
  }

  @Test("where clocks go back, an hour more passes, and a repeated time is the first")
  func autumn() {
    night.expect(
      """
      Sun 2026-11-01 00:30 | 2h   | Sun 2026-11-01 01:30 again
      Sat 2026-10-31 22:00 | 9h   | Sun 2026-11-01 06:00
      Sun 2026-11-01 06:00 | -9h  | Sat 2026-10-31 22:00
      Sat 2026-10-31 01:30 | 1d   | Sun 2026-11-01 01:30
      """)
    Timetable(open: [("Sun", "01:00-01:30")]).expect(
      """
      Sun 2026-11-01 01:10       | 20m | Sun 2026-11-01 01:30
      Sun 2026-11-01 01:10 again | 20m | Sun 2026-11-08 01:20
      """)
  }

  @Test("where clocks go back over midnight, the evening that comes again stays what the next day made it")
  func autumnAtMidnight() {
    Timetable(open: [("Sat", "22:00-24:00")], zone: "America/Sao_Paulo").expect(
      """
      Sat 2018-02-17 22:00 | 3h  | Sun 2018-02-18 00:00
      Sun 2018-02-18 00:00 | -3h | Sat 2018-02-17 22:00
      """)
    // Until 2011, clocks in Newfoundland were set at 00:01.
    let stJohns = Timetable(open: [("Sun", "00:00-06:00")], zone: "America/St_Johns")
    stJohns.expect(
      """
      Sat 2010-11-06 23:30       | 30m  | Sat 2010-11-06 23:30 again
      Sat 2010-11-06 23:30 again | 1h   | Sun 2010-11-07 00:30
      Sat 2010-11-06 23:30 again | -20m | Sat 2010-11-06 23:10 again
      """)
    #expect(!stJohns.hours.isOpen(at: stJohns.date("Sat 2010-11-06 23:30"), in: stJohns.zone))
    #expect(stJohns.hours.isOpen(at: stJohns.date("Sat 2010-11-06 23:30 again"), in: stJohns.zone))
  }

  @Test("each account's clock is its own")
  func zones() {
    let kathmandu = Timetable(open: [("Mon Tue", "08:00-12:00")], zone: "Asia/Kathmandu")
    kathmandu.expect("Mon 2026-11-23 11:00 | 2h | Tue 2026-11-24 09:00")
    let moment = Date(timeIntervalSince1970: 1_795_400_100)  // 2026-11-23 02:15 UTC, 08:00 in Kathmandu
    #expect(kathmandu.hours.isOpen(at: moment, in: kathmandu.zone))
    #expect(!kathmandu.hours.isOpen(at: moment.addingTimeInterval(-0.5), in: kathmandu.zone))
    #expect(!kathmandu.hours.isOpen(at: moment, in: .utc))
  }

  @Test("it is open from the opening on, and no longer at the closing")
  func openAndClosed() {
    let open = ["08:00", "11:59:59", "13:00", "16:59"].map { office.date("Mon 2026-11-23 \($0)") }
    let closed = ["07:59:59", "12:00", "12:30", "17:00", "23:00"].map { office.date("Mon 2026-11-23 \($0)") }
    for moment in open {
      #expect(office.hours.isOpen(at: moment, in: office.zone))
      #expect(office.hours.opening(atOrAfter: moment, in: office.zone) == moment)
    }
    for moment in closed { #expect(!office.hours.isOpen(at: moment, in: office.zone)) }
    #expect(
      closed.map { office.text(office.hours.opening(atOrAfter: $0, in: office.zone)) } == [
        "Mon 2026-11-23 08:00", "Mon 2026-11-23 13:00", "Mon 2026-11-23 13:00", "Tue 2026-11-24 08:00",
        "Tue 2026-11-24 08:00",
      ])
  }

  @Test("hours that never come, or too few of them in two years, are counted around the clock")
  func never() {
    let start = office.date("Mon 2026-11-23 10:00")
    let neverOpen = OfficeHours(name: "never", spans: [])
    #expect(neverOpen.moment(TimeSpan(days: 1, seconds: 3600), from: start, in: .utc) == start + 25 * 3600)
    #expect(neverOpen.moment(TimeSpan(seconds: -3600), from: start, in: .utc) == start - 3600)
    #expect(neverOpen.opening(atOrAfter: start, in: .utc) == start)
    #expect(!neverOpen.isOpen(at: start, in: .utc))
    let aMinuteAWeek = Timetable(open: [("Mon", "08:00-08:01")])
    aMinuteAWeek.expect(
      """
      Mon 2026-11-23 10:00 | 1h   | Mon 2028-01-17 08:01
      Mon 2026-11-23 10:00 | 10h  | Mon 2026-11-23 20:00
      Mon 2026-11-23 10:00 | -10h | Mon 2026-11-23 00:00
      """)
  }

  @Test("a fraction of a second makes no promise later")
  func fractions() {
    let start = office.date("Mon 2026-11-23 13:00")
    let end = office.hours.moment(TimeSpan(seconds: 4 * 3600), from: start.addingTimeInterval(0.9), in: office.zone)
    #expect(end == office.date("Mon 2026-11-23 17:00"))
  }

  @Test("around the clock a day has 24 hours, and what is promised in wall time ignores the hours")
  func counting() {
    let start = office.date("Sat 2026-10-31 10:00")
    let counting = Counting.openTime(office.hours, office.zone)
    #expect(office.text(counting.moment(TimeSpan(days: 1), from: start)) == "Mon 2026-11-02 08:00")
    #expect(office.text(counting.opening(atOrAfter: start)) == "Mon 2026-11-02 08:00")
    #expect(office.text(counting.inWallTime.moment(TimeSpan(days: 1), from: start)) == "Sun 2026-11-01 09:00")
    #expect(counting.inWallTime.opening(atOrAfter: start) == start)
  }

  /// Closed over noon, on Thanksgiving and on Christmas Day.
  private let office = Timetable(
    open: [("Mon Tue Wed Thu Fri", "08:00-12:00"), ("Mon Tue Wed Thu Fri", "13:00-17:00")],
    closed: [civil(2026, 11, 26), civil(2026, 12, 25)])
  /// Closed on Christmas Eve.
  private let night = Timetable(
    open: [("Sun Mon Tue Wed Thu Fri Sat", "22:00-06:00")], closed: [civil(2026, 12, 24)])
}
