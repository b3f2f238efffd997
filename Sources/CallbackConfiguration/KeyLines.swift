/// Finds the line on which each key of a TOML text stands.
///
/// TOMLKit gives the place of a syntax error, but not of a value. Trusts that the text was parsed as TOML 1.0 before: it only
/// tells headers, keys, strings, brackets and comments apart. A key it does not find (one written with escapes) is looked for
/// in the section around it, so that a problem is at worst reported at the section's header.
struct KeyLines {
  /// A path is made of keys and, in arrays, of positions: `person`, `0`, `email`.
  typealias Path = [String]

  private var lines: [Path: Int] = [:]
  /// Lines with the escape of a NUL. TOMLKit hands strings on as C strings, so such a value would be cut there unseen.
  private(set) var nulLines: [Int] = []

  private let bytes: [UInt8]
  private var position = 0
  private var lineNumber = 1
  /// The table that `key = value` lines belong to.
  private var table: Path = []
  /// How many `[[…]]` headers each array of tables has had.
  private var counts: [Path: Int] = [:]

  init(_ text: String) {
    bytes = Array(text.utf8)
    while skipBlank() {
      if current == UInt8(ascii: "[") { readHeader() } else { readPair(in: table) }
    }
  }

  /// The line of this key, or of the innermost thing around it that has one.
  func line(of path: Path) -> Int? {
    var path = path[...]
    while !path.isEmpty {
      if let line = lines[Path(path)] { return line }
      path.removeLast()
    }
    return nil
  }

  // MARK: - Structure

  /// `[a.b]` or `[[a.b]]`.
  private mutating func readHeader() {
    let line = lineNumber
    skip("[")
    let isArray = current == UInt8(ascii: "[")
    if isArray { skip("[") }
    let written = readKey()
    if isArray {
      let array = resolve(written.dropLast()) + written.suffix(1)
      let index = counts[array, default: 0]
      counts[array] = index + 1
      table = array + [String(index)]
      note(array, at: line)
    } else {
      table = resolve(written)
    }
    note(table, at: line)
    skip("]")
    if isArray { skip("]") }
  }

  /// The path with the position of the latest element after each array of tables.
  private func resolve(_ written: Path) -> Path {
    written.reduce(into: []) { path, part in
      path.append(part)
      if let count = counts[path] { path.append(String(count - 1)) }
    }
  }

  private mutating func readPair(in table: Path) {
    let (start, line) = (position, lineNumber)
    let written = readKey()
    for length in written.indices { note(table + written[...length], at: line) }
    skip("=")
    readValue(table + written)
    // Never stand still, whatever the text is.
    if position == start { advance() }
  }

  private mutating func readValue(_ path: Path) {
    skipSpaces()
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = readString()
    case UInt8(ascii: "["): readArray(path)
    case UInt8(ascii: "{"): readInlineTable(path)
    default: while let byte = current, !",]}#\n".utf8.contains(byte) { advance() }
    }
  }

  private mutating func readArray(_ path: Path) {
    skip("[")
    var index = 0
    while skipBlank(), current != UInt8(ascii: "]") {
      let start = position
      note(path + [String(index)], at: lineNumber)
      readValue(path + [String(index)])
      index += 1
      _ = skipBlank()
      skip(",")
      if position == start { advance() }
    }
    skip("]")
  }

  private mutating func readInlineTable(_ path: Path) {
    skip("{")
    while skipBlank(), current != UInt8(ascii: "}") {
      readPair(in: path)
      _ = skipBlank()
      skip(",")
    }
    skip("}")
  }

  private mutating func note(_ path: Path, at line: Int) {
    if lines[path] == nil { lines[path] = line }
  }

  // MARK: - Words

  /// A bare, quoted or dotted key.
  private mutating func readKey() -> Path {
    var path: Path = []
    repeat {
      skip(".")
      skipSpaces()
      if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
        path.append(readString())
      } else {
        let start = position
        while let byte = current, !" \t.=]\n".utf8.contains(byte) { advance() }
        path.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      skipSpaces()
    } while current == UInt8(ascii: ".")
    return path
  }

  /// A string of any of the four kinds; its content as written, escapes and all.
  private mutating func readString() -> String {
    guard let quote = bytes[position...].first else { return "" }
    let isLiteral = quote == UInt8(ascii: "'")
    let isLong = bytes[position...].starts(with: [quote, quote, quote])
    advance(by: isLong ? 3 : 1)
    let start = position
    while let byte = current {
      if byte == UInt8(ascii: "\\"), !isLiteral {
        readEscape()
      } else if byte != quote {
        advance()
      } else if !isLong {
        break
      } else if bytes[position...].starts(with: [quote, quote, quote]) {
        // Up to two quotes may stand right before the closing three.
        while bytes[position...].dropFirst(3).first == quote { advance() }
        break
      } else {
        advance()
      }
    }
    let content = String(decoding: bytes[start..<position], as: UTF8.self)
    advance(by: isLong ? 3 : 1)
    return content
  }

  private mutating func readEscape() {
    let rest = bytes[position...].dropFirst()
    if rest.starts(with: "u0000".utf8) || rest.starts(with: "U00000000".utf8) { nulLines.append(lineNumber) }
    advance(by: 2)
  }

  // MARK: - Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance(by count: Int = 1) {
    for _ in 0..<count {
      guard let byte = current else { return }
      if byte == UInt8(ascii: "\n") { lineNumber += 1 }
      position += 1
    }
  }

  private mutating func skipSpaces() {
    while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { advance() }
  }

  /// Skips spaces and then this character, if it is the next.
  private mutating func skip(_ character: Unicode.Scalar) {
    skipSpaces()
    if current == UInt8(ascii: character) { advance() }
  }

  /// Skips spaces, line ends and comments; false at the end of the text.
  private mutating func skipBlank() -> Bool {
    while let byte = current {
      if byte == UInt8(ascii: "#") {
        while let next = current, next != UInt8(ascii: "\n") { advance() }
      } else if !" \t\r\n".utf8.contains(byte) {
        return true
      } else {
        advance()
      }
    }
    return false
  }
}
