/// Reads the pieces of JSON (RFC 8259) from UTF-8, one behind the other.
///
/// Foundation's reader gives neither the order of names, nor those that are there twice, nor numbers as they were written,
/// nor the lines of values; and one mistake costs it the whole file, where the messages before and behind it can be read.
///
/// It is lenient where only one thing can be meant: line breaks in strings, escapes that there are not, commas at the end,
/// numbers with leading zeros or dashes, as services write telephone numbers.
struct JSONScanner {
  let text: [UInt8]
  var position = 0
  /// Where the last string begins: where its quote is not closed, it swallowed what follows up to the next one.
  private(set) var lastString: Int?
  /// Where the last array begins whose first element is an object.
  private(set) var lastList: Int?

  /// How deep values may be nested in a message.
  static let maximumDepth = 32

  /// Where something else stands than must, and what to mend.
  struct Mistake: Error {
    var position: Int
    var sentence: String
    /// The file ends in a string.
    var inString = false
  }

  enum Value {
    /// A string, or any other value that is no array or object, as it is written; empty for null.
    case scalar([UInt8])
    /// An array of such values.
    case scalars([[UInt8]])
    /// Anything else, and where it stands.
    case nested(Range<Int>, isList: Bool)
  }

  var isAtEnd: Bool { position >= text.count }

  mutating func beginMessage() { (lastString, lastList) = (nil, nil) }

  mutating func skipBlank() {
    while position < text.count, JSON.isSpace(text[position]) { position += 1 }
  }

