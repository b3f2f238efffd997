/// The text of an HTML page, as far as a message needs it: lines where blocks, rows and breaks end them, cells apart, entities
/// replaced; what is in scripts, styles, comments and the head is left out.
///
/// Not a parser of HTML: nothing of the page acts, and its time grows in step with its length.
struct HTMLText {
  private let page: [UInt8]
  private var result: [UInt8] = []
  private var position = 0
  /// Whether a space is owed before the next character.
  private var isSpaceOwed = false
  private var isPreformatted = false
  /// The row of a table that is being read, as long as nothing but cells was in it.
  private var row: TableRow?
  /// Whether lines that are quoted begin with `>`, as in a plain text.
  private let marksQuotes: Bool
  private var quotes = 0
  /// Whether it is inside of the line that introduces what is quoted.
  private var isInIntroduction = false

  /// What these hold is no text. Without an end they hold all that follows, as in browsers.
  private static let silent: Set<String> = ["script", "style", "head", "title", "template", "noscript"]
  private static let lineTags: Set<String> = [
    "br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "blockquote",
    "section", "article", "header", "footer", "dt", "dd", "dl", "center", "address", "form", "tbody", "thead", "body",
  ]
  private static let paragraphs: Set<String> = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"]
  private static let longestName = 12

  init(_ html: String, marksQuotes: Bool = false) {
    self.marksQuotes = marksQuotes
    page = Array(html.utf8)
    result.reserveCapacity(page.count)
    while position < page.count {
      switch page[position] {
      case UInt8(ascii: "<"): readTag()
      case UInt8(ascii: "&"): readEntity()
      case let byte:
        add(byte)
        position += 1
      }
    }
    closeRow()
  }

  var text: String { String(decoding: result, as: UTF8.self) }

  // MARK: - Text

  private mutating func add(_ byte: UInt8) {
    if byte == 0x20 || (0x09...0x0D).contains(byte) {
      if isPreformatted, byte == 0x0A {
        endLine()
      } else {
        isSpaceOwed = true
      }
      return
    }
    addOwedSpace()
    result.append(byte)
  }

  private mutating func addOwedSpace() {
    if isSpaceOwed, let last = result.last, last != 0x0A { result.append(0x20) }
    isSpaceOwed = false
    if quotes > 0 || isInIntroduction, result.last ?? 0x0A == 0x0A { result += [UInt8(ascii: ">"), 0x20] }
  }

  private mutating func endLine() {
    isSpaceOwed = false
    if let last = result.last, last != 0x0A { result.append(0x0A) }
  }

  /// A blank line, if there is none.
  private mutating func endParagraph() {
    endLine()
    if result.count >= 2, result[result.count - 2] != 0x0A { result.append(0x0A) }
  }

  // MARK: - Tags

  private mutating func readTag() {
    let rest = page[position...]
    if rest.starts(with: Array("<!--".utf8)) { return skip(past: Array("-->".utf8)) }
    var next = position + 1
    let isEnd = next < page.count && page[next] == UInt8(ascii: "/")
    if isEnd { next += 1 }
    guard next < page.count, isLetter(page[next]) || page[next] == UInt8(ascii: "!") || page[next] == UInt8(ascii: "?")
    else {
      // "a < b"
      add(page[position])
      position += 1
      return
    }
    let name = String(
      decoding: page[next...].prefix(Self.longestName).prefix { isLetter($0) || (48...57).contains($0) }
        .map { $0 | 0x20 }, as: UTF8.self)
    skipTag(from: next)
    if marksQuotes { mark(name, isEnd: isEnd, attributes: page[next..<position]) }
    if !isEnd, Self.silent.contains(name) { return skip(past: Array("</\(name)".utf8), toEndOfTag: true) }
    act(on: name, isEnd: isEnd)
  }

  private mutating func act(on name: String, isEnd: Bool) {
    if name == "pre" { isPreformatted = !isEnd }
    switch name {
    case "br": breakLine()
    case "td", "th":
      if row != nil, !isEnd { beginCell() } else { isSpaceOwed = true }
    case "tr", "table": beginRow(isRow: name == "tr" && !isEnd)
    case _ where Self.paragraphs.contains(name) && isEnd: endParagraph()
    case _ where Self.lineTags.contains(name): endLine()
    default: break
    }
  }

  // MARK: - Tables

  /// Of a table within a cell, only the inner one has rows.
  private mutating func beginRow(isRow: Bool) {
    closeRow()
    endLine()
    if isRow { row = TableRow(at: result.count) }
  }

  private mutating func beginCell() {
    isSpaceOwed = false
    row?.beginCell(at: result.count)
  }

