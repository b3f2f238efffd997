/// A date, a time of day, or both, as somebody wrote it: what it says, not yet which moment it is.
struct WrittenTime: Equatable {
  var day: Day?
  var clock: Clock?
  /// Seconds east of Greenwich, where it says so.
  var offset: Int?
  /// The zone that a word names, in the place of an offset.
  var named: NamedZone?
  /// It stands with day and month the other way round than the account writes them (the 23rd month).
  var otherOrder = false

  enum Day: Equatable {
    case date(year: Int, month: Int, day: Int)
    case yearless(month: Int, day: Int)
    /// 0 is Sunday.
    case weekday(Int)
    /// Days after today.
    case relative(Int)
  }

  enum Clock: Equatable {
    /// `twelveHours`: without am or pm, and possible as either.
    case time(hour: Int, minute: Int, second: Int, twelveHours: Bool)
    case endOfDay
  }

  /// A zone as North America says it: `EST`, `EDT`, `ET`.
  struct NamedZone: Equatable {
    /// Its name in the time zone database.
    var zone: String
    /// Nil where the word leaves that open.
    var isDaylight: Bool?
  }

  /// Reads a date and time, in any order of the two; nil if it is none, or holds anything else.
  ///
  /// - Parameter dayFirst: whether `03/04` is the third of April.
  init?(_ tokens: [TimeToken], dayFirst: Bool) {
    var parser = WrittenTimeParser(tokens, dayFirst: dayFirst)
    guard let read = parser.parse() else { return nil }
    self = read
  }

  init() {}
}

/// Reads the pieces of a written time from left to right.
private struct WrittenTimeParser {
  private let tokens: [TimeToken]
  private let dayFirst: Bool
  private var index = 0
  private var read = WrittenTime()

  init(_ tokens: [TimeToken], dayFirst: Bool) {
    self.tokens = tokens
    self.dayFirst = dayFirst
  }

  mutating func parse() -> WrittenTime? {
    while index < tokens.count {
      guard readDay() || readClock() || readOffset() || readLateYear() || skip() else { return nil }
    }
    return read.day == nil && read.clock == nil ? nil : read
  }

  // MARK: - Days

  private mutating func readDay() -> Bool {
    switch (read.day, token(0)) {
    case (nil, .word(let word)) where CalendarWords.relativeDays[word] != nil:
      return take(1, day: CalendarWords.relativeDays[word].map { .relative($0) })
    case (nil, .word(let word)) where CalendarWords.weekdays[word] != nil:
      return take(1, day: CalendarWords.weekdays[word].map { .weekday($0) })
    case (nil, .word), (.weekday, .word): return readMonthFirst()
    case (nil, .number), (.weekday, .number): return readNumbers() || readDayBeforeMonth()
    default: return false
    }
  }

  /// `2026-11-23`, `20261123`, `11/23/2026`, `23.11.26`, `11/23`; `20261123140530`, as HL7 has it.
  private mutating func readNumbers() -> Bool {
    guard case .number(let first, let digits) = token(0) else { return false }
    if digits == 8 { return take(1, day: .date(year: first / 10_000, month: first / 100 % 100, day: first % 100)) }
    if digits == 12 || digits == 14, read.clock == nil {
      let (minutes, second) = digits == 12 ? (first, 0) : (first / 100, first % 100)
      let day = minutes / 10_000
      read.clock = .time(hour: minutes / 100 % 100, minute: minutes % 100, second: second, twelveHours: false)
      return take(1, day: .date(year: day / 10_000, month: day / 100 % 100, day: day % 100))
    }
    guard case .mark(let mark) = token(1), "-/.".utf8.contains(mark),
      case .number(let second, digits: 1...2) = token(2)
    else { return false }
    if case .number(let third, let thirdDigits) = token(4), token(3) == .mark(mark) {
      if digits == 4, thirdDigits <= 2 { return take(5, day: .date(year: first, month: second, day: third)) }
      guard digits <= 2, thirdDigits == 2 || thirdDigits == 4 else { return false }
      let (month, day) = monthAndDay(first, second)
      return take(5, day: .date(year: thirdDigits == 2 ? 2000 + third : third, month: month, day: day))
    }
    guard digits <= 2, mark == UInt8(ascii: "/") else { return false }
    let (month, day) = monthAndDay(first, second)
    return take(3, day: .yearless(month: month, day: day))
  }

