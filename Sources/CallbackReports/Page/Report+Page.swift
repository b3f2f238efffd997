import Foundation

/// A report as one page: no script, no request, readable in print and on a phone, in light and dark.
extension Report {
  public var html: String { page.html }

  private var page: Markup {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <link rel="icon" href="data:,">
    <title>\(site): how promises were kept</title>
    <style>
    \(PageStyle.css)</style>
    </head>
    <body>
    <header>
    <h1>How promises were kept</h1>
    <p><strong>\(site)</strong><br>Calls taken \(spanText)</p>
    </header>
    <main>
    \(tiles)<div class="charts">
    \(dayCard)\(reachCard)\(hourCard)\(whyCard)</div>
    \(timesCard)\(groupCard)\(stepCard)\(lateCard)\(PageStyle.definitions)</main>
    <footer>Made \(local(madeAt)) by callbackd. No word of a patient is in it.</footer>
    </body>
    </html>

    """
  }

  func card(_ title: String, _ content: Markup) -> Markup {
    """
    <section>
    <h2>\(title)</h2>
    \(content)</section>

    """
  }

  private func figures(_ table: Markup) -> Markup {
    """
    <details>
    <summary>The figures</summary>
    \(table)</details>

    """
  }

  // MARK: - At a glance

  private var tiles: Markup {
    func tile(_ name: String, _ value: String, _ more: String, isBad: Bool = false) -> Markup {
      """
      <div\(isBad ? #" class="bad""# as Markup : "")><dt>\(name)</dt><dd>\(value)<small>\(more)</small></dd></div>

      """
    }
    let reached = total.times.reached
    return """
      <dl class="tiles">
      \(tile("Promises kept", ReportWords.share(total), "\(total.kept) of \(total.kept + total.broken)"))\
      \(tile("Broken", "\(total.broken)", "\(total.reachedLate) reached later", isBad: total.broken > 0))\
      \(tile("Calls taken", "\(total.taken)", "\(total.ended.total) no longer owed, \(total.pending) not due yet"))\
      \(tile("Half reached within", ReportWords.span(reached.median), "nine in ten: \(ReportWords.span(reached.ninetieth))"))\
      \(tile("Late now", "\(now.overdue)", "of \(now.open) open", isBad: now.overdue > 0))</dl>

      """
  }

  // MARK: - Charts

  private static let legend: Markup = """
    <p class="legend"><span class="kept">kept</span> <span class="broken">broken</span> <span class="rest">no longer owed, \
    or not due yet</span></p>

    """

  private var dayCard: Markup {
    let chart = DayChart(days)
    let rows = chart.bars.map { [$0.label, "\($0.taken)", "\($0.kept)", "\($0.broken)"] }
    let title = "Promises by \(chart.unit)"
    return card(
      title,
      chart.svg + Self.legend
        + figures(.table(title, [chart.unit.capitalized, "Taken", "Kept", "Broken"], rows)))
  }

  private var reachCard: Markup {
    let rows = reachTimes.enumerated().map { [ReportWords.range(ofReachTime: $0), "\($1.callbacks)"] }
    let title = "Time to reach the patient"
    return card(title, ReachChart(times: reachTimes).svg + figures(.table(title, ["Time", "Patients"], rows)))
  }

  private var hourCard: Markup {
    let chart = HourChart(hours: hours)
    let legend: Markup = """
      <p class="legend"><span class="kept">calls, the more the stronger</span> <span class="mark">a quarter or more of \
      them broken</span></p>

      """
    return card("When calls come in", chart.svg + legend + figures(chart.table))
  }

  private var whyCard: Markup {
    let title = "Broken promises: how far each had come"
    guard total.broken > 0 else { return card(title, "<p>No promise was broken.</p>\n") }
    let rows = ReportOutcome.Why.allCases.map { why -> Markup in
      let count = total.why[why]
      return """
        <tr><th scope="row">\(ReportWords.why(why))</th><td class="number">\(count)</td><td class="bar"><svg \
        viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="broken" width="\
        \(Double(count) / Double(total.broken) * 100)" height="12"/></svg></td></tr>

        """
    }
    return card(
      title,
      """
      <table><caption>\(title), when its deadline passed</caption>
      <thead><tr><th scope="col">When the deadline passed</th><th scope="col" class="number">Promises</th><td></td></tr></thead>
      <tbody>
      \(.joined(rows))</tbody></table>
      <p>\(total.reachedLate) of \(total.broken) were reached after it.</p>

      """)
  }
}
