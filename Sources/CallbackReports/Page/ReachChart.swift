/// How long it took until patients were reached: a bar for each range of times.
struct ReachChart {
  let times: [Report.ReachTime]

  private static let (left, right, row) = (118.0, 430.0, 24.0)

  var svg: Markup {
    let most = max(times.reduce(0) { max($0, $1.callbacks) }, 1)
    let rows = times.enumerated().map { index, time -> Markup in
      let y = Double(index) * Self.row
      let width = Double(time.callbacks) / Double(most) * (Self.right - Self.left)
      let label = ReportWords.range(ofReachTime: index)
      return """
        <g><title>\(label): \(ReportWords.count(time.callbacks, "patient"))</title>\
        <text class="end" x="\(Self.left - 8)" y="\(y + 17)">\(label)</text>\
        <rect class="kept" x="\(Self.left)" y="\(y + 4)" width="\(width)" height="\(Self.row - 8)"/>\
        <text class="start" x="\(Self.left + width + 6)" y="\(y + 17)">\(time.callbacks)</text></g>

        """
    }
    return """
      <svg viewBox="0 0 480 \(Double(times.count) * Self.row)" role="img" aria-labelledby="reach-title reach-desc">
      <title id="reach-title">Time from the call until the patient was reached</title>
      <desc id="reach-desc">\(description)</desc>
      \(.joined(rows))</svg>

      """
  }

  private var description: String {
    let all = times.reduce(0) { $0 + $1.callbacks }
    let most = times.indices.max { times[$0].callbacks < times[$1].callbacks }
    guard all > 0, let most else { return "No patient was reached." }
    return "A bar for each range of times, as long as patients were reached in it: \(all) in all. "
      + "Most took \(ReportWords.range(ofReachTime: most)): \(times[most].callbacks)."
  }
}