  /// In the account's order, unless only the other one is on the calendar.
  private mutating func monthAndDay(_ first: Int, _ second: Int) -> (Int, Int) {
    let (month, day) = dayFirst ? (second, first) : (first, second)
    guard month > 12, day <= 12 else { return (month, day) }
    read.otherOrder = true
    return (day, month)
  }

  /// `Nov 23, 2026`, `November 23rd`.
  private mutating func readMonthFirst() -> Bool {
    guard case .word(let name) = token(0), let month = CalendarWords.months[name] else { return false }
    var next = 1
    if token(next) == .mark(UInt8(ascii: ".")) { next += 1 }
    guard case .number(let day, digits: 1...2) = token(next) else { return false }
    return takeDay(month: month, day: day, yearAt: next + 1)
  }

  /// `23 Nov 2026`, `23-Nov-26`.
  private mutating func readDayBeforeMonth() -> Bool {
    guard case .number(let day, digits: 1...2) = token(0) else { return false }
    var next = afterOrdinal(1)
    if token(next) == .mark(UInt8(ascii: "-")) || token(next) == .mark(UInt8(ascii: ".")) { next += 1 }
    guard case .word(let name) = token(next), let month = CalendarWords.months[name] else { return false }
    return takeDay(month: month, day: day, yearAt: next + 1)
  }

  private mutating func takeDay(month: Int, day: Int, yearAt position: Int) -> Bool {
    var next = afterOrdinal(position)
    while case .mark(let mark) = token(next), ",.-".utf8.contains(mark) { next += 1 }
    // "Nov 23 2:05" and "Nov 23 1411": a time, not a year.
    if case .number(let year, let digits) = token(next), token(next + 1) != .mark(ASCII.colon) {
      if digits == 4, year >= 1900 { return take(next + 1, day: .date(year: year, month: month, day: day)) }
      if digits == 2, !isHalfOfDay(next + 1) {
        return take(next + 1, day: .date(year: 2000 + year, month: month, day: day))
      }
    }
    return take(next, day: .yearless(month: month, day: day))
  }

  private func afterOrdinal(_ position: Int) -> Int {
    guard case .word(let word) = token(position), ["st", "nd", "rd", "th"].contains(word) else { return position }
    return position + 1
  }

  // MARK: - Times of day

  private mutating func readClock() -> Bool {
    guard read.clock == nil else { return false }
    switch token(0) {
    case .word("noon"): return take(1, hour: 12)
    case .word("midnight"): return take(1, hour: 0)
    case .word(let word) where CalendarWords.endOfDay.contains(word): return takeEndOfDay(1)
    case .word("end"), .word("close"):
      let isEnd = token(1) == .word("of") && (token(2) == .word("day") || token(2) == .word("business"))
      return isEnd ? takeEndOfDay(3) : false
    case .number(let number, let digits): return readClock(number, digits: digits)
    default: return false
    }
  }

  private mutating func readClock(_ number: Int, digits: Int) -> Bool {
    if digits <= 2, token(1) == .mark(ASCII.colon), case .number(let minute, digits: 2) = token(2) {
      guard token(3) == .mark(ASCII.colon), case .number(let second, digits: 2) = token(4) else {
        return takeHalf(3, hour: number, minute: minute)
      }
      var next = 5
      if token(5) == .mark(UInt8(ascii: ".")), case .number = token(6) { next = 7 }
      return takeHalf(next, hour: number, minute: minute, second: second)
    }
    // "2.05 pm"; without that it may be a date.
    if digits <= 2, token(1) == .mark(UInt8(ascii: ".")), case .number(let minute, digits: 2) = token(2), isHalfOfDay(3)
    {
      return takeHalf(3, hour: number, minute: minute)
    }
    switch digits {
    case 1...2 where isHalfOfDay(1): return takeHalf(1, hour: number)
    // "1411", as hospitals write it; "140500" only where ISO 8601 has it.
    case 4: return take(1, hour: number / 100, minute: number % 100)
    case 6 where index > 0 && tokens[index - 1] == .word("t"):
      return take(1, hour: number / 10_000, minute: number / 100 % 100, second: number % 100)
    default: return false
    }
  }

