/// A length of time as an office writes it: `90s`, `30m`, `2h`, `1d`, `1w`, `1h30m`. A negative one leads back.
///
/// Days and weeks are kept apart from the rest, because a policy with office hours counts hours and minutes in open time,
/// but days on the calendar.
public struct TimeSpan: Sendable, Hashable {
  /// Calendar days; a week is seven.
  public var days: Int
  /// Hours, minutes and seconds, together in seconds.
  public var clockSeconds: Int

  public init(days: Int = 0, seconds: Int = 0) {
    self.days = days
    self.clockSeconds = seconds
  }

  /// The whole span in seconds, with days of 24 hours.
  public var seconds: Int { days * 86_400 + clockSeconds }

  /// The same span in the other direction.
  public static prefix func - (span: TimeSpan) -> TimeSpan {
    TimeSpan(days: -span.days, seconds: -span.clockSeconds)
  }

  /// Reads a span as it stands in the configuration; nil if it is not one, or is longer than ten years.
  ///
  /// - Parameter text: numbers each followed by one of `s m h d w`, without spaces: `1h30m`.
  public init?(_ text: some StringProtocol) {
    var days = 0
    var seconds = 0
    var number: Int?
    for character in text {
      if let digit = character.wholeNumberValue, character.isASCII {
        let longer = (number ?? 0) * 10 + digit
        guard longer <= 400_000_000 else { return nil }
        number = longer
        continue
      }
      guard let count = number else { return nil }
      switch character {
      case "s": seconds += count
      case "m": seconds += count * 60
      case "h": seconds += count * 3600
      case "d": days += count
      case "w": days += count * 7
      default: return nil
      }
      number = nil
    }
    guard number == nil, !text.isEmpty else { return nil }
    self.init(days: days, seconds: seconds)
    guard self.seconds <= 3660 * 86_400 else { return nil }
  }
}

extension TimeSpan: CustomStringConvertible {
  /// The span as the configuration would write it, largest unit first: `1h30m`.
  public var description: String {
    var text = days > 0 ? "\(days)d" : ""
    let (hours, minutes) = (clockSeconds / 3600, clockSeconds / 60 % 60)
    if hours > 0 { text += "\(hours)h" }
    if minutes > 0 { text += "\(minutes)m" }
    if clockSeconds % 60 > 0 || text.isEmpty { text += "\(clockSeconds % 60)s" }
    return text
  }
}
