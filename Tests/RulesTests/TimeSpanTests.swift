import CallbackRules
import Testing

/// Lengths of time as an office writes them.
@Suite("Time spans")
struct TimeSpanTests {
  @Test(
    "spans are read",
    arguments: [
      ("90s", 0, 90), ("30m", 0, 1800), ("2h", 0, 7200), ("1d", 1, 0), ("1w", 7, 0), ("1h30m", 0, 5400),
      ("1w2d3h4m5s", 9, 11_045), ("0m", 0, 0), ("007m", 0, 420), ("36h", 0, 129_600), ("3660d", 3660, 0),
    ])
  func reads(text: String, days: Int, seconds: Int) {
    #expect(TimeSpan(text) == TimeSpan(days: days, seconds: seconds))
    #expect(TimeSpan(text)?.seconds == days * 86_400 + seconds)
  }

  @Test(
    "what is no span, or is longer than ten years, is refused",
    arguments: [
      "", "30", "m", "30 m", " 30m", "30m ", "-5m", "+5m", "1.5h", "30M", "30min", "h30", "30m15", "٣m", "3661d",
      "99999999999999999999s", "400000001s", "30m\n",
    ])
  func refuses(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test("a span written out is read back as it was", arguments: [0, 1, 59, 60, 3599, 3600, 5400, 86_399, 90_061])
  func roundTrip(seconds: Int) {
    for days in [0, 1, 9] {
      let span = TimeSpan(days: days, seconds: seconds)
      #expect(TimeSpan(span.description) == span)
    }
  }

  @Test("a span is written with its largest unit first")
  func writes() {
    #expect(TimeSpan(seconds: 5400).description == "1h30m")
    #expect(TimeSpan().description == "0s")
    #expect(TimeSpan(days: 2, seconds: 61).description == "2d1m1s")
  }
}
