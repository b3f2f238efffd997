import CallbackRules
import Foundation
import GRDB

/// How values stand in columns.
extension Date {
  /// Whole seconds since 1970, rounded down; what is further away than thirty million years is that far.
  var columnSeconds: Int64 {
    // A client may ask for a page of the list that begins at any time, which must not trap.
    let furthest = 1e15
    return Int64(min(max(timeIntervalSince1970, -furthest), furthest).rounded(.down))
  }

  init(columnSeconds: Int64) {
    self.init(timeIntervalSince1970: Double(columnSeconds))
  }
}

extension String {
  /// The text with a sign in the place of each NUL byte: a column's text would end there, and the rest be lost.
  var withoutNul: String { hasNul ? replacing("\0", with: "␀") : self }

  /// Not by `contains`, which looks at one byte after the other, and every text of every message is asked.
  fileprivate var hasNul: Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    } ?? utf8.contains(0)
  }
}

/// Values as they stand in their columns.
extension DatabaseValue {
  static func of(_ text: String?) -> DatabaseValue { text?.withoutNul.databaseValue ?? .null }
  static func of(_ date: Date?) -> DatabaseValue { date?.columnSeconds.databaseValue ?? .null }
  static func of(_ number: Int?) -> DatabaseValue { number?.databaseValue ?? .null }
  static func of(_ number: Int64?) -> DatabaseValue { number?.databaseValue ?? .null }
  static func of(_ flag: Bool?) -> DatabaseValue { flag?.databaseValue ?? .null }
  static func of(_ data: Data?) -> DatabaseValue { data?.databaseValue ?? .null }

  /// A text without NUL bytes; any other value as it is.
  var withoutNul: DatabaseValue {
    if case .string(let text) = storage, text.hasNul { text.withoutNul.databaseValue } else { self }
  }
}

extension Optional where Wrapped == any DatabaseValueConvertible {
  /// As it stands in its column.
  var columnValue: DatabaseValue { self?.databaseValue.withoutNul ?? .null }
}

/// A row, whose values are found by the names of their columns.
protocol NamedColumns {
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(of column: String) -> Value
}

extension Row: NamedColumns {
  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(of column: String) -> Value { self[column] }
}

/// A row of which it is known what columns it has. A column is looked for from behind the last one on, so it costs next to nothing to
/// read them in about their order; GRDB compares a name with that of each column from the first on, every time.
final class OrderedRow: NamedColumns {
  private let row: Row
  private let columns: [String]
  /// Where the last one stood that was asked for.
  private var last = -1

  init(_ row: Row, columns: [String]) {
    self.row = row
    self.columns = columns
  }

  func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(of column: String) -> Value {
    row[place(of: column)]
  }

  private func place(of column: String) -> Int {
    for _ in columns.indices {
      last = last + 1 == columns.count ? 0 : last + 1
      if columns[last] == column { return last }
    }
    preconditionFailure("\(column) is asked for, but was not selected")
  }
}

extension NamedColumns {
  subscript<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) -> Value {
    value(of: column)
  }

  func date(_ column: String) -> Date? {
    (self[column] as Int64?).map { Date(columnSeconds: $0) }
  }

  func requiredDate(_ column: String) -> Date { Date(columnSeconds: self[column]) }

  /// A word of an enumeration; a word that this version does not know is a damaged or newer store.
  func word<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue == String {
    let raw: String = self[column]
    guard let word = Word(rawValue: raw) else {
      throw StoreError("The store holds the unknown word “\(raw)” in \(column); was it written by a newer version?")
    }
    return word
  }

  func urgency(_ column: String) throws -> Urgency {
    let raw: Int = self[column]
    guard let urgency = Urgency(rawValue: raw) else {
      throw StoreError("The store holds the unknown urgency \(raw) in \(column); was it written by a newer version?")
    }
    return urgency
  }
}

extension Event.Actor {
  /// `callbackd`, `service:ID`, `person:ID`.
  var column: String {
    switch self {
    case .callbackd: "callbackd"
    case .service(let id): "service:\(id ?? "")"
    case .person(let id, _): "person:\(id)"
    }
  }

  var loginColumn: String? {
    if case .person(_, let login) = self { login } else { nil }
  }

  init(column: String, login: String?) {
    if column.hasPrefix("service:") {
      let id = String(column.dropFirst("service:".count))
      self = .service(id.isEmpty ? nil : id)
    } else if column.hasPrefix("person:") {
      self = .person(String(column.dropFirst("person:".count)), login: login)
    } else {
      self = .callbackd
    }
  }
}

/// Lists inside one column, as JSON; nil when empty.
enum ListColumn {
  static func encode(_ fields: [Message.OtherField]) throws -> String? {
    try encode(strings: fields.flatMap { [$0.name, $0.value] })
  }

  static func encode(strings: [String]) throws -> String? {
    guard !strings.isEmpty else { return nil }
    return String(decoding: try JSONEncoder().encode(strings), as: UTF8.self)
  }

  static func strings(_ text: String?) throws -> [String] {
    guard let text else { return [] }
    return try JSONDecoder().decode([String].self, from: Data(text.utf8))
  }

  static func otherFields(_ text: String?) throws -> [Message.OtherField] {
    let strings = try strings(text)
    return stride(from: 0, to: strings.count - 1, by: 2).map {
      Message.OtherField(name: strings[$0], value: strings[$0 + 1])
    }
  }
}
