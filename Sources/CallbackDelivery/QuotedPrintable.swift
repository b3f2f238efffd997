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
    let scalars = Array(line.unicodeScalars)
    var column = 0
    for (place, scalar) in scalars.enumerated() {
      let isLast = place == scalars.count - 1
      let wouldMislead = scalar == "." || scalar == "F" && scalars[place...].starts(with: "From ".unicodeScalars)
      var isEscaped =
        !isPlain(scalar) || column == 0 && wouldMislead || isLast && (scalar == " " || scalar == "\t")
      // The last column is for the soft break's own `=`.
      if column + width(of: scalar, isEscaped) > (isLast ? 76 : 75) {
        encoded += [UInt8(ascii: "="), UInt8(ascii: "\n")]
        column = 0
        isEscaped = isEscaped || wouldMislead
      }
      if isEscaped { encoded += escaped(scalar) } else { encoded.append(UInt8(scalar.value)) }
      column += width(of: scalar, isEscaped)
    }
  }

  /// In columns.
  private static func width(of scalar: Unicode.Scalar, _ isEscaped: Bool) -> Int {
    isEscaped ? 3 * UTF8.width(scalar) : 1
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    (32...126).contains(scalar.value) && scalar != "=" || scalar == "\t"
  }

  static func escaped(_ scalar: Unicode.Scalar) -> [UInt8] {
    UTF8.encode(scalar)?.flatMap { [UInt8(ascii: "="), hexadecimal[Int($0 >> 4)], hexadecimal[Int($0 & 15)]] } ?? []
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