  private func isHalfOfDay(_ position: Int) -> Bool {
    guard case .word(let word) = token(position) else { return false }
    return ["am", "pm", "a", "p"].contains(word)
  }

  /// Takes the time with `am`, `p.m.`, `p` after it, if there is one.
  private mutating func takeHalf(_ count: Int, hour: Int, minute: Int = 0, second: Int = 0) -> Bool {
    guard case .word(let word) = token(count), isHalfOfDay(count) else {
      let isoDate = index > 0 && tokens[index - 1] == .word("t")
      return take(count, hour: hour, minute: minute, second: second, twelveHours: hour <= 12 && !isoDate)
    }
    var next = count + 1
    if token(next) == .mark(UInt8(ascii: ".")), token(next + 1) == .word("m") { next += 2 }
    if token(next) == .mark(UInt8(ascii: ".")) { next += 1 }
    let afternoon = word.hasPrefix("p")
    switch hour {
    case 12: return take(next, hour: afternoon ? 12 : 0, minute: minute, second: second)
    case 1...11: return take(next, hour: afternoon ? hour + 12 : hour, minute: minute, second: second)
    // "14:05 PM" says the same thing twice.
    case 13...23 where afternoon: return take(next, hour: hour, minute: minute, second: second)
    default: return false
    }
  }

  // MARK: - Offsets and what may stand between

  /// `Z`, `UTC`, `+01:00`, `-0500`, `+01`, `EST`, after a time of day.
  private mutating func readOffset() -> Bool {
    guard read.clock != nil, read.offset == nil, read.named == nil else { return false }
    switch (token(0), token(1)) {
    case (.word(let word), _) where CalendarWords.zones[word] != nil:
      read.named = CalendarWords.zones[word]
      index += 1
      return true
    case (.word("z"), _), (.word("utc"), _), (.word("gmt"), _):
      read.offset = 0
      index += 1
      return true
    case (.mark(let sign), .number(let number, let digits)) where "+-".utf8.contains(sign):
      var (hours, minutes, count) = digits == 4 ? (number / 100, number % 100, 2) : (number, 0, 2)
      if digits == 2, token(2) == .mark(ASCII.colon), case .number(let more, digits: 2) = token(3) {
        (minutes, count) = (more, 4)
      }
      // No place is further from Greenwich than 14 hours.
      guard digits == 2 || digits == 4, hours <= 14, minutes <= 59 else { return false }
      read.offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
      index += count
      return true
    default: return false
    }
  }

  /// The year at the end of `Mon Nov 23 14:05:12 EST 2026`, as date(1) and ctime(3) write it.
  private mutating func readLateYear() -> Bool {
    guard case .yearless(let month, let day) = read.day, read.clock != nil, index == tokens.count - 1,
      case .number(let year, digits: 4) = token(0), year >= 1900
    else { return false }
    return take(1, day: .date(year: year, month: month, day: day))
  }

  private mutating func skip() -> Bool {
    switch token(0) {
    case .mark(let mark) where ",.@".utf8.contains(mark): break
    case .mark(UInt8(ascii: "-")) where read.day != nil && read.clock == nil: break
    case .word("t") where read.day != nil && read.clock == nil: break
    case .word(let word) where CalendarWords.fillers.contains(word): break
    default: return false
    }
    index += 1
    return true
  }

  // MARK: - The pieces

  private func token(_ ahead: Int) -> TimeToken? {
    index + ahead < tokens.count ? tokens[index + ahead] : nil
  }

  private mutating func take(_ count: Int, day: WrittenTime.Day?) -> Bool {
    read.day = day
    index += count
    return true
  }

  private mutating func take(
    _ count: Int, hour: Int, minute: Int = 0, second: Int = 0, twelveHours: Bool = false
  ) -> Bool {
    read.clock = .time(hour: hour, minute: minute, second: second, twelveHours: twelveHours)
    index += count
    return true
  }

  private mutating func takeEndOfDay(_ count: Int) -> Bool {
    read.clock = .endOfDay
    index += count
    return true
  }
}
