/// What a file holds, told from its content.
public enum MessageFormat: Sendable, Equatable {
  /// `Name: value` lines and free text.
  case text
  case json
  case csv
  /// RFC 5322.
  case mail
  case empty
  /// Text in a markup that is no message format, by the name that people know.
  case markup(String)
  /// No text at all, by the name that people know.
  case binary(String)

  /// As people say it.
  public var name: String {
    switch self {
    case .text: "plain text"
    case .json: "JSON"
    case .csv: "CSV"
    case .mail: "mail"
    case .empty: "empty"
    case .markup(let name), .binary(let name): name
    }
  }

  /// - Parameter layout: whose names a table's header may have.
  init(of text: DecodedText, layout: MessageLayout = .plain) {
    let bytes = text.utf8
    guard let start = bytes.firstIndex(where: { $0 > ASCII.space }) else {
      self = .empty
      return
    }
    if let foreign = Self.foreign(bytes) {
      self = foreign
    } else if Self.isJSON(bytes[start...]) {
      self = .json
    } else if Self.isMail(bytes) {
      self = .mail
    } else if CSVHeader(of: bytes, layout: layout) != nil {
      self = .csv
    } else {
      self = .text
    }
  }

  /// What is wrong with a file of this format that holds no message, and what to mend; nil for plain text, which always does.
  /// Of a mail: with one in a mail's text.
  var problem: String? {
    let remedy = "send plain text with a field on each line, as Name: value"
    return switch self {
    case .text: nil
    case .json: "line 1: the list is empty; there is no message in it: ask the service whether there was one"
    case .csv: "line 1: the table has names of columns, but no message row: ask the service whether there was one"
    case .mail: "The mail's text is another mail; ask the service to send the message itself"
    case .empty: "The file is empty; ask the service for the message, and \(remedy)"
    case .markup(let name), .binary(let name): "The file is \(name), not plain text; \(remedy)"
    }
  }

  // MARK: - Telling them apart

  /// How such files begin, in lower case.
  private static let beginnings: [(bytes: [UInt8], format: MessageFormat)] = [
    (Array("%pdf-".utf8), .binary("a PDF document")),
    (Array("pk\u{3}\u{4}".utf8), .binary("a ZIP archive or an office document")),
    (Array("{\\rtf".utf8), .markup("an RTF document")),
    (Array("<html".utf8), .markup("an HTML page")),
    (Array("<!doctype".utf8), .markup("an HTML page")),
  ]

  /// Known by its first bytes, or by control characters that are more than a twentieth of it.
  private static func foreign(_ bytes: [UInt8]) -> MessageFormat? {
    let head = bytes.prefix(16).map(ASCII.lowercased)
    if let known = beginnings.first(where: { head.starts(with: $0.bytes) }) { return known.format }
    var controls = 0
    for byte in bytes where byte < 0x20 && !(0x09...0x0D).contains(byte) { controls += 1 }
    return controls * 20 > bytes.count ? .binary("binary data") : nil
  }

  /// `{` before a name, `[` before an object, or an empty list: free text may begin with a bracket too.
  private static func isJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
    let rest = bytes.dropFirst().drop { $0 <= ASCII.space }
    return switch bytes.first {
    case JSON.openBrace: rest.first.map { "\"'}/".utf8.contains($0) } ?? false
    case JSON.openBracket:
      rest.first == JSON.openBrace
        || rest.first == JSON.closeBracket && rest.dropFirst().allSatisfy { $0 <= ASCII.space }
    default: false
    }
  }

  /// MIME-Version, a mail's Received (a plain one holds a time), or a From with an address beside an RFC 5322 Date.
  private static func isMail(_ bytes: [UInt8]) -> Bool {
    var (address, date) = (false, false)
    for line in Lines(of: bytes).prefix(TextFields.maximumHeaderLines) {
      guard !line.range.isEmpty else { return false }
      let text = bytes[line.range]
      switch ASCII.lowercased(text[line.range.lowerBound]) {
      case UInt8(ascii: "m") where value(of: "mime-version", in: text) != nil: return true
      case UInt8(ascii: "r") where value(of: "received", in: text).map(isTrace) == true: return true
      case UInt8(ascii: "f"): address = address || value(of: "from", in: text)?.contains("@") == true
      case UInt8(ascii: "d"): date = date || value(of: "date", in: text).map(isMailDate) == true
      default: break
      }
      if address && date { return true }
    }
    return false
  }

  /// The value in lower case if the line is this field.
  private static func value(of name: String, in line: ArraySlice<UInt8>) -> String? {
    guard line.count > name.utf8.count, line[line.startIndex + name.utf8.count] == ASCII.colon,
      line.prefix(name.utf8.count).lazy.map(ASCII.lowercased).elementsEqual(name.utf8)
    else { return nil }
    let value = line.dropFirst(name.utf8.count + 1).prefix(200).drop(while: ASCII.isBlank)
    return String(decoding: value.map(ASCII.lowercased), as: UTF8.self)
  }

  /// `from mx.example (…)`, but not `by phone` and no time.
  private static func isTrace(_ value: String) -> Bool {
    let words = value.split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0] == "from" || words[0] == "by" else { return false }
    return words[1].dropLast().contains(".") || words[1] == "localhost" || words[1].hasPrefix("[")
  }

  /// `mon, 23 nov 2026 21:40:12 -0500`, the weekday being optional.
  private static func isMailDate(_ value: String) -> Bool {
    let words = value.split(whereSeparator: { $0 == " " || $0 == "," })
    let date = words.first?.first?.isNumber == true ? words[...] : words.dropFirst()
    guard date.count >= 5, let month = date.dropFirst().first, let zone = date.dropFirst(4).first else { return false }
    return CalendarWords.months[String(month)] != nil && (zone.hasPrefix("+") || zone.hasPrefix("-") || zone == "gmt")
  }
}