  /// Skips blanks and the byte, if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    skipBlank()
    guard !isAtEnd, text[position] == byte else { return false }
    position += 1
    return true
  }

  // MARK: - Names and values

  /// A name and its colon.
  mutating func name() throws(Mistake) -> [UInt8] {
    skipBlank()
    guard isAtEnd || text[position] == ASCII.quote else {
      throw mistake(known() ?? "a name in double quotes must stand here")
    }
    let name = try string()
    guard take(ASCII.colon) else { throw mistake("a colon must stand behind the name") }
    return name
  }

  mutating func value() throws(Mistake) -> Value {
    skipBlank()
    guard !isAtEnd else { throw mistake("") }
    switch text[position] {
    case JSON.openBrace: return .nested(try nested(), isList: false)
    case JSON.openBracket: return try array()
    default: return .scalar(try scalar())
    }
  }

  private mutating func scalar() throws(Mistake) -> [UInt8] {
    if text[position] == ASCII.quote { return try string() }
    let start = position
    while !isAtEnd,
      ASCII.isLetter(text[position]) || ASCII.isDigit(text[position]) || "+-.".utf8.contains(text[position])
    {
      position += 1
    }
    let word = text[start..<position]
    if word.elementsEqual("null".utf8) { return [] }
    let isNumber = word.first.map { ASCII.isDigit($0) || $0 == UInt8(ascii: "-") } ?? false
    if isNumber || word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) { return Array(word) }
    position = start
    throw mistake(known() ?? "this value must stand in double quotes")
  }

  private mutating func array() throws(Mistake) -> Value {
    let start = position
    position += 1
    var scalars: [[UInt8]] = []
    while !take(JSON.closeBracket) {
      guard !isAtEnd else { throw mistake("") }
      if text[position] == JSON.openBrace || text[position] == JSON.openBracket {
        let isList = scalars.isEmpty && text[position] == JSON.openBrace
        if isList { lastList = start }
        position = start
        return .nested(try nested(), isList: isList)
      }
      let value = try scalar()
      if !value.isEmpty { scalars.append(value) }
      try comma(before: JSON.closeBracket)
    }
    return .scalars(scalars)
  }

  /// Skips an array or object: of it only the brackets and strings are looked at.
  private mutating func nested() throws(Mistake) -> Range<Int> {
    let start = position
    // Not by recursion: a file may open a million brackets.
    var closing: [UInt8] = []
    repeat {
      guard !isAtEnd else { throw mistake("") }
      let byte = text[position]
      if byte == ASCII.quote {
        _ = try string()
        continue
      }
      if byte == JSON.openBrace || byte == JSON.openBracket {
        // The message is the first level.
        guard closing.count + 1 < Self.maximumDepth else {
          throw mistake("values are nested deeper than \(Self.maximumDepth); write them as plain values")
        }
        closing.append(byte == JSON.openBrace ? JSON.closeBrace : JSON.closeBracket)
      } else if byte == JSON.closeBrace || byte == JSON.closeBracket {
        guard closing.popLast() == byte else { throw mistake("a bracket of the other kind must stand here") }
      }
      position += 1
    } while !closing.isEmpty
    return start..<position
  }

  /// Takes the comma behind a value, unless that is the last.
  mutating func comma(before closing: UInt8) throws(Mistake) {
    if take(ASCII.comma) { return }
    guard !isAtEnd, text[position] == closing else {
      throw mistake(known() ?? "a comma or a double quote is missing before this")
    }
  }

  // MARK: - Strings

  private mutating func string() throws(Mistake) -> [UInt8] {
    guard !isAtEnd else { throw mistake("") }
    lastString = position
    position += 1
    let start = position
    while !isAtEnd, text[position] != ASCII.quote, text[position] != JSON.backslash { position += 1 }
    var characters = Array(text[start..<position])
    while !isAtEnd, text[position] != ASCII.quote {
      if text[position] == JSON.backslash {
        escape(into: &characters)
      } else {
        characters.append(text[position])
        position += 1
      }
    }
    guard !isAtEnd else { throw Mistake(position: position, sentence: Self.fileEnds, inString: true) }
    position += 1
    return characters
  }

  /// Goes to the end of a string that is not kept: that of the line, if it does not end there.
  mutating func skipString() {
    position += 1
    while !isAtEnd, !ASCII.isLineEnd(text[position]) {
      let byte = text[position]
      position += byte == JSON.backslash ? 2 : 1
      if byte == ASCII.quote { return }
    }
    position = min(position, text.count)
  }

  /// What a backslash and what follows it stand for; both, where that is nothing.
  private mutating func escape(into characters: inout [UInt8]) {
    position += 1
    guard !isAtEnd else { return }
    let byte = text[position]
    if byte == UInt8(ascii: "u"), let unit = codeUnit(at: position + 1) {
      position += 5
      var units = [unit]
      if UTF16.isLeadSurrogate(unit), position + 1 < text.count, text[position] == JSON.backslash,
        text[position + 1] == byte, let next = codeUnit(at: position + 2), UTF16.isTrailSurrogate(next)
      {
        units.append(next)
        position += 6
      }
      // Half of a pair becomes U+FFFD.
      characters += String(decoding: units, as: UTF16.self).utf8
      return
    }
    if let meant = JSON.escapes[byte] { characters.append(meant) } else { characters += [JSON.backslash, byte] }
    position += 1
  }

  private func codeUnit(at start: Int) -> UInt16? {
    guard start + 4 <= text.count else { return nil }
    var unit: UInt16 = 0
    for byte in text[start..<start + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  // MARK: - Mistakes

  /// At the end of the file there is nothing to mend but that.
  private func mistake(_ sentence: String) -> Mistake {
    Mistake(position: position, sentence: isAtEnd ? Self.fileEnds : sentence)
  }

  private static let fileEnds = "the file ends in the middle of a message"

  /// What people write who take something else for JSON.
  private func known() -> String? {
    guard !isAtEnd else { return nil }
    switch text[position] {
    case UInt8(ascii: "'"): return "a single quote stands here; put names and texts into double quotes"
    case UInt8(ascii: "/"), UInt8(ascii: "#"): return "there is a comment; take it out, JSON has none"
    default: return nil
    }
  }
}

/// Bytes that mean something in JSON.
enum JSON {
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let backslash = UInt8(ascii: "\\")

  static func isSpace(_ byte: UInt8) -> Bool { ASCII.isBlank(byte) || ASCII.isLineEnd(byte) }

  static let escapes: [UInt8: UInt8] = [
    ASCII.quote: ASCII.quote, backslash: backslash, UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): ASCII.lineFeed, UInt8(ascii: "r"): ASCII.carriageReturn,
    UInt8(ascii: "t"): ASCII.tab,
  ]
}
