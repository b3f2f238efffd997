import CallbackRules
import Foundation

/// A report as plain text, for terminals and mails: at most 78 columns, but for long names, which stand last in their lines.
extension Report {
  public var text: String {
    let sections = [heading, promises, attempts, times, told, groupTable, open]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var heading: [String] {
    [
      "\(site.onOneLine): how promises were kept", "Calls taken \(spanText), as it stood \(local(madeAt))", "",
      "\(ReportWords.count(total.taken, "call")) \(total.taken == 1 ? "was" : "were") taken. \(summary)",
    ]
  }

  private var promises: [String] {
    guard total.taken > 0 else { return [] }
    func line(_ count: Int, _ words: String, deeper: Bool = false) -> String {
      "\(deeper ? "    " : "")\(count.aligned(to: 8))  \(words)"
    }
    var lines = [line(total.kept, "kept: the patient was reached by the deadline"), line(total.broken, "broken")]
    for why in ReportOutcome.Why.allCases where total.why[why] > 0 {
      lines.append(line(total.why[why], ReportWords.why(why), deeper: true))
    }
    if total.broken > 0 { lines.append(line(total.reachedLate, "of the broken were reached later", deeper: true)) }
    lines.append(line(total.ended.total, "no longer owed by the deadline"))
    for (words, count) in ReportWords.ends(total.ended) where count > 0 {
      lines.append(line(count, words, deeper: true))
    }
    lines.append(line(total.pending, "not due yet"))
    return lines
  }

  private var attempts: [String] {
    guard total.taken > 0 else { return [] }
    let tries = total.attempts
    var lines = [
      "\(ReportWords.count(tries.total, "attempt")): \(ReportWords.count(tries.none, "callback")) without one, "
        + "\(tries.one) with one, \(tries.two) with two, \(tries.more) with more",
      "\(ReportWords.count(total.repeatCalls.callbacks, "caller")) rang again, "
        + ReportWords.count(total.repeatCalls.calls, "time"),
    ]
    if total.unreadable > 0 { lines.append(ReportWords.count(total.unreadable, "message") + " could not be read") }
    if total.missing > 0 {
      lines.append(ReportWords.count(total.missing, "callback") + " for messages that did not come")
    }
    return lines
  }

  private var times: [String] {
    guard total.taken > 0 else { return [] }
    let rows = ReportWords.times(total.times).map { end, spread in
      [
        "\(spread.count)", ReportWords.span(spread.median), ReportWords.span(spread.ninetieth),
        ReportWords.span(spread.worst), end,
      ]
    }
    return TextTable.lines([["CALLBACKS", "MEDIAN", "90TH", "WORST", "FROM THE CALL UNTIL"]] + rows)
  }

  private var told: [String] {
    guard !steps.isEmpty else { return [] }
    let rows = steps.map { told in
      ["\(told.callbacks)", "\(told.notices)", title(of: told), name(told.person).onOneLine]
    }
    return TextTable.lines([["CALLBACKS", "NOTICES", "BY", "TOLD"]] + rows)
  }

  private var groupTable: [String] {
    guard let grouping, !groups.isEmpty else { return [] }
    let rows = groups.map { group in
      let figures = group.figures
      let reached = figures.times.reached
      return [
        "\(figures.taken)", "\(figures.kept)", "\(figures.broken)", ReportWords.share(figures),
        ReportWords.span(reached.median), ReportWords.span(reached.ninetieth), "\(figures.overdue)",
        title(of: group).onOneLine,
      ]
    }
    let column = ReportWords.title(of: grouping).uppercased()
    return TextTable.lines(
      [["TAKEN", "KEPT", "BROKEN", "SHARE", "MEDIAN", "90TH", "LATE NOW", column]] + rows)
  }

  private var open: [String] {
    var lines = ["Now: \(now.open) open, \(now.unowned) of them nobody's; \(now.overdue) overdue"]
    guard !now.late.isEmpty else { return lines }
    let rows = now.late.map { late in
      [
        "\(late.id)", late.urgency, ReportWords.span(max(0, Int(madeAt.timeIntervalSince(late.dueAt)))),
        late.account ?? "-",
        late.owner.map { name($0).onOneLine } ?? "nobody; for \(name(late.recipient).onOneLine)",
      ]
    }
    lines += TextTable.lines([["CALLBACK", "URGENCY", "LATE BY", "ACCOUNT", "OWNER"]] + rows)
    if now.overdue > now.late.count { lines.append("These are the worst \(now.late.count).") }
    return lines
  }
}

/// Columns that are aligned to the right, but for the last, which is as long as it is: no name moves anything.
enum TextTable {
  static func lines(_ rows: [[String]]) -> [String] {
    guard let columns = rows.first?.count else { return [] }
    let widths = (0..<columns).map { column in rows.reduce(0) { max($0, $1[column].unicodeScalars.count) } }
    return rows.map { row in
      let cells = (0..<columns - 1).map { row[$0].aligned(to: widths[$0]) }
      return (cells + [row[columns - 1]]).joined(separator: "  ")
    }
  }
}

extension String {
  fileprivate func aligned(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - unicodeScalars.count)) + self
  }

  /// Without anything that begins another line, moves a cursor, or turns the direction of writing.
  var onOneLine: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
      case .format, .privateUse, .surrogate, .unassigned: continue
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}

extension Int {
  fileprivate func aligned(to width: Int) -> String { "\(self)".aligned(to: width) }
}
