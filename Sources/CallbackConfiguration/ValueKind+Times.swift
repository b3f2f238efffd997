import CallbackRules

extension ValueKind where Value == TimeSpan {
  /// A span within bounds.
  static func span(_ least: TimeSpan, to most: TimeSpan) -> ValueKind {
    .text("a span", write: "a whole number and its unit (s, m, h, d, w), such as \"30m\" or \"1h30m\"") {
      text throws(Wrong) in
      guard let span = TimeSpan(text) else { return nil }
      guard span.seconds >= least.seconds else {
        throw Wrong("\(quoted(text)) is too short", write: "at least \"\(least)\"")
      }
      guard span.seconds <= most.seconds else {
        throw Wrong("\(quoted(text)) is too long", write: "at most \"\(most)\"")
      }
      return span
    }
  }
}

extension TimeSpan {
  static let zero = TimeSpan()
  static let second = TimeSpan(seconds: 1)
  static func minutes(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 60) }
  static func hours(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 3600) }
  static func days(_ count: Int) -> TimeSpan { TimeSpan(days: count) }
}

extension ValueKind where Value == CivilTime {
  /// A day: `"2026-11-26"`, or a TOML date.
  static var day: ValueKind {
    ValueKind(write: "a day that exists, such as \"2026-11-26\"") { value throws(Wrong) in
      switch value {
      case .date(let day): return day
      case .string(let text):
        if let day = CivilTime(day: text) { return day }
        throw Wrong("\(quoted(text)) is not a day")
      default: throw Wrong(value, isNot: "a day")
      }
    }
  }

  /// A day and a time of the site's clock: `"2026-11-26 08:00"`, or a TOML local time.
  static var dayAndTime: ValueKind {
    ValueKind(write: "a day and a time on the site's clock, such as \"2026-11-26 08:00\"") { value throws(Wrong) in
      switch value {
      case .dateTime(let time): return time
      case .string(let text):
        if let time = CivilTime(dayAndTime: text) { return time }
        throw Wrong("\(quoted(text)) is not a day and a time")
      default: throw Wrong(value, isNot: "a day and a time")
      }
    }
  }
}

extension CivilTime {
  /// Reads `2026-11-26`.
  fileprivate init?(day text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let numbers = wholeNumbers(parts) else { return nil }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2])
  }

  /// Reads `2026-11-26 08:00`, with a `T` between and with seconds too.
  fileprivate init?(dayAndTime text: String) {
    let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard halves.count == 2, let day = CivilTime(day: halves[0]) else { return nil }
    let parts = halves[1].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 }), let numbers = wholeNumbers(parts)
    else { return nil }
    self.init(
      year: day.year, month: day.month, day: day.day,
      hour: numbers[0], minute: numbers[1], second: numbers.count == 3 ? numbers[2] : 0)
  }
}

extension ValueKind where Value == OfficeHours.OpenSpan {
  /// `Mon-Fri 08:00-12:00`, `Sat,Sun 09:00-12:00`, or `22:00-06:00` for every day.
  static var openSpan: ValueKind {
    .text("a time of opening", write: "days and hours, such as \"Mon-Fri 08:00-12:00\" or \"Sat 22:00-06:00\"") {
      text throws(Wrong) in
      let words = text.split(separator: " ")
      guard let hours = words.last, words.count <= 2 else { return nil }
      guard let weekdays = words.count == 2 ? Weekdays.read(words[0]) : Set(0...6) else { return nil }
      let ends = hours.split(separator: "-", omittingEmptySubsequences: false).map(minuteOfDay)
      guard ends.count == 2, let opens = ends[0], let closes = ends[1], opens < 1440 else { return nil }
      guard opens != closes else {
        throw Wrong("\(quoted(text)) opens and closes at the same time", write: "\"00:00-24:00\" for the whole day")
      }
      return OfficeHours.OpenSpan(weekdays: weekdays, opensMinute: opens, closesMinute: closes)
    }
  }

  /// `22:00-06:00`: hours without days.
  static var dailySpan: ValueKind {
    .text("hours of the day", write: "from when until when, such as \"22:00-06:00\"") { text throws(Wrong) in
      text.contains(" ") ? nil : try openSpan.read(.string(text))
    }
  }
}

private enum Weekdays {
  static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// Reads `Mon-Fri`, `Sat`, `Mon,Wed-Fri`; a range may go over the weekend.
  static func read(_ text: Substring) -> Set<Int>? {
    var days: Set<Int> = []
    for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { names.firstIndex(of: String($0)) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
      days.formUnion((0...(last - first + 7) % 7).map { (first + $0) % 7 })
    }
    return days
  }
}

/// Reads `08:00`; `24:00` is the end of the day.
private func minuteOfDay(_ text: Substring) -> Int? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
    let numbers = wholeNumbers(parts), numbers[1] < 60
  else { return nil }
  let minute = numbers[0] * 60 + numbers[1]
  return minute <= 1440 ? minute : nil
}

/// Reads numbers that consist of digits alone (`Int` takes a sign too); nil if one does not.
private func wholeNumbers(_ parts: [some StringProtocol]) -> [Int]? {
  let numbers = parts.compactMap { part in
    part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
  }
  return numbers.count == parts.count ? numbers : nil
}
