import CallbackRules
import Foundation
import Testing

@testable import CallbackReports

@Suite("A report as text, table and page") struct FormTests {
  /// Names that would act wherever they are not made harmless.
  static let hostile = "=HYPERLINK(\"x\")<script>alert('1')</script>&|\u{1B}[31m\u{202E}\r\nX: y"

  private func full(by grouping: ReportQuery.Grouping? = .person) -> Report {
    var late = Callback(
      kind: .message, message: Message(takenAt: date(taken), account: "riverside"), recipient: "oncall",
      admittedAt: date(taken), dueAt: date(due))
    (late.id, late.owner, late.urgency) = (12, "rivera", .emergency)
    let open = Report.Now(open: 3, overdue: 2, unowned: 1, late: [Report.Late(late)])
    return report(
      [
        row { ($0.reachedAt, $0.closedAt, $0.attempts, $0.owner) = (taken + 720, taken + 720, 1, "rivera") },
        row {
          ($0.toldAt, $0.told) = (taken + 90, [.init(step: 0, person: "rivera"), .init(step: nil, person: "chen")])
        },
        row { ($0.closedAt, $0.isDeclined) = (due, true) },
      ], by: grouping, open: open, names: ["rivera": "Dr. Rivera", "chen": "Pat Moore", "oncall": "On call"])
  }

  @Test("The text has every figure, in lines that a terminal holds")
  func text() {
    let expected = """
      Riverside: how promises were kept
      Calls taken 2026-11-22 00:00 to 2026-11-25 00:00 (America/New_York), as it stood 2026-11-24 15:00

      3 calls were taken. 1 of 2 promises was kept: 50.0 %.

             1  kept: the patient was reached by the deadline
             1  broken
                 1  somebody had been told, nobody had acknowledged
                 0  of the broken were reached later
             1  no longer owed by the deadline
                 1  declined by the patient
             0  not due yet

      1 attempt: 2 callbacks without one, 1 with one, 0 with two, 0 with more
      0 callers rang again, 0 times

      CALLBACKS  MEDIAN    90TH   WORST  FROM THE CALL UNTIL
              3   1 min   1 min   1 min  the message was in
              1   1 min   1 min   1 min  somebody was told
              0       -       -       -  somebody acknowledged
              1  12 min  12 min  12 min  the patient was reached

      CALLBACKS  NOTICES        BY  TOLD
              1        1    step 1  Dr. Rivera
              1        1  fallback  Pat Moore

      TAKEN  KEPT  BROKEN    SHARE  MEDIAN    90TH  LATE NOW  PERSON
          2     0       1    0.0 %       -       -         1  On call
          1     1       0  100.0 %  12 min  12 min         0  Dr. Rivera

      Now: 3 open, 1 of them nobody's; 2 overdue
      CALLBACK    URGENCY  LATE BY    ACCOUNT  OWNER
            12  emergency      1 d  riverside  Dr. Rivera
      These are the worst 1.

      """
    #expect(full().text == expected)
  }

  @Test("A report of nothing says so in each form")
  func nothing() {
    let empty = report([], by: .account)
    #expect(empty.text.contains("0 calls were taken. No promise was kept or broken."))
    #expect(empty.csv.split(separator: "\r\n").count == 2)
    #expect(empty.html.contains("No call was taken.") && empty.html.contains("No promise was broken."))
  }

