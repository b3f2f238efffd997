/// Text from outside, for a terminal: nothing in it can act, and it takes as many columns as is thought.
extension String {
  /// The text on one line, without anything that moves the cursor, turns the direction of writing, or can't be seen.
  ///
  /// Line breaks and tabs become a blank; other control characters (ESC and C1 with them), private and unassigned ones become
  /// "�"; format characters (bidirectional overrides, zero-width marks) go.
  var harmless: String {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control:
        result.append(scalar == "\n" || scalar == "\r" || scalar == "\t" ? " " : "\u{FFFD}")
      case .lineSeparator, .paragraphSeparator: result.append(" ")
      case .privateUse, .surrogate, .unassigned: result.append("\u{FFFD}")
      case .format: continue
      // Letters by their kind, and nothing to be seen.
      case .otherLetter where Self.hangulFillers.contains(scalar.value): result.append(" ")
      // Whether a terminal makes a sign wider or narrower for one is anybody's guess.
      case .nonspacingMark where scalar.properties.isVariationSelector: continue
      case .nonspacingMark, .enclosingMark:
        // A letter bears two marks in the languages that have most; more only paint over the lines around it.
        marks += 1
        if marks <= 4 { result.append(scalar) }
        continue
      default: result.append(scalar)
      }
      marks = 0
    }
    return String(result)
  }

  private static let hangulFillers: Set<UInt32> = [0x115F, 0x1160, 0x3164, 0xFFA0]

  /// How many columns the text takes, once it is harmless.
  var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// The text with blanks behind it, so that it takes so many columns; a longer one as it is.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }

  /// The text cut to so many columns, with "…" where something is missing.
  func cut(to width: Int) -> String {
    guard columns > width else { return self }
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in unicodeScalars {
      used += scalar.columns
      if used > width - 1 { break }
      result.append(scalar)
    }
    return String(result) + "…"
  }

  /// The end of the text in so many columns, with "…" where its beginning is missing.
  func cutAtStart(to width: Int) -> String {
    guard columns > width else { return self }
    var result = String.UnicodeScalarView()
    var used = 1
    for scalar in unicodeScalars.reversed() {
      used += scalar.columns
      if used > width { break }
      result.insert(scalar, at: result.startIndex)
    }
    return "…" + String(result)
  }

  /// The text's lines, each harmless, broken between words where they are longer than `width`; nil: not broken.
  func harmlessLines(width: Int?) -> [String] {
    let lines = replacing("\r\n", with: "\n").split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }
    guard let width else { return lines.map { String($0).harmless } }
    return lines.flatMap { String($0).harmless.wrapped(to: max(width, 20)) }
  }

  private func wrapped(to width: Int) -> [String] {
    guard columns > width else { return [self] }
    var lines = [""]
    for word in split(separator: " ") {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].columns + 1 + String(word).columns <= width {
        lines[last] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension Unicode.Scalar {
  /// As wcwidth(3) counts, for what is left in harmless text.
  fileprivate var columns: Int {
    if isASCII { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // Conjoining vowels and finals of Hangul join the syllable before them.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    // Of a flag each of its two letters takes one.
    if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
    return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The blocks whose characters are wide or full-width (Unicode's EastAsianWidth).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18DFF,
    0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}
