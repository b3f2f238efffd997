import Foundation

/// docs/performance.md, of which a part is what was measured, and docs/performance.svg beside it.
struct PerformancePage {
  /// The folder with both.
  var folder: String
  var heading: [String]
  var findings: [Finding]

  private static let begin = "<!-- measured: made by make bench -->"
  private static let end = "<!-- end of what was measured -->"

  /// Puts the figures in the place of those that are there.
  func write() throws {
    let page = folder + "/performance.md"
    let text = try String(contentsOfFile: page, encoding: .utf8)
    guard let begin = text.range(of: Self.begin), let end = text.range(of: Self.end), begin.upperBound <= end.lowerBound
    else {
      throw CannotMeasure("\(page) has no place for the figures: it needs the lines \(Self.begin) and \(Self.end)")
    }
    let written = text[..<begin.upperBound] + "\n" + measured + text[end.lowerBound...]
    try Data(written.utf8).write(to: URL(fileURLWithPath: page))
    try Data(GoalChart(findings: findings).svg.utf8).write(to: URL(fileURLWithPath: folder + "/performance.svg"))
  }

  private var measured: String {
    var lines = heading.map { "- " + $0 } + ["", "| figure | measured | goal | | beside it, in the same run |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for finding in findings {
      let cells = [
        finding.figure, finding.measured, finding.goal?.text ?? "", finding.goal?.verdict ?? "", finding.beside,
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// How much of each goal is used, as bars: whatever stays left of the line is met.
struct GoalChart {
  var findings: [Finding]

  private static let row = 22
  private static let left = 380
  private static let width = 860
  /// Pixels for a goal that is used up.
  private static let whole = 320.0

  var svg: String {
    let shown = findings.compactMap { finding in finding.goal.map { (finding.figure, $0) } }
    let height = shown.count * Self.row + 50
    let bars = shown.enumerated().map { index, bar in Self.bar(bar.0, bar.1, y: 34 + index * Self.row) }
    let line = Double(Self.left) + Self.whole
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(height)" role="img" \
      font-family="system-ui, sans-serif" font-size="12">
      <title>How much of each goal is used</title>
      <style>
        text { fill: #1f2933; } .met { fill: #2f7d5b; } .missed { fill: #b3452c; } .goal { stroke: #1f2933; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e4e7eb; } .met { fill: #4cae85; } .missed { fill: #e07a5f; } .goal { stroke: #e4e7eb; }
        }
      </style>
      <text x="\(line)" y="16" text-anchor="middle">the goal</text>
      \(bars.joined(separator: "\n"))
      <line class="goal" x1="\(line)" y1="22" x2="\(line)" y2="\(height - 10)" stroke-dasharray="3 3"/>
      </svg>

      """
  }

  private static func bar(_ figure: String, _ goal: Finding.Goal, y: Int) -> String {
    let length = min(goal.use, 1.35) * whole
    let share = goal.use < 10 ? String(format: "%.0f %%", goal.use * 100) : "over 1000 %"
    return """
      <text x="\(left - 10)" y="\(y + 12)" text-anchor="end">\(escaped(figure))</text>
      <rect class="\(goal.isMet ? "met" : "missed")" x="\(left)" y="\(y + 2)" \
      width="\(String(format: "%.1f", max(length, 1)))" height="\(row - 8)" rx="2"/>
      <text x="\(String(format: "%.1f", Double(left) + length + 6))" y="\(y + 12)">\(share)</text>
      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
  }
}
