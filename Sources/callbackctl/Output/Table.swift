/// A table for people: as wide as it need be, or as the terminal is.
struct Table {
  struct Column {
    var title: String
    /// The narrowest it may be made; nil: it is never cut.
    var minimum: Int?
    var alignsRight = false
  }

  struct Cell {
    var text: String
    var style: Style

    /// - Parameter text: as it came; it is made harmless.
    init(_ text: String, style: Style = .plain) {
      self.text = text.harmless
      self.style = style
    }
  }

  var columns: [Column]
  /// Each as long as `columns`.
  var rows: [[Cell]]

  private static let gap = 2

  /// The table with its heading, a line a row.
  ///
  /// - Parameter width: the terminal's columns; nil: nothing is cut. Where the narrowest columns don't fit, the last ones that
  ///   may be cut are left out; what may not be cut is then longer than the terminal.
  func rendered(width: Int?, colour: Bool) -> String {
    let (shown, widths) = layout(width)
    let heading = columns.map { Cell($0.title, style: .heading) }
    return ([heading] + rows).map { row in
      var line = ""
      for (place, column) in shown.enumerated() {
        let cell = row[column]
        let text = cell.text.cut(to: widths[column])
        let blanks = String(repeating: " ", count: max(0, widths[column] - text.columns))
        let styled = cell.style.applied(to: text, colour: colour)
        let isLast = place == shown.count - 1
        line += columns[column].alignsRight ? blanks + styled : styled + (isLast ? "" : blanks)
        if !isLast { line += String(repeating: " ", count: Self.gap) }
      }
      return line + "\n"
    }.joined()
  }

  /// Which columns are shown, and how wide each is.
  private func layout(_ width: Int?) -> (shown: [Int], widths: [Int]) {
    var shown = Array(columns.indices)
    let wanted = columns.indices.map { column in
      rows.reduce(columns[column].title.columns) { max($0, $1[column].text.columns) }
    }
    var widths = wanted
    guard let width else { return (shown, widths) }
    func excess() -> Int { shown.reduce(Self.gap * (shown.count - 1) - width) { $0 + widths[$1] } }
    while excess() > 0 {
      let flexible = shown.filter { columns[$0].minimum != nil }
      guard let last = flexible.last else { break }
      let widest = flexible.filter { widths[$0] > (columns[$0].minimum ?? 0) }.max { widths[$0] < widths[$1] }
      if let widest {
        widths[widest] -= 1
      } else {
        // The others share the room that it leaves.
        shown.removeAll { $0 == last }
        widths = wanted
      }
    }
    return (shown, widths)
  }
}
