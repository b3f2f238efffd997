/// When calls come in: a field for each hour of the week, the stronger the more, with a mark where many promises were broken.
struct HourChart {
  let hours: [Report.Hour]

  private static let (left, top, side) = (42.0, 4.0, 18.0)

  var svg: Markup {
    let most = max(hours.reduce(0) { max($0, $1.taken) }, 1)
    let days = ReportWords.weekdays.enumerated().map { index, name -> Markup in
      #"<text class="end" x="\#(Self.left - 6)" y="\#(Self.top + Double(index) * Self.side + 13.5)">\#(name)</text>"#
    }
    let clock = [0, 6, 12, 18].map { hour -> Markup in
      #"<text class="start" x="\#(Self.left + Double(hour) * Self.side)" y="146">\#(hour):00</text>"#
    }
    return """
      <svg viewBox="0 0 480 152" role="img" aria-labelledby="hours-title hours-desc">
      <title id="hours-title">Calls by hour of the week</title>
      <desc id="hours-desc">\(description)</desc>
      \(.joined(days))\(.joined(clock))
      \(.joined(hours.map { field($0, most: most) }))</svg>

      """
  }

  private func field(_ hour: Report.Hour, most: Int) -> Markup {
    let x = Self.left + Double(hour.hour) * Self.side
    let y = Self.top + Double(hour.weekday - 1) * Self.side
    let words =
      "\(ReportWords.weekdays[hour.weekday - 1]) \(hour.hour):00: "
      + "\(hour.taken) taken, \(hour.kept) kept, \(hour.broken) broken"
    // Even one call is to be seen. Hundredths, since `Markup` writes tenths of lengths.
    let strength = hour.taken > 0 ? max(hour.taken * 100 / most, 12) : 0
    let call: Markup =
      hour.taken > 0
      ? #"<rect class="kept" fill-opacity="\#(strength)%" x="\#(x)" y="\#(y)" width="17" height="17" rx="2"/>"# : ""
    let mark: Markup =
      hour.broken > 0 && hour.broken * 4 >= hour.taken
      ? #"<circle class="mark" cx="\#(x + 8.5)" cy="\#(y + 8.5)" r="4"/>"# : ""
    return """
      <g><title>\(words)</title><rect class="empty" x="\(x)" y="\(y)" width="17" height="17" rx="2"/>\(call)\(mark)</g>

      """
  }

  private var description: String {
    guard let most = hours.max(by: { $0.taken < $1.taken }), most.taken > 0 else { return "No call was taken." }
    let worst = hours.max { $0.broken < $1.broken }.flatMap { $0.broken > 0 ? $0 : nil }
    func when(_ hour: Report.Hour) -> String { "\(ReportWords.weekdays[hour.weekday - 1]) at \(hour.hour):00" }
    return "A field for each hour of each day of the week. Most calls were taken on \(when(most)): \(most.taken). "
      + (worst.map { "Most promises were broken of those on \(when($0)): \($0.broken)." } ?? "No promise was broken.")
  }

  /// The hours in which calls were taken.
  var table: Markup {
    .table(
      "Calls by hour of the week", ["Hour", "Taken", "Kept", "Broken"],
      hours.filter { $0.taken > 0 }.map {
        ["\(ReportWords.weekdays[$0.weekday - 1]) \($0.hour):00", "\($0.taken)", "\($0.kept)", "\($0.broken)"]
      })
  }
}
