/// Text as quoted-printable (RFC 2045, 6.7): ASCII lines of at most 76 characters, ended by LF.
///
/// A line never begins with a dot, which some sendmails take for the end, nor with `From `, which mailboxes take for the
/// next mail; a character is never cut by a soft line break.
enum QuotedPrintable {
  static func encode(_ text: String) -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count + text.utf8.count / 16)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      append(line, to: &encoded)
      encoded.append(UInt8(ascii: "\n"))
    }
    return encoded
  }

  private static func append(_ line: Substring, to encoded: inout [UInt8]) {
    var column = 0
    var rest = line.unicodeScalars
    while let scalar = rest.popFirst() {
      let startsFrom = scalar == "F" && rest.starts(with: "rom ".unicodeScalars)
      let unsafe = column == 0 && (scalar == "." || startsFrom) || rest.isEmpty && (scalar == " " || scalar == "\t")
      var unit = unsafe || !isPlain(scalar) ? escaped(scalar) : [UInt8(scalar.value)]
      // The last column is for the soft break's own `=`.
      if column + unit.count > (rest.isEmpty ? 76 : 75) {
        encoded += [UInt8(ascii: "="), UInt8(ascii: "\n")]
        column = 0
        if scalar == "." || startsFrom { unit = escaped(scalar) }
      }
      encoded += unit
      column += unit.count
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    (32...126).contains(scalar.value) && scalar != "=" || scalar == "\t"
  }

  static func escaped(_ scalar: Unicode.Scalar) -> [UInt8] {
    UTF8.encode(scalar)?.flatMap { [UInt8(ascii: "="), hexadecimal[Int($0 >> 4)], hexadecimal[Int($0 & 15)]] } ?? []
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
