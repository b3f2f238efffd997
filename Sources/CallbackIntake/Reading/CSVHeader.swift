import CallbackRules

/// The names of a table's columns, in its first row.
struct CSVHeader {
  var separator: UInt8
  var columns: [Column]
  /// Where it stands in the text, without its end.
  var range: Range<Int>
  var line: Int

  struct Column {
    var name: String
    var meaning: FieldName?
    var placedBy: Placement?
  }

  private static let separators = [ASCII.comma, UInt8(ascii: ";"), ASCII.tab]

  /// The header of a table, if the text begins with one: most names are known, and there are three of them, or two above a
  /// row that is separated too. A sentence may begin with as many.
  init?(of text: [UInt8], layout: MessageLayout) {
    var lines = Lines(of: text)
    guard var first = lines.next() else { return nil }
    while text.isBlank(first.range), let next = lines.next() { first = next }
    // As Excel writes it above a table.
    let declared = text[first.range]
    if declared.count == 5, declared.dropLast().map(ASCII.lowercased) == Array("sep=".utf8), let next = lines.next() {
      first = next
    }
    let found = Self.separators.compactMap { separator -> (header: CSVHeader, known: Int)? in
      guard text[first.range].contains(separator) else { return nil }
      return Self.read(text, separator, from: first, layout)
    }
    // The first of equals: `max` gives the last.
    guard let best = found.reversed().max(by: { $0.known < $1.known }) else { return nil }
    self = best.header
  }

  private init(_ separator: UInt8, _ columns: [Column], _ row: CSVRows.Row) {
    (self.separator, self.columns, range, line) = (separator, columns, row.range, row.line)
  }

  private static func read(
    _ text: [UInt8], _ separator: UInt8, from first: Lines.Line, _ layout: MessageLayout
  ) -> (header: CSVHeader, known: Int)? {
    var rows = CSVRows(
      of: text, separator: separator, columns: 0, from: first.range.lowerBound, line: first.number)
    guard let row = rows.next(), row.mistake == nil else { return nil }
    let columns = row.cells.enumerated().map { number, cell in
      let name = Array(text.value(of: cell, meaning: .caller).utf8)
      let use = layout.use(of: name[...])
      return Column(
        name: name.isEmpty ? "column \(number + 1)" : FieldName.written(name), meaning: use?.use.meaning,
        placedBy: use?.by)
    }
    let named = row.cells.count { !text.isBlank($0.range) }
    let known = columns.count { $0.meaning != nil }
    guard known * 2 > named, named >= 2 else { return nil }
    if named == 2 {
      guard known == 2, let next = rows.next(), next.cells.count > 1 || next.mistake != nil else { return nil }
    }
    return (CSVHeader(separator, columns, row), known)
  }
}
