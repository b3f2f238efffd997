import CallbackRules

/// The lines of a text, ended by LF, CRLF or CR.
struct Lines: Sequence, IteratorProtocol {
  struct Line {
    /// Counts from 1.
    var number: Int
    /// Where it stands in the text, without its end.
    var range: Range<Int>
  }

  private let text: [UInt8]
  private var position = 0
  private var number = 0

  init(of text: [UInt8]) {
    self.text = text
  }

  mutating func next() -> Line? {
    guard position < text.count else { return nil }
    let start = position
    var end = start
    while end < text.count, text[end] != ASCII.lineFeed, text[end] != ASCII.carriageReturn { end += 1 }
    position = end + 1
    if end + 1 < text.count, text[end] == ASCII.carriageReturn, text[end + 1] == ASCII.lineFeed { position += 1 }
    number += 1
    return Line(number: number, range: start..<end)
  }
}

/// On which line a place in a text is.
struct LineNumbers {
  private var starts = [0]

  init(of text: [UInt8]) {
    for index in text.indices {
      let isEnd =
        text[index] == ASCII.lineFeed
        || text[index] == ASCII.carriageReturn && (index + 1 == text.count || text[index + 1] != ASCII.lineFeed)
      if isEnd { starts.append(index + 1) }
    }
  }

  /// Counts from 1.
  func line(at position: Int) -> Int {
    var (low, high) = (0, starts.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle } else { high = middle }
    }
    return low + 1
  }
}

/// Bytes that mean something in a message file.
enum ASCII {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  /// Space, tab, and the vertical movements that are no line ends here.
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab || byte == 0x0B || byte == 0x0C }
}

extension [UInt8] {
  /// The part of `range` without blanks at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, ASCII.isBlank(self[start]) { start += 1 }
    while end > start, ASCII.isBlank(self[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The text in `range`, without white space of any script at its ends.
  func trimmedText(_ range: Range<Int>) -> String {
    let inner = trimmed(range)
    guard let first = inner.first, let last = inner.last else { return "" }
    let text = String(decoding: self[inner], as: UTF8.self)
    guard self[first] >= 0x80 || self[last] >= 0x80 else { return text }
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[start...end])
  }
}

extension [UInt8] {
  /// The value in `range` of a field with this meaning, without white space at its ends.
  ///
  /// Its lines are ended by LF; of a field that is a line in a plain text they become one.
  func value(in range: Range<Int>, of meaning: FieldName?) -> String {
    guard self[range].contains(where: ASCII.isLineEnd) else { return trimmedText(range) }
    let end = meaning == nil || meaning == .body ? ASCII.lineFeed : ASCII.space
    var lines: [UInt8] = []
    lines.reserveCapacity(range.count)
    for index in range {
      if !ASCII.isLineEnd(self[index]) {
        lines.append(self[index])
      } else if self[index] == ASCII.lineFeed || index + 1 == range.upperBound || self[index + 1] != ASCII.lineFeed {
        lines.append(end)
      }
    }
    let isBlank = { (byte: UInt8) in ASCII.isLineEnd(byte) || ASCII.isBlank(byte) }
    let start = lines.firstIndex { !isBlank($0) } ?? lines.count
    return lines.trimmedText(start..<((lines.lastIndex { !isBlank($0) } ?? start - 1) + 1))
  }
}
