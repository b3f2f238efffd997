/// Text as quoted-printable (RFC 2045, 6.7): ASCII lines of at most 76 characters, ended by LF.
///
/// A line never begins with a dot, which some sendmails take for the end, nor with `From `, which mailboxes take for the
/// next mail; a character is never cut by a soft line break.
enum QuotedPrintable {
  static func encode(_ text: String) -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count + text.utf8.count / 16)
    for line in Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      append(line, to: &encoded)
      encoded.append(UInt8(ascii: "\n"))
    }
    return encoded
  }

  /// - Parameter line: UTF-8.
  private static func append(_ line: ArraySlice<UInt8>, to encoded: inout [UInt8]) {
    var column = 0
    var rest = line
    while let first = rest.first {
      let character = rest.prefix(length(of: first))
      let isLast = character.count == rest.count
      let wouldMislead = first == UInt8(ascii: ".") || first == UInt8(ascii: "F") && rest.starts(with: "From ".utf8)
      var isEscaped =
        !isPlain(first) || column == 0 && wouldMislead
        || isLast && (first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"))
      // The last column is for the soft break's own `=`.
      if column + width(of: character, isEscaped) > (isLast ? 76 : 75) {
        encoded += [UInt8(ascii: "="), UInt8(ascii: "\n")]
        column = 0
        isEscaped = isEscaped || wouldMislead
      }
      if isEscaped { for byte in character { append(escaped: byte, to: &encoded) } } else { encoded.append(first) }
      column += width(of: character, isEscaped)
      rest = rest[character.endIndex...]
    }
  }

  /// In bytes, of a character of Unicode that begins with this one.
  private static func length(of first: UInt8) -> Int {
    first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// In columns.
  private static func width(of character: ArraySlice<UInt8>, _ isEscaped: Bool) -> Int {
    isEscaped ? 3 * character.count : 1
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (32...126).contains(byte) && byte != UInt8(ascii: "=") || byte == UInt8(ascii: "\t")
  }

  static func escaped(_ scalar: Unicode.Scalar) -> [UInt8] {
    var encoded: [UInt8] = []
    for byte in UTF8.encode(scalar) ?? .init() { append(escaped: byte, to: &encoded) }
    return encoded
  }

  private static func append(escaped byte: UInt8, to encoded: inout [UInt8]) {
    encoded.append(UInt8(ascii: "="))
    encoded.append(hexadecimal[Int(byte >> 4)])
    encoded.append(hexadecimal[Int(byte & 15)])
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
