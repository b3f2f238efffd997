/// Promises by the day on which calls were taken: bars of those kept, broken, and neither. Longer spans go by week or month.
struct DayChart {
  /// One bar: a day, a week or a month.
  struct Bar {
    /// Its first day.
    var label: String
    var taken: Int
    var kept: Int
    var broken: Int

    var rest: Int { taken - kept - broken }
  }

  let bars: [Bar]
  /// `day`, `week`, `month`.
  let unit: String

  private static let width = 480.0
  private static let height = 220.0
  private static let (left, right, top, bottom) = (34.0, 474.0, 10.0, 190.0)
  /// More bars are too thin to be told apart.
  private static let mostBars = 62

  init(_ days: [Report.Day]) {
    let (byDay, byWeek) = (days.count <= Self.mostBars, days.count <= Self.mostBars * 7)
    unit = byDay ? "day" : byWeek ? "week" : "month"
    var bars: [Bar] = []
    for (index, day) in days.enumerated() {
      let begins = byDay || (byWeek ? index % 7 == 0 : day.date.hasSuffix("-01") || index == 0)
      if begins { bars.append(Bar(label: day.date, taken: 0, kept: 0, broken: 0)) }
      bars[bars.count - 1].taken += day.taken
      bars[bars.count - 1].kept += day.kept
      bars[bars.count - 1].broken += day.broken
    }
    self.bars = bars
  }

  var most: Int { bars.reduce(0) { max($0, $1.taken) } }

  var svg: Markup {
    let ceiling = Self.ceiling(of: most)
    let step = (Self.right - Self.left) / Double(max(bars.count, 1))
    let drawn = bars.enumerated().map { index, bar in
      column(bar, x: Self.left + Double(index) * step, width: max(step * 0.8, 1), ceiling: ceiling)
    }
    return """
      <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-labelledby="days-title days-desc">
      <title id="days-title">Promises kept and broken by \(unit)</title>
      <desc id="days-desc">\(description)</desc>
      \(grid(ceiling))\(.joined(drawn))\(labels(step))</svg>

      """
  }

  private var description: String {
    let worst = bars.max { $0.broken < $1.broken }.flatMap { $0.broken > 0 ? $0 : nil }
    let end = worst.map { " Most were broken in the \(unit) of \($0.label): \($0.broken) of \($0.taken)." }
    return "A bar for each of \(ReportWords.count(bars.count, unit)), as high as calls were taken, at most \(most)."
      + (end ?? " None was broken.")
  }

  private func column(_ bar: Bar, x: Double, width: Double, ceiling: Int) -> Markup {
    var floor = Self.bottom
    var parts: [Markup] = []
    for (count, kind) in [(bar.kept, "kept"), (bar.broken, "broken"), (bar.rest, "rest")] where count > 0 {
      let height = Double(count) / Double(ceiling) * (Self.bottom - Self.top)
      floor -= height
      parts.append(
        #"<rect class="\#(kind)" x="\#(x)" y="\#(floor)" width="\#(width)" height="\#(height)"/>"#)
    }
    let words = "\(bar.label): \(bar.taken) taken, \(bar.kept) kept, \(bar.broken) broken"
    return "<g><title>\(words)</title>\(.joined(parts))</g>\n"
  }

  private func grid(_ ceiling: Int) -> Markup {
    .joined(
      [0, ceiling / 2, ceiling].map { count in
        let y = Self.bottom - Double(count) / Double(ceiling) * (Self.bottom - Self.top)
        return """
          <line class="grid" x1="\(Self.left)" x2="\(Self.right)" y1="\(y)" y2="\(y)"/>\
          <text class="end" x="\(Self.left - 5)" y="\(y + 4)">\(count)</text>

          """
      })
  }

  private func labels(_ step: Double) -> Markup {
    let every = max((bars.count + 4) / 5, 1)
    return .joined(
      stride(from: 0, to: bars.count, by: every).map { index in
        // The year is above all the charts; of months it is part of the name.
        let text = unit == "month" ? String(bars[index].label.prefix(7)) : String(bars[index].label.dropFirst(5))
        let x = Self.left + (Double(index) + 0.4) * step
        return
          #"<text class="\#(index == 0 ? "start" : "middle")" x="\#(index == 0 ? Self.left : x)" y="208">\#(text)</text>"#
      })
  }

  /// The next number that people can halve at sight: 2, 4, 6, 8, 10, 20, 40, …
  static func ceiling(of most: Int) -> Int {
    var magnitude = 1
    while true {
      for digit in [2, 4, 6, 8, 10] where digit * magnitude >= most { return digit * magnitude }
      magnitude *= 10
    }
  }
}
