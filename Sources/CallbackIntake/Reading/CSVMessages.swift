import CallbackRules

/// A table taken apart: a header with the names of fields, and a message in each row.
///
/// Each row stands alone. One whose quotes don't match, or with more cells than there are columns, is a message that can't be
/// understood, with whatever could be read. Rows without anything in them are none.
struct CSVMessages {
  /// The messages, in the order of their rows.
  private(set) var messages: [SplitMessage] = []

  private let text: [UInt8]
  private let header: CSVHeader
  private let limits: ReadingLimits
  /// The header's line, which is kept with each row where that is not too much for thousands of them.
  private let headerLine: [UInt8]
  /// A row had quotes that don't match, and since then none was whole: what follows may belong to it.
  private var isDoubtful = false

  private static let maximumHeaderKept = 1024

  init(_ decoded: DecodedText, _ header: CSVHeader, limits: ReadingLimits) {
    text = decoded.utf8
    self.header = header
    self.limits = limits
    headerLine = header.range.count <= Self.maximumHeaderKept ? text[header.range] + [ASCII.lineFeed] : []
    read()
  }

  private mutating func read() {
    let rows = CSVRows(
      of: text, separator: header.separator, columns: header.columns.count, from: header.range.lowerBound,
      line: header.line)
    for row in rows.dropFirst() {
      var cells = row.cells[...]
      while let last = cells.last, text.isBlank(last.range) { cells.removeLast() }
      guard !cells.isEmpty || row.mistake != nil else { continue }
      guard messages.count < limits.rows else {
        let problem = limits.problem(ofRowBeyondAt: row.line)
        return add(row.range.lowerBound..<text.count, line: row.line, fields: [], problems: [problem])
      }
      read(row, cells)
    }
  }

  private mutating func add(
    _ range: Range<Int>, line: Int, fields: [MessageField], freeText: String? = nil, problems: [String]
  ) {
    messages.append(
      SplitMessage(
        fields: fields, freeText: freeText, problems: problems, written: text[range],
        original: headerLine + text[range], form: .row(line: line)))
  }

  private mutating func read(_ row: CSVRows.Row, _ cells: ArraySlice<CSVRows.Cell>) {
    var fields: [MessageField] = []
    fields.reserveCapacity(cells.count)
    var problems = problems(of: row, cells)
    var unread = row.mistake
    for (number, cell) in cells.enumerated() where !text.isBlank(cell.range) {
      guard fields.count < limits.fields else {
        problems.append(limits.problem(ofFieldBeyondAt: cell.line, in: .row(line: row.line)))
        unread = cell.range.lowerBound
        break
      }
      let column = number < header.columns.count ? header.columns[number] : nil
      let field = MessageField(
        line: cell.line, name: column?.name ?? "column \(number + 1)", meaning: column?.meaning,
        value: text.value(of: cell, meaning: column?.meaning), placedBy: column?.placedBy)
      if let problem = field.problem(within: limits) { problems.append(problem) }
      fields.append(field)
    }
    let rest = unread.map { text.trimmedText($0..<row.range.upperBound) }
    add(row.range, line: row.line, fields: fields, freeText: rest, problems: problems)
  }

  // MARK: - What may be wrong with a row

  private mutating func problems(of row: CSVRows.Row, _ cells: ArraySlice<CSVRows.Cell>) -> [String] {
    if row.mistake != nil {
      isDoubtful = true
      return [mistake(in: row)]
    }
    let isShort = row.cells.count < header.columns.count
    if !isShort { isDoubtful = false }
    if cells.count > header.columns.count {
      return [
        "row at line \(row.line): it has \(cells.count) cells, but there are \(header.columns.count) columns; "
          + "put a cell with a separator in it into double quotes"
      ]
    }
    if isShort, isDoubtful {
      return [
        "row at line \(row.line): it has too few cells and may be part of the row above, whose quotes don't match"
      ]
    }
    return []
  }

  private func mistake(in row: CSVRows.Row) -> String {
    let number = row.cells.count
    let name = number < header.columns.count ? header.columns[number].name : "column \(number + 1)"
    return
      "line \(row.mistakeLine): a double quote is missing at the end of \(quoted(name)), or not doubled in it; "
      + "write \"\" for each quote in a quoted cell"
  }
}
