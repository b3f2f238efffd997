import CallbackRules

/// The rows of a table of separated values (RFC 4180), ended by LF, CRLF or CR.
///
/// A row whose quotes don't match ends with the line on which the cell with the mistake begins, so that a quote that is not
/// closed costs one row. So does one that is closed by another row's quote: its row is too short, and another seems to stand
/// in it.
///
/// The time is in step with the length: what is skipped in search of a closing quote holds only doubled ones, so no cell in
/// there begins with a search of its own; and where a row was found in another, quotes must be closed on their line.
struct CSVRows: IteratorProtocol, Sequence {
  struct Row {
    /// Where it begins; counts from 1.
    var line: Int
    /// Where it stands in the text, without its end.
    var range: Range<Int>
    var cells: [Cell] = []
    /// Where the cell begins whose quotes don't match.
    var mistake: Int?
    /// On which line that is.
    var mistakeLine = 0
  }

  struct Cell {
    /// On which line it begins.
    var line: Int
    /// Without the quotes around it.
    var range: Range<Int>
    var hasQuotes = false
    var hasLineBreak = false
  }

  private let text: [UInt8]
  private let separator: UInt8
  private let columns: Int
  private var position: Int
  private var line: Int
  private var cellsOfLastRow = 0
  /// Before this, quotes must be closed on their line.
  private var singleLinesEnd = 0

  init(of text: [UInt8], separator: UInt8, columns: Int, from start: Int, line: Int) {
    self.text = text
    self.separator = separator
    self.columns = columns
    position = start
    self.line = line
  }

  mutating func next() -> Row? {
    guard position < text.count else { return nil }
    var row = Row(line: line, range: position..<position)
    row.cells.reserveCapacity(cellsOfLastRow)
    var isLast = false
    while !isLast {
      let (start, startLine) = (position, line)
      guard let cell = cell() else {
        endAtMistake(&row, start, startLine)
        break
      }
      row.cells.append(cell)
      isLast = position == text.count || text[position] != separator
      if !isLast { position += 1 }
    }
    if row.cells.count < columns, let open = row.cells.firstIndex(where: \.hasLineBreak),
      holdsRow(row.cells[open].range.lowerBound..<position)
    {
      singleLinesEnd = position
      let cell = row.cells[open]
      row.cells.removeSubrange(open...)
      endAtMistake(&row, cell.range.lowerBound - 1, cell.line)
    }
    row.range = row.range.lowerBound..<position
    if position < text.count { endLine() }
    cellsOfLastRow = row.cells.count
    return row
  }

  private mutating func endAtMistake(_ row: inout Row, _ start: Int, _ startLine: Int) {
    (row.mistake, row.mistakeLine) = (start, startLine)
    (position, line) = (start, startLine)
    while position < text.count, !ASCII.isLineEnd(text[position]) { position += 1 }
  }

  /// Whether a line in there, but the first, has as many separators as a row.
  private func holdsRow(_ range: Range<Int>) -> Bool {
    var (separators, isFirst) = (0, true)
    for byte in text[range] {
      if ASCII.isLineEnd(byte) {
        (separators, isFirst) = (0, false)
      } else if byte == separator, !isFirst {
        separators += 1
        if separators + 1 >= columns { return true }
      }
    }
    return false
  }

  /// Reads a cell up to the separator or line end behind it; nil if its quotes don't match.
  private mutating func cell() -> Cell? {
    let start = position
    skipBlank()
    if position < text.count, text[position] == ASCII.quote { return quotedCell() }
    position = start
    while position < text.count, text[position] != separator, !ASCII.isLineEnd(text[position]) { position += 1 }
    return Cell(line: line, range: start..<position)
  }

  private mutating func quotedCell() -> Cell? {
    position += 1
    var cell = Cell(line: line, range: position..<position)
    while position < text.count {
      let byte = text[position]
      if byte == ASCII.quote {
        guard position + 1 < text.count, text[position + 1] == ASCII.quote else { break }
        cell.hasQuotes = true
        position += 2
      } else if ASCII.isLineEnd(byte) {
        guard position >= singleLinesEnd else { return nil }
        cell.hasLineBreak = true
        endLine()
      } else {
        position += 1
      }
    }
    guard position < text.count else { return nil }
    cell.range = cell.range.lowerBound..<position
    position += 1
    skipBlank()
    let isWhole = position == text.count || text[position] == separator || ASCII.isLineEnd(text[position])
    return isWhole ? cell : nil
  }

  private mutating func skipBlank() {
    while position < text.count, ASCII.isBlank(text[position]), text[position] != separator { position += 1 }
  }

  private mutating func endLine() {
    let isPair =
      text[position] == ASCII.carriageReturn && position + 1 < text.count && text[position + 1] == ASCII.lineFeed
    position += isPair ? 2 : 1
    line += 1
  }
}

extension [UInt8] {
  /// The value of a cell in a column with this meaning.
  func value(of cell: CSVRows.Cell, meaning: FieldName?) -> String {
    guard cell.hasQuotes else {
      return cell.hasLineBreak ? value(in: cell.range, of: meaning) : trimmedText(cell.range)
    }
    var single: [UInt8] = []
    single.reserveCapacity(cell.range.count)
    var index = cell.range.lowerBound
    while index < cell.range.upperBound {
      single.append(self[index])
      index += self[index] == ASCII.quote ? 2 : 1
    }
    return single.value(in: single.indices, of: meaning)
  }

  func isBlank(_ range: Range<Int>) -> Bool { trimmed(range).isEmpty }
}
