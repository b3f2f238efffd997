/// What a terminal must be sent so that it shows other lines than before.
enum Frame {
  /// The bytes for one write: only lines that differ are drawn, so that nothing flickers and little goes over a slow line.
  ///
  /// - Parameter old: what it shows; nil where that is not known, so that all is drawn.
  static func update(from old: [String]?, to new: [String]) -> String {
    var text = ""
    for (row, line) in new.enumerated() where old.map({ row >= $0.count || $0[row] != line }) ?? true {
      // Cleared before and not after it: at the end of a full line that would take its last character.
      text += "\u{1B}[\(row + 1);1H\u{1B}[2K\(line)"
    }
    guard !text.isEmpty else { return "" }
    // Terminals that know of it show all of it at once (mode 2026); others ignore it.
    return "\u{1B}[?2026h\(text)\u{1B}[?2026l"
  }

  /// Takes over the screen: the other buffer, no cursor, no wrapping, pasted text marked.
  static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h\u{1B}[2J"
  /// Gives the screen back as it was.
  static let leave = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  static let clear = "\u{1B}[0m\u{1B}[2J"
}