  @Test("The table has a row for all and one for each group, and as many cells in each")
  func table() {
    let rows = full().csv.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.map { $0[0] } == ["group", "all", "On call", "Dr. Rivera"])
    #expect(Set(rows.map(\.count)) == [36])
    func cell(_ name: String) -> Substring? { rows[0].firstIndex { $0 == name }.map { rows[1][$0] } }
    #expect(cell("taken") == "3" && cell("kept") == "1" && cell("kept_percent") == "50.0")
    #expect(cell("not_owned") == "1" && cell("declined") == "1" && cell("reached_median") == "720")
    #expect(cell("owned_median") == "")
  }

  @Test(
    "A cell that a spreadsheet would take for a formula begins with an apostrophe",
    arguments: [
      ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@x", "\"'@x\""), ("\t=1", "\"' =1\""),
      ("a=1", "a=1"),
      ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "a  b"), ("", ""),
    ])
  func cells(text: String, cell: String) {
    #expect(CSVRow.cell(text) == cell)
  }

  @Test("A hostile name shows in each form, and acts in none")
  func hostile() {
    let told = ReportRow.Told(step: 0, person: "x")
    let names = ["x": Self.hostile]
    let report = report([row { ($0.owner, $0.told) = ("x", [told]) }], by: .person, names: names)
    for line in report.text.split(separator: "\n") where line.contains("HYPERLINK") {
      #expect(line.contains("X: y") && !line.unicodeScalars.contains { $0.value < 32 || $0 == "\u{202E}" })
    }
    let rows = report.csv.split(separator: "\r\n")
    #expect(rows.count == 3 && rows[2].hasPrefix("\"'=HYPERLINK(\"\"x\"\")<script>"))
    let page = report.html
    #expect(!page.contains("<script") && !page.contains("\u{1B}") && !page.contains("\u{202E}"))
    #expect(page.contains("=HYPERLINK(&quot;x&quot;)&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;|"))
    #expect(unbalanced(page).isEmpty)
  }

  @Test("The page stands alone: no script, no address to fetch from, and its policy allows none")
  func alone() {
    for grouping in ReportQuery.Grouping.allCases {
      let page = full(by: grouping).html
      for word in ["<script", "http:", "https:", "src=", "@import", "url(", "onload"] { #expect(!page.contains(word)) }
      #expect(page.contains("default-src 'none'"))
      #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
      #expect(unbalanced(page).isEmpty)
    }
  }

  @Test("Each chart has its title and description, and its figures as a table")
  func accessible() {
    let page = full().html
    for id in ["days", "reach", "hours"] {
      #expect(page.contains("aria-labelledby=\"\(id)-title \(id)-desc\""))
      #expect(page.contains("<title id=\"\(id)-title\">") && page.contains("<desc id=\"\(id)-desc\">"))
    }
    #expect(page.ranges(of: "<summary>The figures</summary>").count == 3)
    #expect(page.ranges(of: "<table>").count == page.ranges(of: "<caption>").count)
  }

  @Test(
    "A long span goes by week, a longer one by month, and no call is lost by that",
    arguments: [(62, "day", 62), (63, "week", 9), (434, "week", 62), (435, "month", 15)])
  func spans(count: Int, unit: String, bars: Int) {
    let first = CivilTime(year: 2025, month: 1, day: 1).map(\.daysSince1970) ?? 0
    let days = (0..<count).map { offset in
      var day = Report.Day(date: CivilTime(secondsSince1970: (first + offset) * 86_400).dateText)
      (day.taken, day.kept, day.broken) = (3, 2, 1)
      return day
    }
    let chart = DayChart(days)
    #expect((chart.unit, chart.bars.count) == (unit, bars))
    #expect(chart.bars.reduce(0) { $0 + $1.taken } == 3 * count)
    #expect(chart.bars.allSatisfy { $0.kept == 2 * $0.broken && $0.rest == 0 })
    #expect(unbalanced(chart.svg.html).isEmpty)
  }

  @Test(
    "The axis ends where the highest bar still fits",
    arguments: [(0, 2), (2, 2), (3, 4), (7, 8), (9, 10), (11, 20), (61, 80), (1000, 1000)])
  func axis(most: Int, ceiling: Int) {
    #expect(DayChart.ceiling(of: most) == ceiling)
  }

  /// Tags that are not closed, or close nothing.
  private func unbalanced(_ page: String) -> [Substring] {
    let void: Set<Substring> = ["meta", "link", "br", "!DOCTYPE"]
    var open: [Substring] = []
    for tag in page.matches(of: /<(\/?)([!A-Za-z0-9]+)[^>]*?(\/?)>/).map(\.output) {
      if void.contains(tag.2) || !tag.3.isEmpty { continue }
      if tag.1.isEmpty {
        open.append(tag.2)
      } else if open.popLast() != tag.2 {
        return [tag.0]
      }
    }
    return open
  }
}
