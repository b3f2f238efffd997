/// A line of comma-separated values as RFC 4180 has it, that a spreadsheet shows and does not compute.
struct CSVLine {
  private var cells: [String] = []

  /// A value of ours: a number, a time, an id.
  mutating func add(plain value: String?) { cells.append(Self.quoted(value ?? "")) }

  /// A value from outside. One that a spreadsheet would take for a formula gets an apostrophe before it, which makes it text there.
  mutating func add(text value: String?) {
    guard let value, let first = value.unicodeScalars.first(where: { $0 != " " }) else { return add(plain: value) }
    add(plain: Self.formulaSigns.contains(first) ? "'" + value : value)
  }

  /// With the line end that belongs to it.
  var text: String { cells.joined(separator: ",") + "\r\n" }

  /// By which spreadsheets know formulas, the full-width ones included.
  private static let formulaSigns: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

  private static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\n")
        && byte != UInt8(ascii: "\r")
    }
    let hasBlankEnds = value.first == " " || value.last == " "
    return isPlain && !hasBlankEnds ? value : "\"" + value.replacing("\"", with: "\"\"") + "\""
  }
}
