import CallbackConfiguration
import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("The report of the week")
struct WeeklyReportTests {
  private static let newYork: Zone = {
    guard let zone = Zone("America/New_York") else { fatalError("this system has no zone data: install tzdata") }
    return zone
  }()

  private func weekly(_ weekday: Int, _ hour: Int, _ minute: Int = 0) -> WeeklyReport {
    WeeklyReport(at: .init(weekday: weekday, minute: hour * 60 + minute), zone: Self.newYork)
  }

  /// A moment by the clock of New York.
  private func local(_ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Date {
    Self.newYork.moment(of: CivilTime(secondsSince1970: 0).on(2026, month, day, hour, minute))
  }

  @Test(
    "It was due last at the latest such day and time that has come",
    arguments: [
      // 23 November 2026 is a Monday.
      ((23, 7, 0), (23, 7)), ((23, 6, 59), (16, 7)), ((23, 0, 0), (16, 7)), ((24, 7, 0), (23, 7)),
      ((29, 23, 59), (23, 7)),
      ((30, 7, 0), (30, 7)),
    ] as [((Int, Int, Int), (Int, Int))])
  func latest(now: (day: Int, hour: Int, minute: Int), due: (day: Int, hour: Int)) {
    #expect(
      weekly(1, 7).latest(atOrBefore: local(11, now.day, now.hour, now.minute)) == local(11, due.day, due.hour))
  }

  @Test("It is of the seven whole days before the day on which it is sent, however long they were")
  func span() {
    let usual = weekly(1, 7).span(sentAt: local(11, 23, 7))
    #expect(usual.since == local(11, 16) && usual.until == local(11, 23))
    // Clocks are put back on 1 November: this week has an hour more.
    let autumn = weekly(1, 7).span(sentAt: local(11, 2, 7))
    #expect(autumn.since == local(10, 26) && autumn.until == local(11, 2))
    #expect(autumn.until.timeIntervalSince(autumn.since) == 7 * 86_400 + 3600)
  }

  @Test("A time that a change of clocks skips is the moment of the change, and one that it repeats comes once")
  func changes() {
    // On Sunday, 8 March, 2:00 is 3:00; on Sunday, 1 November, 2:00 is 1:00 again.
    #expect(weekly(0, 2, 30).latest(atOrBefore: local(3, 8, 3)) == local(3, 8, 3))
    let once = local(11, 1, 1, 30)
    #expect(weekly(0, 1, 30).latest(atOrBefore: once) == once)
    #expect(weekly(0, 1, 30).latest(atOrBefore: once.addingTimeInterval(3600)) == once)
  }

  @Test("One that fails is tried again, later and later, and given up at last; the next begins anew")
  func tries() {
    var mailing = WeeklyMailing()
    let start = ContinuousClock.now
    #expect(mailing.mayTry(at: start))
    let isGivenUp = mailing.failed(at: start)
    #expect(!isGivenUp)
    #expect(!mailing.mayTry(at: start + .seconds(4)) && mailing.mayTry(at: start + .seconds(5)))
    var tries = 1
    while !mailing.failed(at: start) { tries += 1 }
    #expect(tries == RetryPlan.mostTries(.routine, hasNext: false) - 1)
    mailing.ended(for: ["manager"])
    #expect(mailing.mayTry(at: start) && mailing.unmarked == ["manager"] && mailing.got.isEmpty)
    mailing.isUnderWay = true
    #expect(!mailing.mayTry(at: start))
  }
}

extension CivilTime {
  fileprivate func on(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int) -> CivilTime {
    CivilTime(year: year, month: month, day: day, hour: hour, minute: minute) ?? self
  }
}
