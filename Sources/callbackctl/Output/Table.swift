/// A table for people: as wide as it need be, or as the terminal is.
struct Table {
  struct Column {
    var title: String
    /// The narrowest it may be made; nil: it is cut last of all.
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
  /// A column is not made narrower than this, wherever it stands.
  private static let narrowest = 4

  /// The table with its heading, a line a row.
  ///
  /// - Parameter width: the terminal's columns; nil: nothing is cut. Where the narrowest columns don't fit, the last ones that
  ///   may be cut are left out, and at last the others are cut all the same, but for the first one.
  func rendered(width: Int?, colour: Bool) -> String {
    let layout = layout(width)
    let lines = [heading(layout, colour: colour)] + rows.indices.map { line($0, layout, colour: colour) }
    return lines.map { $0 + "\n" }.joined()
  }

  func heading(_ layout: Layout, colour: Bool) -> String {
    line(columns.map { Cell($0.title, style: .heading) }, layout, colour: colour)
  }

  /// The row of this index.
  func line(_ row: Int, _ layout: Layout, colour: Bool) -> String { line(rows[row], layout, colour: colour) }

  private func line(_ row: [Cell], _ layout: Layout, colour: Bool) -> String {
    var line = ""
    for (place, column) in layout.shown.enumerated() {
      let cell = row[column]
      let text = cell.text.cut(to: layout.widths[column])
      let blanks = String(repeating: " ", count: max(0, layout.widths[column] - text.columns))
      let styled = cell.style.applied(to: text, colour: colour)
      let isLast = place == layout.shown.count - 1
      line += columns[column].alignsRight ? blanks + styled : styled + (isLast ? "" : blanks)
      if !isLast { line += String(repeating: " ", count: Self.gap) }
    }
    return line
  }

  /// Which columns are shown, and how wide each is.
  struct Layout {
    var shown: [Int]
    var widths: [Int]
  }

  func layout(_ width: Int?) -> Layout {
    var shown = Array(columns.indices)
    let wanted = columns.indices.map { column in
      rows.reduce(columns[column].title.columns) { max($0, $1[column].text.columns) }
    }
    var widths = wanted
    guard let width else { return Layout(shown: shown, widths: widths) }
    func excess() -> Int { shown.reduce(Self.gap * (shown.count - 1) - width) { $0 + widths[$1] } }
    while excess() > 0 {
      let flexible = shown.filter { columns[$0].minimum != nil }
      let widest = flexible.filter { widths[$0] > (columns[$0].minimum ?? 0) }.max { widths[$0] < widths[$1] }
      if let widest {
        widths[widest] -= 1
      } else if let last = flexible.last {
        // The others share the room that it leaves.
        shown.removeAll { $0 == last }
        widths = wanted
      } else if let widest = shown.dropFirst().max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.narrowest {
        widths[widest] -= 1
      } else {
        break
      }
    }
    return Layout(shown: shown, widths: widths)
  }
}
