import Foundation

/// Counts in whole seconds; a fraction of a second is cut off, so that nothing comes later for it.
extension OfficeHours {
  /// How far is looked for open time. What takes longer to count would be a promise that nobody sees broken.
  private static let mostDays = 731

  /// The moment that lies `span` of open time after `start`; before it, where the span is negative.
  ///
  /// Days come first: the same time of day so many calendar days later, at the next opening where it is closed then (going
  /// back: at the closing before). Then hours and minutes count while it is open, to the end of an opening at most: 4 hours from
  /// 13:00 with `08:00-12:00` and `13:00-17:00` are over at 17:00. A span of nothing is `start` itself, be it open or closed.
  ///
  /// A time that a change of clocks skips is the moment of the change, a repeated one its first occurrence; what is counted are
  /// the seconds that pass. Where two years have too little open time for it, the span is counted around the clock instead.
  public func moment(_ span: TimeSpan, from start: Date, in zone: Zone) -> Date {
    guard span != TimeSpan() else { return start }
    var second: Int? = start.wholeSeconds
    if span.days != 0 {
      let there = zone.second(ofWall: zone.wall(atSecond: start.wholeSeconds) + span.days * 86_400)
      second = isOpen(there, in: zone) ? there : count(0, from: there, back: span.days < 0, in: zone)
    }
    if span.clockSeconds != 0 {
      second = second.flatMap { count(abs(span.clockSeconds), from: $0, back: span.clockSeconds < 0, in: zone) }
    }
    return second.map { Date(timeIntervalSince1970: Double($0)) } ?? start.addingTimeInterval(Double(span.seconds))
  }

  /// The first moment at or after `moment` at which it is open; `moment` itself where it does not open within two years.
  public func opening(atOrAfter moment: Date, in zone: Zone) -> Date {
    let second = moment.wholeSeconds
    guard !isOpen(second, in: zone), let opening = count(0, from: second, back: false, in: zone) else { return moment }
    return Date(timeIntervalSince1970: Double(opening))
  }

  /// The first moment after `moment` at which it is no longer open; nil where it is closed at `moment`, or open for two years.
  public func closing(after moment: Date, in zone: Zone) -> Date? {
    let start = moment.wholeSeconds
    var second = start
    for _ in 0..<Self.mostDays {
      let day = day(at: second, in: zone)
      // What touches the next opening goes on with it.
      guard
        let open = (day...day + 1).lazy.flatMap({ openTimes(onDay: $0, in: zone) }).first(where: { $0.contains(second) }
        )
      else { return second > start ? Date(timeIntervalSince1970: Double(second)) : nil }
      second = open.upperBound
    }
    return nil
  }

  /// Whether it is open at this moment; at the moment of closing it no longer is.
  public func isOpen(at moment: Date, in zone: Zone) -> Bool { isOpen(moment.wholeSeconds, in: zone) }

  private func isOpen(_ second: Int, in zone: Zone) -> Bool {
    let day = day(at: second, in: zone)
    // The day before is shown again where clocks are set back over midnight.
    return (day...day + 1).contains { openTimes(onDay: $0, in: zone).contains { $0.contains(second) } }
  }

  /// The second by which so many seconds were open; none lead to the next opening, or back to the closing before.
  private func count(_ seconds: Int, from start: Int, back: Bool, in zone: Zone) -> Int? {
    let day = day(at: start, in: zone)
    var (second, left) = (start, seconds)
    if back {
      let days = (day - Self.mostDays...day + 1).reversed()
      for open in days.lazy.flatMap({ openTimes(onDay: $0, in: zone).reversed() }) where open.lowerBound < second {
        second = min(second, open.upperBound)
        guard left > second - open.lowerBound else { return second - left }
        left -= second - open.lowerBound
      }
    } else {
      let days = day...day + Self.mostDays
      for open in days.lazy.flatMap({ openTimes(onDay: $0, in: zone) }) where open.upperBound > second {
        second = max(second, open.lowerBound)
        guard left > open.upperBound - second else { return second + left }
        left -= open.upperBound - second
      }
    }
    return nil
  }

  /// The seconds since 1970 during which it is open on this day (days since 1970), in their order and apart.
  private func openTimes(onDay day: Int, in zone: Zone) -> [Range<Int>] {
    openMinutes(onDay: day).compactMap { minutes in
      let opens = zone.second(ofWall: day * 86_400 + minutes.lowerBound * 60)
      let closes = zone.second(ofWall: day * 86_400 + minutes.upperBound * 60)
      // A change of clocks can skip all of it.
      return opens < closes ? opens..<closes : nil
    }
  }

  /// The minutes of this day at which it is open, with what is left of the day before's, in their order and apart.
  private func openMinutes(onDay day: Int) -> [Range<Int>] {
    guard !isClosed(onDay: day) else { return [] }
    let weekday = CivilTime.weekday(ofDay: day)
    var minutes: [Range<Int>] = []
    for span in spans where span.weekdays.contains(weekday) {
      minutes.append(span.opensMinute..<(span.isOverMidnight ? 1440 : span.closesMinute))
    }
    let before = CivilTime.weekday(ofDay: day - 1)
    for span in spans where span.isOverMidnight && span.weekdays.contains(before) && !isClosed(onDay: day - 1) {
      minutes.append(0..<span.closesMinute)
    }
    return Self.union(minutes)
  }

  /// The day that the clock on the wall shows, counted since 1970-01-01.
  private func day(at second: Int, in zone: Zone) -> Int {
    let wall = zone.wall(atSecond: second)
    return (wall - (wall % 86_400 + 86_400) % 86_400) / 86_400
  }

  private func isClosed(onDay day: Int) -> Bool { closedDays.contains { $0.daysSince1970 == day } }

  private static func union(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var apart: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = apart.last, range.lowerBound <= last.upperBound {
        apart[apart.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        apart.append(range)
      }
    }
    return apart
  }
}

extension OfficeHours.OpenSpan {
  fileprivate var isOverMidnight: Bool { closesMinute <= opensMinute }
}
