/// When an office is open, by the week, with the days on which it is closed.
///
/// Read and checked with the configuration; `Policy.deadline` counts around the clock until it counts open time here.
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
}
