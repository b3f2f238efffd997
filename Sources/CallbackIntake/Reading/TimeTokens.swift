/// A piece of a written time. White space only separates.
enum TimeToken: Equatable {
  case number(Int, digits: Int)
  /// In lower case.
  case word(String)
  case mark(UInt8)

  /// No date and time is longer.
  private static let maximumBytes = 64

  /// The pieces of a text; nil if it is too long, or holds what no time holds.
  static func pieces(of text: String) -> [TimeToken]? {
    let bytes = text.utf8
    guard bytes.count <= maximumBytes else { return nil }
    var tokens: [TimeToken] = []
    tokens.reserveCapacity(16)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      let start = index
      if ASCII.isDigit(byte) {
        var value = 0
        while index < bytes.endIndex, ASCII.isDigit(bytes[index]) {
          value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
          index = bytes.index(after: index)
          // Date and time in one number have 14 digits.
          guard value < 100_000_000_000_000 else { return nil }
        }
        tokens.append(.number(value, digits: bytes.distance(from: start, to: index)))
      } else if ASCII.isLetter(byte) {
        while index < bytes.endIndex, ASCII.isLetter(bytes[index]) { index = bytes.index(after: index) }
        tokens.append(.word(String(decoding: bytes[start..<index].lazy.map(ASCII.lowercased), as: UTF8.self)))
      } else {
        guard byte < 0x80 else { return nil }
        if !ASCII.isBlank(byte) { tokens.append(.mark(byte)) }
        index = bytes.index(after: index)
      }
    }
    return tokens
  }
}
