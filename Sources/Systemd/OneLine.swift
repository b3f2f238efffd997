/// Text from outside made fit for one line of a terminal, a log or a status.
///
/// Harmful is what moves a cursor, starts an escape sequence, ends a line, or shows text in another order than it is
/// stored: the Unicode categories Cc, Cf, Zl and Zp, and whatever has no meaning of its own (Co, Cn).
enum OneLine {
  /// The text with a space for every run of harmful characters, cut to fit.
  static func plain(_ text: String, maxBytes: Int) -> String {
    var result = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars {
      let harmless = isHarmful(scalar) ? " " : scalar
      if harmless == " ", result.last == " " { continue }
      bytes += UTF8.width(harmless)
      if bytes > maxBytes { break }
      result.append(harmless)
    }
    return String(result)
  }

  /// The text with every harmful character written out as Swift would: `\n`, `\u{1B}`.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      if isHarmful(scalar) {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text as it may stand behind `key=`: in quotes where it would not be read as one word.
  static func value(_ text: String) -> String {
    // By bytes: a mark that combines with one of these does not take its meaning away.
    guard text.isEmpty || text.utf8.contains(where: { quoted.contains($0) }) else { return escaped(text) }
    let marked = text.unicodeScalars.reduce(into: "") { marked, scalar in
      if scalar == "\"" || scalar == "\\" { marked += "\\" }
      marked.unicodeScalars.append(scalar)
    }
    return escaped("\"\(marked)\"")
  }

  private static let quoted = Array(" \"'\\=".utf8)

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return true
    default: return false
    }
  }
}
