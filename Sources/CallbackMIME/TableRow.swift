/// Where the cells of a table's row stand in the text of a page.
///
/// A row whose cells hold a line each becomes what the daemon reads as a field or as a row of a table: its cells with tabs
/// between, empty ones included. Other rows make the page's layout, and their cells stand one after the other.
struct TableRow {
  private let start: Int
  private var cells: [Int] = []

  /// A row of more columns is a layout.
  private static let mostCells = 200

  init(at start: Int) { self.start = start }

  mutating func beginCell(at position: Int) { cells.append(position) }

  /// Puts the cells of the row, which ends where the text does, in the place of what stands there.
  func close(in text: inout [UInt8]) {
    let bounds = [start] + cells + [text.count]
    var parts = zip(bounds, bounds.dropFirst()).map { text[$0..<$1] }
    // What stands before the first cell is one where it is anything.
    if Self.trimmed(parts[0]).isEmpty { parts.removeFirst() }
    text.replaceSubrange(start..., with: Self.line(of: parts.map(Self.trimmed)) ?? Self.layout(of: parts))
  }

  /// Nil for a row that is no line of a table.
  private static func line(of cells: [ArraySlice<UInt8>]) -> [UInt8]? {
    let filled = cells.filter { !$0.isEmpty }
    guard let first = filled.first, filled.count > 1, cells.count <= mostCells,
      !cells.contains(where: { $0.contains(0x0A) }),
      // `To: Chen` is a field by itself, whatever stands beside it.
      !zip(first, first.dropFirst()).contains(where: { $0 == colon && $1 <= 0x20 })
    else { return nil }
    if first.last == colon { return Array(filled.joined(separator: [0x20])) }
    var line = Array(cells.joined(separator: [0x09]))
    while line.last == 0x09 { line.removeLast() }
    return line
  }

  private static func layout(of cells: [ArraySlice<UInt8>]) -> [UInt8] {
    var lines: [UInt8] = []
    for cell in cells {
      let content = cell.drop { $0 == 0x20 }
      if let last = lines.last, let next = content.first, last > 0x20, next > 0x20 { lines.append(0x20) }
      lines += content
    }
    return lines
  }

  private static func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var cell = cell.drop { $0 <= 0x20 }
    while let last = cell.last, last <= 0x20 { cell.removeLast() }
    return cell
  }

  private static let colon = UInt8(ascii: ":")
}
