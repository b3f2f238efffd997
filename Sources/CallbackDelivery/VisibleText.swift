/// Text from outside without what acts instead of showing: controls, terminal escapes, marks that turn the direction of
/// writing or hide (Unicode categories Cc, Cf, Zl, Zp).
struct VisibleText {
  /// On one line: whatever ended a line is a space; no space at either end, never two in a row.
  let line: String
  /// With its lines, ended by LF alone; tabs are spaces.
  let lines: String

  init(_ text: String) {
    if Self.isPlainLine(text) {
      (line, lines) = (text, text)
      return
    }
    var scalars = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      defer { afterReturn = scalar == "\r" }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        if scalar == "\n", afterReturn { continue }
        scalars.append(Self.endsLine(scalar) ? "\n" : " ")
      case .format:
        // Joiners are part of how Persian and Indic names, and emoji, are written.
        if scalar == "\u{200C}" || scalar == "\u{200D}" { scalars.append(scalar) }
      default:
        scalars.append(scalar)
      }
    }
    lines = String(scalars)
    line = lines.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// Whether it is as it should be already, as most are.
  private static func isPlainLine(_ text: String) -> Bool {
    var last = UInt8(ascii: " ")
    for byte in text.utf8 {
      guard (32...126).contains(byte), byte != UInt8(ascii: " ") || last != UInt8(ascii: " ") else { return false }
      last = byte
    }
    return last != UInt8(ascii: " ") || text.isEmpty
  }

  private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }
}

/// The first line that says something, in printable ASCII, cut to a length: fit for a log and any terminal.
struct PrintableLine {
  let text: String

  init(_ text: String, limit: Int) {
    self.init(Array(text.utf8), limit: limit)
  }

  init(_ bytes: [UInt8], limit: Int) {
    let lines = bytes.split { $0 == 10 || $0 == 13 }
    let line = lines.first { $0.contains { $0 > 32 } } ?? []
    let shown = line.drop { $0 <= 32 }.prefix(limit).map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
    text = String(decoding: shown, as: UTF8.self)
  }
}
