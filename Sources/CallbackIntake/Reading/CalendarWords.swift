/// The words of dates and times, in lower case.
enum CalendarWords {
  /// 1 is January.
  static let months = numbered(
    from: 1,
    [
      ["jan", "january"], ["feb", "february"], ["mar", "march"], ["apr", "april"], ["may"], ["jun", "june"],
      ["jul", "july"], ["aug", "august"], ["sep", "sept", "september"], ["oct", "october"], ["nov", "november"],
      ["dec", "december"],
    ])

  /// 0 is Sunday.
  static let weekdays = numbered(
    from: 0,
    [
      ["sun", "sunday"], ["mon", "monday"], ["tue", "tues", "tuesday"], ["wed", "wednesday"],
      ["thu", "thur", "thurs", "thursday"], ["fri", "friday"], ["sat", "saturday"],
    ])

  /// Days after today.
  static let relativeDays = ["yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1]

  /// Words between the parts of a time that change nothing.
  static let fillers: Set<String> = ["at", "on", "by", "before", "until", "till", "the", "within", "in"]

  static let endOfDay: Set<String> = ["eod", "cob"]

  /// What people write behind a time of day. What may mean other places too (`IST`) is left out.
  static let zones: [String: WrittenTime.NamedZone] = {
    let zones = [
      "e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles",
      "ak": "America/Anchorage", "a": "America/Halifax", "h": "Pacific/Honolulu",
    ]
    let words = zones.flatMap { letters, zone in
      [("st", false), ("dt", true)].map { (letters + $0, WrittenTime.NamedZone(zone: zone, isDaylight: $1)) }
        // Not "at", which stands between day and time.
        + (letters == "a" ? [] : [(letters + "t", WrittenTime.NamedZone(zone: zone, isDaylight: nil))])
    }
    return Dictionary(uniqueKeysWithValues: words)
  }()

  enum Unit {
    case days(Int)
    case seconds(Int)
  }

  static let units: [String: Unit] = {
    let words: [([String], Unit)] = [
      (["s", "sec", "secs", "second", "seconds"], .seconds(1)),
      (["m", "min", "mins", "minute", "minutes"], .seconds(60)),
      (["h", "hr", "hrs", "hour", "hours"], .seconds(3600)),
      (["d", "day", "days"], .days(1)),
      (["w", "wk", "wks", "week", "weeks"], .days(7)),
    ]
    return Dictionary(uniqueKeysWithValues: words.flatMap { words, unit in words.map { ($0, unit) } })
  }()

  private static func numbered(from first: Int, _ words: [[String]]) -> [String: Int] {
    let pairs = words.enumerated().flatMap { index, words in words.map { ($0, first + index) } }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}
