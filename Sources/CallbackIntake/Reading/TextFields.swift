import CallbackRules

/// Plain text taken apart: `Name: value` lines, then free text.
///
/// Free text begins at the first line that is neither field, blank nor continuation, and then goes on to the end, whatever
/// stands in it. A line is a field if its name is known, or if it looks like a name and stands before the free text. Behind a
/// known name a tab is as good as a colon: so come the cells of tables.
/// Rules of dashes count as blank, and a few lines above the first known field as a heading, which goes to the free text.
struct TextFields {
  private var fields: [MessageField] = []
  /// The last line of each field, continuations included.
  private var lastLines: [Int] = []
  private var freeText: String?
  private var freeTextLines = FreeTextLines()
  private var problem: String?

  /// So many lines, blank ones and continuations included, are looked at for fields.
  static let maximumHeaderLines = 2000
  static let maximumHeadingLines = 10

  private let text: [UInt8]
  private let limits: ReadingLimits
  private let layout: MessageLayout
  /// How far the line of the last field was indented; only lines further in go on with its value.
  private var indentation = 0
  private var heading: [String] = []
  private var hasKnownField = false
  /// Unknown names after a blank line, which are free text unless a known field follows: where they begin.
  private var doubtful: (fields: Int, start: Lines.Line)?

  init(_ decoded: DecodedText, limits: ReadingLimits, layout: MessageLayout = .plain) {
    text = decoded.utf8
    self.limits = limits
    self.layout = layout
    fields.reserveCapacity(20)
    split()
  }

  /// The one message that the file is.
  var message: SplitMessage {
    let split = SplitMessage(
      fields: fields, freeText: freeText, freeTextLines: freeTextLines,
      problems: [problem, nulProblem, limits.problem(inLinesOf: text)].compactMap { $0 },
      written: text[...])
    guard layout.hasPatterns else { return split }
    return Prose(text, fields: fields, lastLines: lastLines, layout: layout).placed(in: split)
  }

  private var nulProblem: String? {
    guard let position = text.firstIndex(of: 0) else { return nil }
    let line = Lines(of: text).first { $0.range.upperBound >= position }
    return "line \(line?.number ?? 1): there is a NUL byte; send plain text as UTF-8, or UTF-16 with a byte order mark"
  }

  private mutating func split() {
    var afterBlank = false
    for line in Lines(of: text) {
      let content = text.trimmed(line.range)
      let indented = content.lowerBound - line.range.lowerBound
      if content.isEmpty || isRule(content) {
        afterBlank = true
      } else if !afterBlank, !fields.isEmpty, indented > indentation, line.number <= Self.maximumHeaderLines {
        goOn(with: text.trimmedText(content))
        lastLines[fields.count - 1] = line.number
      } else if let field = field(in: content, line: line.number) {
        guard fields.count < limits.fields, line.number <= Self.maximumHeaderLines else {
          problem = limits.problem(ofFieldBeyondAt: line.number, in: .file)
          return beginFreeText(at: line)
        }
        if field.placedBy != nil {
          (doubtful, hasKnownField) = (nil, true)
        } else if afterBlank, !fields.isEmpty, doubtful == nil {
          doubtful = (fields.count, line)
        }
        fields.append(field)
        lastLines.append(line.number)
        indentation = indented
        afterBlank = false
      } else if text.trimmedText(content).isEmpty {
        afterBlank = true
      } else if !hasKnownField, heading.count < Self.maximumHeadingLines {
        heading.append(text.trimmedText(content))
        freeTextLines.first.append(line.number)
      } else {
        return beginFreeText(at: line)
      }
    }
    if let doubtful {
      beginFreeText(at: doubtful.start)
    } else if !heading.isEmpty {
      freeText = heading.joined(separator: "\n")
    }
  }

  private mutating func goOn(with more: String) {
    let last = fields.count - 1
    if !fields[last].value.isEmpty { fields[last].value += fields[last].meaning == .body ? "\n" : " " }
    fields[last].value += more
  }

  private mutating func beginFreeText(at line: Lines.Line) {
    if let doubtful {
      fields.removeSubrange(doubtful.fields...)
      lastLines.removeSubrange(doubtful.fields...)
    }
    let begin = doubtful?.start ?? line
    let start = begin.range.lowerBound
    freeTextLines.next = begin.number
    var lines: [UInt8] = []
    lines.reserveCapacity(text.count - start)
    for index in start..<text.count {
      if text[index] != ASCII.carriageReturn {
        lines.append(text[index])
      } else if index + 1 == text.count || text[index + 1] != ASCII.lineFeed {
        lines.append(ASCII.lineFeed)
      }
    }
    while let last = lines.last, last == ASCII.lineFeed || ASCII.isBlank(last) { lines.removeLast() }
    freeText = (heading + [lines.trimmedText(0..<lines.count)]).joined(separator: "\n")
  }

  // MARK: - A line

  /// `-----`, `=====`, `*****`.
  private func isRule(_ content: Range<Int>) -> Bool {
    let first = text[content.lowerBound]
    return content.count >= 3 && "-=_*#~".utf8.contains(first) && text[content].allSatisfy { $0 == first }
  }

  private func field(in content: Range<Int>, line: Int) -> MessageField? {
    let reach = text[content].prefix(FieldName.longestName + 1)
    let end = reach.firstIndex { $0 == ASCII.colon || $0 == ASCII.tab }
    if let end, text[end] == ASCII.tab, let field = field(in: content, named: end, line: line, ifKnown: true) {
      return field
    }
    guard let colon = reach.firstIndex(of: ASCII.colon) else { return nil }
    return field(in: content, named: colon, line: line, ifKnown: false)
  }

  /// The field whose name ends at `end`, with a colon; or with a tab, as tables are copied, and then only a known one.
  private func field(in content: Range<Int>, named end: Int, line: Int, ifKnown: Bool) -> MessageField? {
    let name = text[text.trimmed(content.lowerBound..<end)]
    let use = layout.use(of: name)
    guard use != nil || !ifKnown && looksLikeName(name) && isBlankOrEnd(end + 1, in: content) else { return nil }
    return MessageField(
      line: line, name: String(decoding: name, as: UTF8.self), meaning: use?.use.meaning,
      value: text.trimmedText((end + 1)..<content.upperBound), placedBy: use?.by)
  }

  /// Short, at most three words, and nothing that only sentences, times and addresses have.
  private func looksLikeName(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first, ASCII.isLetter(first) || first >= 0x80 else { return false }
    var words = 1
    for index in name.indices {
      switch name[index] {
      case ASCII.space, ASCII.tab:
        if !ASCII.isBlank(name[index + 1]) { words += 1 }
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "'"), UInt8(ascii: "&"), 0x80...:
        break
      case let byte where ASCII.isLetter(byte) || ASCII.isDigit(byte): break
      default: return false
      }
    }
    return words <= 3
  }

  private func isBlankOrEnd(_ index: Int, in content: Range<Int>) -> Bool {
    index == content.upperBound || ASCII.isBlank(text[index])
  }
}
