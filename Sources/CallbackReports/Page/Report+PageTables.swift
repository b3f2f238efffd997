import Foundation

/// The tables of the page.
extension Report {
  var timesCard: Markup {
    let rows = ReportWords.times(total.times).map { end, spread in
      [
        end, "\(spread.count)", ReportWords.span(spread.median), ReportWords.span(spread.ninetieth),
        ReportWords.span(spread.worst),
      ]
    }
    let tries = total.attempts
    return card(
      "From the call until …",
      .table(
        "Times from when the call was taken", ["Until", "Callbacks", "Median", "90th percentile", "Worst"], rows)
          + """
          <p>\(ReportWords.count(tries.total, "attempt")): \(ReportWords.count(tries.none, "callback")) without one, \
          \(tries.one) with one, \(tries.two) with two, \(tries.more) with more. \
          \(ReportWords.count(total.repeatCalls.callbacks, "caller")) rang again, \
          \(ReportWords.count(total.repeatCalls.calls, "time")).\(odd)</p>

          """)
  }

  private var odd: String {
    var text = ""
    if total.unreadable > 0 { text += " \(ReportWords.count(total.unreadable, "message")) could not be read." }
    if total.missing > 0 {
      text += " \(ReportWords.count(total.missing, "callback")) asked for messages that did not come."
    }
    return text
  }

  var groupCard: Markup {
    guard let grouping, !groups.isEmpty else { return "" }
    let rows = groups.map { group in
      let figures = group.figures
      return [
        title(of: group), "\(figures.taken)", "\(figures.kept)", "\(figures.broken)", ReportWords.share(figures),
        ReportWords.span(figures.times.reached.median), ReportWords.span(figures.times.reached.ninetieth),
        "\(figures.overdue)",
      ]
    }
    let name = ReportWords.title(of: grouping)
    return card(
      "By \(name)",
      .table(
        "Promises by \(name)",
        [name.capitalized, "Taken", "Kept", "Broken", "Share kept", "Median to reach", "90th", "Late now"], rows))
  }

  var stepCard: Markup {
    guard !steps.isEmpty else { return "" }
    let rows = steps.map { [title(of: $0), "\($0.callbacks)", "\($0.notices)", name($0.person)] }
    return card(
      "Whom steps told",
      .table("Whom steps told", ["By", "Callbacks", "Notices", "Told"], rows, wordsLast: true)
        + "<p>\(total.escalated) of \(ReportWords.count(total.taken, "callback")) went that far.</p>\n")
  }

  var lateCard: Markup {
    guard !now.late.isEmpty else { return "" }
    let rows = now.late.map { late in
      [
        "\(late.id)", late.urgency, ReportWords.span(max(0, Int(madeAt.timeIntervalSince(late.dueAt)))),
        late.account ?? "-", late.owner.map(name) ?? "nobody; for \(name(late.recipient))",
      ]
    }
    let more: Markup =
      now.overdue > now.late.count ? "<p>These are the worst \(now.late.count) of \(now.overdue).</p>\n" : ""
    return card(
      "Late now",
      .table("Late now", ["Callback", "Urgency", "Late by", "Account", "Owner"], rows, wordsLast: true) + more)
  }
}