  private mutating func closeRow() {
    row?.close(in: &result)
    row = nil
  }

  // MARK: - Lines

  // MARK: - Quotes

  private static let introductions = ["gmail_attr", "moz-cite-prefix"]
  /// What Outlook, Yahoo and others put before the mail that is answered; all that follows is quoted.
  private static let dividers = [
    "appendonsend", "divrplyfwdmsg", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message",
    "olk_src_body_section", "border-top:solid #e1e1e1", "border-top:solid #b5c4df", "yahoo_quoted",
    "messagereplysection",
    "zmail_extra",
  ]
  private static let mostAttributeBytes = 2000

  private mutating func mark(_ name: String, isEnd: Bool, attributes: ArraySlice<UInt8>) {
    switch (name, isEnd) {
    case ("blockquote", false):
      endLine()
      quotes += 1
    case ("blockquote", true):
      endLine()
      quotes = max(quotes - 1, 0)
    case ("div", true): isInIntroduction = false
    case ("div", false), ("hr", false), ("table", false), ("span", false):
      let words = String(decoding: attributes.prefix(Self.mostAttributeBytes), as: UTF8.self).lowercased()
      if Self.introductions.contains(where: words.contains) {
        endLine()
        isInIntroduction = name == "div"
      } else if quotes == 0, Self.dividers.contains(where: words.contains) {
        endLine()
        result += Array("-----Original Message-----\n".utf8)
      }
    default: break
    }
  }

  /// `<br><br>` is a blank line.
  private mutating func breakLine() {
    isSpaceOwed = false
    if result.suffix(2) != [0x0A, 0x0A], !result.isEmpty { result.append(0x0A) }
  }

  /// To behind the `>` that ends a tag: one between quotes does not.
  private mutating func skipTag(from start: Int) {
    var quote: UInt8?
    var index = start
    while index < page.count {
      let byte = page[index]
      index += 1
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: ">") {
        position = index
        return
      } else if (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")) && page[index - 2] == UInt8(ascii: "=") {
        quote = byte
      }
    }
    position = index
  }

  private mutating func skip(past end: [UInt8], toEndOfTag: Bool = false) {
    while position < page.count {
      let found = page[position...].prefix(end.count)
      if found.count == end.count, zip(found, end).allSatisfy({ $0 == $1 || isLetter($0) && $0 | 0x20 == $1 }) {
        position += end.count
        if toEndOfTag { skipTag(from: position) }
        return
      }
      position += 1
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

  // MARK: - Entities

  private static let entities: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "ndash": 0x2013, "mdash": 0x2014,
    "lsquo": 0x2018, "rsquo": 0x2019, "ldquo": 0x201C, "rdquo": 0x201D, "hellip": 0x2026, "bull": 0x2022,
    "middot": 0xB7, "deg": 0xB0, "eacute": 0xE9, "egrave": 0xE8, "ecirc": 0xEA, "euml": 0xEB, "agrave": 0xE0,
    "aacute": 0xE1, "acirc": 0xE2, "auml": 0xE4, "ccedil": 0xE7, "iacute": 0xED, "iuml": 0xEF, "ntilde": 0xF1,
    "oacute": 0xF3, "ocirc": 0xF4, "ouml": 0xF6, "uacute": 0xFA, "uuml": 0xFC, "szlig": 0xDF, "Auml": 0xC4,
    "Ouml": 0xD6, "Uuml": 0xDC, "Eacute": 0xC9, "Ntilde": 0xD1, "euro": 0x20AC, "copy": 0xA9, "reg": 0xAE,
    "trade": 0x2122, "zwnj": 0x200C, "shy": 0xAD,
  ]

  private mutating func readEntity() {
    let name = page[(position + 1)...].prefix(10).prefix { $0 != UInt8(ascii: ";") && $0 > 0x20 }
    guard name.endIndex < page.count, page[name.endIndex] == UInt8(ascii: ";"), let scalar = scalar(of: name) else {
      add(page[position])
      position += 1
      return
    }
    position = name.endIndex + 1
    guard scalar.value != 0x20, scalar.value != 0xA0 else { return add(0x20) }
    addOwedSpace()
    result += Array(String(Character(scalar)).utf8)
  }

  private func scalar(of name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let text = String(decoding: name, as: UTF8.self)
    if text.hasPrefix("#x") || text.hasPrefix("#X") {
      return UInt32(text.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    }
    if text.hasPrefix("#") { return UInt32(text.dropFirst()).flatMap(Unicode.Scalar.init) }
    return Self.entities[text].flatMap(Unicode.Scalar.init)
  }
}
