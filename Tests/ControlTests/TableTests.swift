import CallbackControl
import CallbackRules
import Foundation
import Testing

@testable import callbackctl

@Suite struct TableTests {
  private func table(_ rows: [[String]]) -> Table {
    Table(
      columns: [
        .init(title: "NO", alignsRight: true), .init(title: "WHO", minimum: 5), .init(title: "WHAT", minimum: 5),
      ],
      rows: rows.map { $0.map { Table.Cell($0) } })
  }

  @Test("Columns stay aligned whatever the values hold")
  func aligned() {
    let text = table([
      ["1", "山田太郎", "one"], ["23", "Jose\u{301}\u{200B}", "two"], ["4", "a\nb\u{1B}[1m", "three"],
      ["5", "\u{202E}evil", "four"],
    ]).rendered(width: nil, colour: false)
    let expected = """
      NO  WHO       WHAT
       1  山田太郎  one
      23  Jose\u{301}      two
       4  a b�[1m   three
       5  evil      four

      """
    #expect(Array(text.unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test("Every line fits the width, numbers are never cut, and columns that don't fit are left out", arguments: 10...60)
  func fits(width: Int) {
    let long = String(repeating: "word ", count: 10)
    let lines = table([["123456", long, long], ["7", "山田太郎山田太郎", "x"]]).rendered(width: width, colour: false)
      .split(separator: "\n")
    #expect(lines.allSatisfy { String($0).columns <= width })
    #expect(lines[1].hasPrefix("123456"))
    #expect(lines.count == 3)
  }

  @Test("Colour surrounds words and changes no column")
  func colour() {
    let late = Table(columns: [.init(title: "A"), .init(title: "B")], rows: [[.init("x", style: .late), .init("y")]])
    #expect(
      late.rendered(width: nil, colour: true) == "\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m\n\u{1B}[1;31mx\u{1B}[0m  y\n"
    )
    #expect(late.rendered(width: nil, colour: false) == "A  B\nx  y\n")
  }

  @Test("A late callback says whom it is for, whom to ring and who rang within 80 columns")
  func callbacks() {
    let row = CallbackRow(sampleCallback(), now: sampleNow)
    let clock = WallClock(now: sampleNow, zone: .utc)
    let table = CallbackTable(rows: [row], names: ["oncall": "On call"], clock: clock).table(width: 80)
    let expected = """
      NO  DUE (UTC)           URGENCY  WHO          RING                  CALLER
      12  1 min late (19:03)  urgent   for On call  (555) 010-4477 ext 2  Ana Diaz

      """
    #expect(table.rendered(width: 80, colour: false) == expected)
  }
}

@Suite struct WallClockTests {
  private let clock = WallClock(now: sampleNow, zone: Zone("America/New_York") ?? .utc)

  @Test(
    "A deadline is told by its largest unit",
    arguments: [
      (0, "now"), (59, "now"), (60, "in 1 min"), (-720, "12 min late"), (5399, "in 89 min"), (-10_800, "3 h late"),
      (14_399, "in 4 h"), (200_000, "in 2 d"),
    ])
  func deadlines(seconds: Int, text: String) {
    #expect(clock.deadline(sampleNow.addingTimeInterval(Double(seconds))) == text)
  }

  @Test("A time today is the hour, this week the day too, else the date")
  func absolute() {
    #expect(clock.absolute(sampleNow) == "14:05")
    #expect(WallClock(now: sampleNow, zone: Zone("GMT") ?? .utc).absolute(sampleNow) == "19:05 UTC")
    #expect(clock.absolute(sampleNow.addingTimeInterval(86_400)) == "Tue 14:05")
    #expect(clock.absolute(sampleNow.addingTimeInterval(-7 * 86_400)) == "2026-11-16 14:05")
  }

  @Test(
    "A moment is a span back, or a local date",
    arguments: [
      ("90m", "2026-11-23T17:35:00Z"), ("7d", "2026-11-16T19:05:00Z"), ("2026-11-23", "2026-11-23T05:00:00Z"),
      ("2026-11-23 14:00", "2026-11-23T19:00:00Z"), ("2026-11-23T14:00", "2026-11-23T19:00:00Z"),
    ])
  func moments(text: String, expected: String) {
    #expect(clock.moment(text).map(\.timestamp) == expected)
  }

  @Test("Anything else is no moment", arguments: ["", "yesterday", "2026-13-01", "2026-1-1", "2026-11-23 25:00", "7"])
  func noMoment(text: String) {
    #expect(clock.moment(text) == nil)
  }
}
