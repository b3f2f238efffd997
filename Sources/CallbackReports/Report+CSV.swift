import CallbackRules
import Foundation

/// A report as a table for spreadsheets (RFC 4180): a header, a row for all, then one for each group.
extension Report {
  public var csv: String {
    let rows = [("all", total)] + groups.map { (title(of: $0), $0.figures) }
    return ([Self.header] + rows.map(cells)).map(CSVRow.line).joined()
  }

  private static let header = [
    "group", "since", "until", "taken", "kept", "broken", "kept_percent", "came_in_late", "not_told", "not_owned",
    "not_tried", "not_reached", "reached_late", "declined", "withdrawn", "closed", "pending", "open", "overdue",
    "unreadable", "missing", "escalated", "attempts", "repeat_calls", "in_median", "in_90", "in_worst", "told_median",
    "told_90", "told_worst", "owned_median", "owned_90", "owned_worst", "reached_median", "reached_90", "reached_worst",
  ]

  private func cells(_ name: String, _ figures: Figures) -> [String] {
    let counts = [
      figures.why.cameInLate, figures.why.notTold, figures.why.notOwned, figures.why.notTried, figures.why.notReached,
      figures.reachedLate, figures.ended.declined, figures.ended.withdrawn, figures.ended.closed, figures.pending,
      figures.open, figures.overdue, figures.unreadable, figures.missing, figures.escalated, figures.attempts.total,
      figures.repeatCalls.calls,
    ]
    let share = figures.keptPerMille.map { "\($0 / 10).\($0 % 10)" } ?? ""
    let times = [figures.times.cameIn, figures.times.told, figures.times.owned, figures.times.reached].flatMap {
      [$0.median, $0.ninetieth, $0.worst].map { $0.map(String.init) ?? "" }
    }
    return [
      name, since.timestamp, until.timestamp, "\(figures.taken)", "\(figures.kept)", "\(figures.broken)", share,
    ] + counts.map(String.init) + times
  }
}

/// One line of a table for spreadsheets.
enum CSVRow {
  static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  /// A text in quotes where it has to be. One that a spreadsheet would take for a formula gets an apostrophe before it
  /// (OWASP, "CSV Injection").
  static func cell(_ text: String) -> String {
    var text = text.onOneLine
    if let first = text.drop(while: { $0 == " " }).first, "=+-@".contains(first) { text = "'" + text }
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == ";" || $0 == "'" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
