import CallbackRules
import Foundation

/// Which moments a written time can be. The zone is the account's; an offset in the text wins over it.
extension WrittenTime {
  /// The moment, of a time that is past: the latest one that is not after `limit`, where the text leaves a choice.
  ///
  /// Nil for what is not possible.
  /// A date without a time is `limit` if that is on the same day, else the beginning of the day.
  /// A date without a year may be a day after it: that is a clock that is ahead, not a call of a year ago.
  func moment(notAfter limit: Date, in zone: Zone) -> Date? {
    let place = place(in: zone)
    if case .date(let year, let month, let day) = self.day, let clock {
      guard let civil = CivilTime(year: year, month: month, day: day) else { return nil }
      return Self.civil(civil, clock).map(place.moment)
    }
    let today = place.civilTime(at: limit)
    var latest = limit
    if case .yearless = day { latest += Self.secondsAday }
    let moments = days(from: place.civilTime(at: latest), step: -1).compactMap { day -> Date? in
      guard let clock else {
        return day.daysSince1970 == today.daysSince1970 ? limit : place.moment(of: day)
      }
      return Self.civil(day, clock).map(place.moment)
    }
    return isFixed ? moments.first : moments.filter { $0 <= latest }.max()
  }

  /// The moment, of a time to come: the first one after `start`, where the text leaves a choice, and without am or pm the
  /// sooner. A date without a time is the end of its office day, 17:00, or if that is past the end of the day.
  func moment(after start: Date, in zone: Zone) -> Date? {
    let place = place(in: zone)
    let moments = days(from: place.civilTime(at: start), step: 1).flatMap { day in
      clocks.compactMap { clock -> Date? in
        guard let civil = Self.civil(day, clock) else { return nil }
        let moment = place.moment(of: civil)
        guard clock == .endOfDay, moment <= start else { return moment }
        return Self.civil(day, Self.lastMinute).map(place.moment)
      }
    }
    // With its date given, a time before `start` is what was written, and stays.
    return moments.filter { $0 > start }.min() ?? (isFixed || clock == .endOfDay ? moments.min() : nil)
  }

  /// Where it holds. Many write EST in summer too: of a word for the account's own zone its clock is meant, whatever the season.
  private func place(in zone: Zone) -> Place {
    guard let named, let other = Zone(named.zone) else { return Place(zone: zone, offset: offset) }
    let standard = other.offset(at: Self.inWinter)
    if standard == zone.offset(at: Self.inWinter) { return Place(zone: zone) }
    return Place(zone: other, offset: named.isDaylight.map { standard + ($0 ? 3600 : 0) })
  }

  /// 2026-01-15
  private static let inWinter = Date(timeIntervalSince1970: 1_768_435_200)

  /// Whether it can be meant: on a clock and a calendar, and not ancient.
  var isPossible: Bool { isOnCalendar && !isAncient }

  /// Whether it is of a year before 2000, which only a broken clock writes.
  var isAncient: Bool {
    guard isOnCalendar, case .date(let year, _, _) = day else { return false }
    return year < 2000
  }

  /// Whether its parts are on a clock and a calendar: no 25:61, no 30 February, and no year 9999, whose last day is in the year
  /// 10000 elsewhere, and no time of ISO 8601.
  private var isOnCalendar: Bool {
    let day: CivilTime? =
      switch self.day {
      case .date(let year, let month, let day): year < 9999 ? CivilTime(year: year, month: month, day: day) : nil
      case .yearless(let month, let day): CivilTime(year: 2000, month: month, day: day)
      case .weekday, .relative, nil: Self.anyDay
      }
    return day != nil && (clock == nil || Self.anyDay.flatMap { Self.civil($0, clock ?? .endOfDay) } != nil)
  }

  // MARK: - Candidates

  /// Whether only one day is meant.
  private var isFixed: Bool {
    switch day {
    case .date, .relative: true
    case .yearless, .weekday, nil: false
    }
  }

  /// The days it can be, at midnight, from `today` on in steps of 1 or back in steps of -1.
  private func days(from today: CivilTime, step: Int) -> [CivilTime] {
    let midnight = CivilTime(secondsSince1970: today.daysSince1970 * 86_400)
    switch day {
    case .date(let year, let month, let day):
      return [CivilTime(year: year, month: month, day: day)].compactMap { $0 }
    case .relative(let count): return [midnight.adding(days: count)]
    case .weekday(let weekday):
      return (0...7).map { midnight.adding(days: $0 * step) }.filter { $0.weekday == weekday }
    // Eight years and the next always hold a 29 February.
    case .yearless(let month, let day):
      return (0...8).compactMap { CivilTime(year: today.year + $0 * step, month: month, day: day) }
    case nil: return clock == .endOfDay ? [midnight] : [midnight, midnight.adding(days: step)]
    }
  }

  private var clocks: [Clock] {
    guard case .time(let hour, let minute, let second, twelveHours: true) = clock else { return [clock ?? .endOfDay] }
    return [
      .time(hour: hour % 12, minute: minute, second: second, twelveHours: false),
      .time(hour: hour % 12 + 12, minute: minute, second: second, twelveHours: false),
    ]
  }

  private static let secondsAday = 86_400.0
  private static let anyDay = CivilTime(year: 2000, month: 1, day: 1)
  private static let endOfDayHour = 17
  private static let lastMinute = Clock.time(hour: 23, minute: 59, second: 0, twelveHours: false)

  private static func civil(_ day: CivilTime, _ clock: Clock) -> CivilTime? {
    switch clock {
    case .time(let hour, let minute, let second, _):
      CivilTime(year: day.year, month: day.month, day: day.day, hour: hour, minute: minute, second: second)
    case .endOfDay: CivilTime(year: day.year, month: day.month, day: day.day, hour: endOfDayHour)
    }
  }

}

/// Where a written time holds: the account's zone, or the offset that it states.
private struct Place {
  var zone: Zone
  var offset: Int?

  func moment(of civil: CivilTime) -> Date {
    guard let offset else { return zone.moment(of: civil) }
    return Date(timeIntervalSince1970: Double(civil.secondsSince1970 - offset))
  }

  func civilTime(at moment: Date) -> CivilTime {
    guard let offset else { return zone.civilTime(at: moment) }
    return CivilTime(secondsSince1970: Int(moment.timeIntervalSince1970.rounded(.down)) + offset)
  }
}
