import CallbackConfiguration
import CallbackReports
import CallbackRules
import Foundation

/// When the report of a week is due, and of which days it is. Pure.
struct WeeklyReport {
  let at: Configuration.WeeklyTime
  let zone: Zone

  /// The latest moment, at or before `now`, at which one was to be sent.
  ///
  /// By the clock on the wall: a time that a change of clocks skips is the moment of the change.
  func latest(atOrBefore now: Date) -> Date {
    let today = zone.civilTime(at: now)
    let back = (today.weekday - at.weekday + 7) % 7
    let moment = zone.moment(of: time(on: today.adding(days: -back)))
    return moment <= now ? moment : zone.moment(of: time(on: today.adding(days: -back - 7)))
  }

  /// The seven whole days before the day on which it is sent.
  func span(sentAt moment: Date) -> (since: Date, until: Date) {
    let day = zone.civilTime(at: moment)
    return (zone.moment(of: midnight(day.adding(days: -7))), zone.moment(of: midnight(day)))
  }

  private func midnight(_ day: CivilTime) -> CivilTime { CivilTime(secondsSince1970: day.daysSince1970 * 86_400) }

  private func time(on day: CivilTime) -> CivilTime {
    CivilTime(secondsSince1970: day.daysSince1970 * 86_400 + at.minute * 60)
  }
}

/// How far mailing the week's report has come: tries that failed are made again, later and later.
struct WeeklyMailing {
  /// Whether one is being made or handed over.
  var isUnderWay = false
  /// The ids of persons who have got it: a further try is for the others.
  var got: Set<String> = []
  /// Whom in the configuration it went to, where the store could not take that yet. Until it does, none is sent.
  var unmarked: [String] = []
  /// Not before this moment is it tried again.
  private var again: ContinuousClock.Instant?
  private var tries = 0

  /// - Returns: whether it is given up: after about two hours, as a notice is.
  mutating func failed(at moment: ContinuousClock.Instant) -> Bool {
    tries += 1
    guard tries < RetryPlan.mostTries(.routine, hasNext: false) else { return true }
    again = moment + .seconds(RetryPlan.delaySeconds(afterTries: tries))
    return false
  }

  /// It has ended, for these, one way or another.
  mutating func ended(for ids: [String]) {
    self = WeeklyMailing()
    unmarked = ids
  }

  func mayTry(at moment: ContinuousClock.Instant) -> Bool { !isUnderWay && again.map { $0 <= moment } ?? true }
}
