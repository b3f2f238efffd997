import CallbackRules
import TOMLKit

/// One value of the file, with its line.
struct Node {
  var line: Int?
  var value: Value

  enum Value {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case date(CivilTime)
    /// Without an offset.
    case dateTime(CivilTime)
    case list([Node])
    case table([String: Node])
    /// A kind of value that no key takes.
    case other
    /// What is wrong with it was already said.
    case reported
  }
}

/// Turns TOML text into nodes.
///
/// The one place that knows TOMLKit. Refuses what no value may hold: control characters, and whatever ends a line.
struct Document {
  let root: [String: Node]

  /// - Throws: the syntax error, with its line.
  init(_ text: String, findings: Findings) throws(ConfigurationProblem.Syntax) {
    guard !text.utf8.contains(0) else {
      // It would end the text for TOMLKit, and what follows would go unread.
      throw ConfigurationProblem.Syntax(line: 1, description: "the file holds NUL bytes, so it is no text")
    }
    // A byte order mark is no part of the first key.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ConfigurationProblem.Syntax(line: error.source.begin.line, description: error.description)
    } catch {
      throw ConfigurationProblem.Syntax(line: 1, description: "\(error)")
    }
    let lines = KeyLines(text)
    for line in lines.nulLines {
      findings.problem(Place(line: line), "a value holds a control character (NUL); remove `\\u0000`")
    }
    root = Self.entries(of: table, path: [], lines: lines, findings: findings)
  }

  private static func entries(
    of table: TOMLTable, path: KeyLines.Path, lines: KeyLines, findings: Findings
  ) -> [String: Node] {
    var entries: [String: Node] = [:]
    for key in table.keys {
      guard let value = table[key] else { continue }
      guard !key.unicodeScalars.contains(where: \.isUnprintable) else {
        findings.problem(Place(line: lines.line(of: path)), "a key here holds a control character; remove it")
        continue
      }
      entries[key] = node(value, path: path + [key], lines: lines, findings: findings)
    }
    return entries
  }

  private static func node(
    _ value: any TOMLValueConvertible, path: KeyLines.Path, lines: KeyLines, findings: Findings
  ) -> Node {
    let line = lines.line(of: path)
    if let table = value.table {
      return Node(line: line, value: .table(entries(of: table, path: path, lines: lines, findings: findings)))
    }
    if let array = value.array {
      let nodes = array.enumerated().map { index, element in
        node(element, path: path + [String(index)], lines: lines, findings: findings)
      }
      return Node(line: line, value: .list(nodes))
    }
    if let text = value.string, text.unicodeScalars.contains(where: \.isUnprintable) {
      let place = Place(line: line, key: path.filter { Int($0) == nil }.joined(separator: "."))
      findings.problem(
        place, "the text holds a control character or a line end; write it on one line, without tabs and escapes")
      return Node(line: line, value: .reported)
    }
    return Node(line: line, value: scalar(value))
  }

  private static func scalar(_ value: any TOMLValueConvertible) -> Node.Value {
    if let text = value.string { return .string(text) }
    if let number = value.int { return .integer(number) }
    if let truth = value.bool { return .boolean(truth) }
    if let date = value.date, let civil = CivilTime(date) { return .date(civil) }
    if let both = value.dateTime, both.offset == nil, let civil = CivilTime(both.date, both.time) {
      return .dateTime(civil)
    }
    return .other
  }
}

extension ConfigurationProblem {
  /// Why the text is not TOML.
  struct Syntax: Error {
    var line: Int
    var description: String
  }
}

extension CivilTime {
  fileprivate init?(_ date: TOMLDate, _ time: TOMLTime? = nil) {
    self.init(
      year: date.year, month: date.month, day: date.day,
      hour: time?.hour ?? 0, minute: time?.minute ?? 0, second: time?.second ?? 0)
  }
}

extension Unicode.Scalar {
  /// Whether it could act on a terminal, a log or a mail header instead of being shown.
  var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // Characters that turn the direction of what follows, so that a line shows other than it reads.
    default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
  }
}
