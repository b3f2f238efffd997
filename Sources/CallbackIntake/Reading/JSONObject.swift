import CallbackRules

/// An object of JSON, taken apart as the fields of one message.
struct JSONObject {
  private(set) var fields: [MessageField] = []
  private(set) var problems: [String] = []
  /// Where what could not become fields begins, if anything.
  private(set) var unread: Int?
  /// Where its arrays of objects begin.
  private(set) var lists: [Int] = []
  /// The fields beside them.
  private(set) var beside: [MessageField] = []

  private let limits: ReadingLimits
  private let layout: MessageLayout
  private let line: Int

  init(limits: ReadingLimits, layout: MessageLayout, line: Int) {
    self.limits = limits
    self.layout = layout
    self.line = line
  }

  /// Reads the object that begins where the scanner is, as far as its first mistake.
  mutating func read(from scanner: inout JSONScanner, _ lines: LineNumbers) -> JSONScanner.Mistake? {
    scanner.beginMessage()
    scanner.position += 1
    do throws(JSONScanner.Mistake) {
      while !scanner.take(JSON.closeBrace) {
        let start = scanner.position
        let name = try scanner.name()
        let value = try scanner.value()
        if fields.count < limits.fields {
          add(value, name: name, line: lines.line(at: start), of: scanner.text)
        } else if unread == nil {
          unread = start
          problems.append(limits.problem(ofFieldBeyondAt: lines.line(at: start), in: .object(line: line)))
        }
        try scanner.comma(before: JSON.closeBrace)
      }
      return nil
    } catch {
      if let list = scanner.lastList, lists.last != list { lists.append(list) }
      unread = unread ?? (error.inString ? scanner.lastString : nil) ?? error.position
      return error
    }
  }

  private mutating func add(_ value: JSONScanner.Value, name: [UInt8], line: Int, of text: [UInt8]) {
    let use = layout.use(of: name[...])
    var field = MessageField(
      line: line, name: FieldName.written(name), meaning: use?.use.meaning, value: "", placedBy: use?.by)
    switch value {
    case .scalar(let characters): field.value = characters.value(in: characters.indices, of: field.meaning)
    case .scalars(let all):
      let values = all.map { $0.value(in: $0.indices, of: field.meaning) }
      field.value = values.joined(separator: field.meaning == .body ? "\n" : ", ")
    case .nested(let range, let isList):
      // As it is written, for people: what it says about the message only its service knows.
      (field.meaning, field.placedBy) = (nil, nil)
      field.value = text.trimmedText(range)
      if isList { lists.append(range.lowerBound) }
    }
    if let problem = field.problem(within: limits) { problems.append(problem) }
    fields.append(field)
    if case .nested(_, isList: true) = value { return }
    beside.append(field)
  }

  // MARK: - Lists of messages

  /// Whether it says at least two things that make a message.
  var looksLikeMessage: Bool {
    Set(fields.compactMap(\.meaning)).intersection([.to, .caller, .callback, .patient, .regarding, .ref, .body]).count
      >= 2
  }

  /// What holds for each message of the list in it; nil if it seems to be a message itself.
  ///
  /// Only little is given to each: thousands of messages may stand in the list.
  var common: [MessageField]? {
    guard lists.count == 1, beside.count <= 8, beside.allSatisfy({ $0.value.utf8.count <= 200 }),
      !beside.contains(where: { [.callback, .patient, .body].contains($0.meaning) })
    else { return nil }
    return beside.map { field in
      var field = field
      // The list's From is the service.
      if !Self.shared.contains(field.meaning) { field.meaning = nil }
      return field
    }
  }

  private static let shared: Set<FieldName?> = [.account, .to, .taken, .time, .urgency, .operatorName]
}
