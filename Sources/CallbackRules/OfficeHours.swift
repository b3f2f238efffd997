import Foundation

/// When an office is open, by the week, with the days on which it is closed.
///
/// Its weekdays and minutes are those of the account's clock on the wall. Spans that overlap or touch are one. One over midnight
/// belongs to the weekday on which it opens: a closed day leaves it out, and where the day after is closed, it ends at midnight.
public struct OfficeHours: Sendable, Equatable {
  public var name: String
  public var spans: [OpenSpan]
  /// Days on which it is closed all day, at 00:00.
  public var closedDays: [CivilTime]

  /// One opening: `Mon-Fri 08:00-12:00`.
  public struct OpenSpan: Sendable, Equatable {
    /// 0 is Sunday, 6 is Saturday.
    public var weekdays: Set<Int>
    /// Minutes after midnight at which it opens.
    public var opensMinute: Int
    /// Minutes after midnight at which it closes; not later than `opensMinute` means on the next day.
    public var closesMinute: Int

    public init(weekdays: Set<Int>, opensMinute: Int, closesMinute: Int) {
      precondition(
        (0..<1440).contains(opensMinute) && (0...1440).contains(closesMinute), "an opening's minutes are those of a day"
      )
      self.weekdays = weekdays
      self.opensMinute = opensMinute
      self.closesMinute = closesMinute
    }
  }

  public init(name: String, spans: [OpenSpan], closedDays: [CivilTime] = []) {
    self.name = name
    self.spans = spans
    self.closedDays = closedDays
  }
}
