import CallbackRules

/// How one value is read and checked.
struct ValueKind<Value> {
  /// What to write where the value is missing or wrong: `a span, such as "30m"`.
  let write: String
  let read: (Node.Value) throws(Wrong) -> Value
}

/// Why a value can't be used: the start of a sentence, and, if the kind's own remedy does not fit, what to write.
struct Wrong: Error {
  var reason: String
  var write: String?

  init(_ reason: String, write: String? = nil) {
    self.reason = reason
    self.write = write
  }

  /// The value is of another type.
  init(_ value: Node.Value, isNot wanted: String) {
    let found =
      switch value {
      case .string(let text): "\(quoted(text)) is text"
      case .integer(let number): "\(number) is a number"
      case .boolean(let truth): "`\(truth)` is a truth value"
      case .date: "this is a date without quotes"
      case .dateTime: "this is a time without quotes"
      case .list: "this is a list"
      case .table: "this is a table"
      case .other, .reported: "this is something else"
      }
    self.init("\(found), not \(wanted)")
  }
}

extension ValueKind {
  /// A value that stands in quotes.
  ///
  /// - Parameter parse: nil for text that is no such value.
  static func text(
    _ what: String, write: String, _ parse: @escaping (String) throws(Wrong) -> Value?
  ) -> ValueKind {
    ValueKind(write: write) { value throws(Wrong) in
      guard case .string(let text) = value else { throw Wrong(value, isNot: "\(what) in quotes") }
      guard let parsed = try parse(text) else { throw Wrong("\(quoted(text)) is not \(what)") }
      return parsed
    }
  }

  /// One of a few words.
  static func choice(_ words: KeyValuePairs<String, Value>) -> ValueKind {
    let all = words.map { "\"\($0.key)\"" }.joined(separator: ", ")
    return .text("one of the known words", write: "one of \(all)") { text in
      words.first { $0.key == text }?.value
    }
  }
}

extension ValueKind where Value == Bool {
  static var truth: ValueKind {
    ValueKind(write: "true or false, without quotes") { value throws(Wrong) in
      guard case .boolean(let truth) = value else { throw Wrong(value, isNot: "true or false") }
      return truth
    }
  }

  /// Whether the day stands before the month.
  static var dateOrder: ValueKind { .choice(["month-first": false, "day-first": true]) }
}

extension ValueKind where Value == Int {
  static func number(_ range: ClosedRange<Int>) -> ValueKind {
    ValueKind(write: "a number from \(range.lowerBound) to \(range.upperBound), without quotes") {
      value throws(Wrong) in
      guard case .integer(let number) = value else { throw Wrong(value, isNot: "a number") }
      guard range.contains(number) else {
        throw Wrong("\(number) is too \(number < range.lowerBound ? "small" : "large")")
      }
      return number
    }
  }

  /// A size in bytes: `1MiB`, `500kB`.
  static func size(_ range: ClosedRange<Int>) -> ValueKind {
    let units = ["B": 1, "kB": 1000, "KiB": 1 << 10, "MB": 1_000_000, "MiB": 1 << 20]
    return .text("a size", write: "a whole number and its unit (B, kB, KiB, MB, MiB), such as \"1MiB\"") {
      text throws(Wrong) in
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      let unit = text.dropFirst(digits.count).drop { $0 == " " }
      guard let count = Int(digits), let factor = units[String(unit)] else { return nil }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
      guard !overflow, bytes <= range.upperBound else {
        throw Wrong("\(quoted(text)) is too large", write: "at most \(range.upperBound / 1024)KiB")
      }
      guard bytes >= range.lowerBound else {
        throw Wrong("\(quoted(text)) is too small", write: "at least \(range.lowerBound / 1024)KiB")
      }
      return bytes
    }
  }
}

extension ValueKind where Value == Urgency {
  static var urgency: ValueKind {
    .choice(["emergency": .emergency, "urgent": .urgent, "routine": .routine])
  }
}
