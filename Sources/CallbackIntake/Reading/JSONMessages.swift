import CallbackRules

/// JSON taken apart: an object is a message; so is each object of an array, and each of several that follow one another.
///
/// Each stands alone. One that is broken is a message that can't be understood, with the fields before the mistake, and
/// reading goes on where the next object seems to begin; so does what is no object. A file that was cut short keeps its whole
/// messages.
struct JSONMessages {
  /// The messages, in their order; none of an empty list.
  private(set) var messages: [SplitMessage] = []

  private let text: [UInt8]
  private let limits: ReadingLimits
  private let layout: MessageLayout
  private let lines: LineNumbers
  private let tail: Int
  private var scanner: JSONScanner
  /// Arrays that are open.
  private var depth = 0
  private var wrapper: Wrapper?
  /// Whether the rest of the file is a message already.
  private var isCut = false

  /// An object that is no message, but holds a list of them: `{"account": "4711", "messages": [{…}]}`.
  private struct Wrapper {
    /// What holds for all its messages.
    var fields: [MessageField]
    var firstMessage: Int
    /// Where it ends; nil if it is broken.
    var end: Int?
  }

  init(_ decoded: DecodedText, limits: ReadingLimits, layout: MessageLayout) {
    text = decoded.utf8
    self.limits = limits
    self.layout = layout
    lines = LineNumbers(of: text)
    scanner = JSONScanner(text: text)
    // Brackets that only close.
    tail = (text.lastIndex { !JSON.isSpace($0) && !"]},".utf8.contains($0) } ?? -1) + 1
    read()
    endWrapper()
  }

  private mutating func read() {
    while true {
      scanner.skipBlank()
      guard !scanner.isAtEnd else { break }
      switch text[scanner.position] {
      case JSON.openBracket:
        depth += 1
        scanner.position += 1
      case JSON.closeBracket:
        depth = max(0, depth - 1)
        scanner.position += 1
        if depth == 0 { endWrapper() }
      case ASCII.comma, JSON.closeBrace: scanner.position += 1
      default:
        guard messages.count < limits.rows else {
          return add(scanner.position..<text.count, limits.problem(ofRowBeyondAt: lines.line(at: scanner.position)))
        }
        if text[scanner.position] == JSON.openBrace { readObject() } else { readOther() }
      }
    }
    if depth > 0, !isCut {
      let line = lines.line(at: text.count)
      add(text.count..<text.count, "line \(line): the file ends before its list does; \(Self.askForRest)")
    }
  }

  private static let askForRest = "it was cut short: ask the service for what is missing"

  private mutating func add(_ range: Range<Int>, _ problem: String) {
    messages.append(message(range, fields: [], problems: [problem]))
  }

  private func message(_ range: Range<Int>, fields: [MessageField], problems: [String]) -> SplitMessage {
    SplitMessage(
      fields: fields, freeText: nil, problems: problems, written: text[range], original: Array(text[range]),
      form: .object(line: lines.line(at: range.lowerBound)))
  }

  // MARK: - Objects

  private mutating func readObject() {
    let start = scanner.position
    let line = lines.line(at: start)
    var object = JSONObject(limits: limits, layout: layout, line: line)
    let mistake = object.read(from: &scanner, lines)
    var problems = object.problems
    if let list = object.lists.first(where: holdsMessages) {
      if depth == 0, wrapper == nil, let common = object.common {
        wrapper = Wrapper(
          fields: common, firstMessage: messages.count, end: mistake == nil ? scanner.position : nil)
        scanner.position = list
        return
      }
      problems.append("object at line \(line): it holds a list of messages; write each as an object of its own")
    }
    if let mistake { problems.insert(end(with: mistake, from: start), at: 0) }
    var end = scanner.position
    while text[end - 1] == ASCII.comma || JSON.isSpace(text[end - 1]) { end -= 1 }
    var read = message(start..<end, fields: object.fields, problems: problems)
    if let unread = object.unread {
      let rest = text.trimmedText(min(unread, end)..<end)
      read.freeText = rest.isEmpty ? nil : rest
    }
    messages.append(read)
  }

  /// Goes to the end of a broken object, and says what is wrong with it.
  private mutating func end(with mistake: JSONScanner.Mistake, from start: Int) -> String {
    let fileEnds = mistake.position >= text.count
    let end = fileEnds && !mistake.inString ? nil : self.end(ofBroken: mistake, from: start)
    let string = scanner.lastString ?? start
    scanner.position = end ?? text.count
    if end == nil { isCut = true }
    if fileEnds, end != nil { return "line \(lines.line(at: string)): a double quote is missing at the end of a value" }
    return "line \(lines.line(at: mistake.position)): \(mistake.sentence)" + (fileEnds ? "; \(Self.askForRest)" : "")
  }

  /// Where an object with a mistake ends: where another one seems to begin, or where only closing brackets follow.
  ///
  /// Looked for from the last string on, which swallowed the next objects if its quote is not closed.
  private func end(ofBroken mistake: JSONScanner.Mistake, from start: Int) -> Int? {
    var (previous, index) = (UInt8(0), min(scanner.lastString ?? mistake.position, mistake.position))
    while index < text.count {
      let byte = text[index]
      if byte == JSON.openBrace, index > start, beginsObject(index) {
        let isFirstOnLine = ASCII.isLineEnd(text[index - 1])
        // Behind a colon or bracket it is part of the broken one.
        let isNext = previous == JSON.closeBrace || previous == ASCII.comma
        if isNext || isFirstOnLine || index == mistake.position { return index }
      }
      if byte == JSON.closeBrace, index >= tail { return index + 1 }
      if !JSON.isSpace(byte) { previous = byte }
      index += 1
    }
    return nil
  }

  private func beginsObject(_ index: Int) -> Bool {
    let next = text[(index + 1)...].first { !JSON.isSpace($0) }
    return next == ASCII.quote || next == JSON.closeBrace || next == UInt8(ascii: "'")
  }

  // MARK: - Lists in objects

  private func holdsMessages(_ list: Int) -> Bool {
    var scanner = JSONScanner(text: text, position: list + 1)
    scanner.skipBlank()
    var first = JSONObject(limits: limits, layout: layout, line: 1)
    _ = first.read(from: &scanner, lines)
    return first.looksLikeMessage
  }

  /// Gives the messages of a list what stands beside it, where they don't say it themselves.
  private mutating func endWrapper() {
    guard let ended = wrapper else { return }
    wrapper = nil
    for index in messages.indices.dropFirst(ended.firstMessage) {
      let said = Set(messages[index].fields.lazy.filter { !$0.value.isEmpty }.compactMap(\.meaning))
      messages[index].fields += ended.fields.filter { field in field.meaning.map { !said.contains($0) } ?? true }
    }
    if let end = ended.end { scanner.position = end }
  }

  // MARK: - What is no object

  /// Among objects up to a comma, bracket or line end; before, between or behind them all of it: a text is one message.
  private mutating func readOther() {
    let start = scanner.position
    while !scanner.isAtEnd {
      let byte = text[scanner.position]
      if depth == 0 {
        if byte == JSON.openBrace, beginsObject(scanner.position) { break }
        scanner.position += 1
      } else {
        if scanner.position > start, "{}[],\n\r".utf8.contains(byte) { break }
        if byte == ASCII.quote { scanner.skipString() } else { scanner.position += 1 }
      }
    }
    add(
      start..<scanner.position,
      "line \(lines.line(at: start)): no object begins here; write each message as {\"caller\": …, \"callback\": …}")
  }
}
