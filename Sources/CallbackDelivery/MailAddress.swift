/// A plain address that is safe in a header and on a command line: `rivera@riverside.example`, or `root`.
struct MailAddress: Sendable, Equatable {
  let text: String

  /// Nil if it is not one: characters other than RFC 5322's atext, dots and one `@`, longer than 254 (RFC 5321 errata 1690),
  /// or a beginning that sendmail takes for an option (`-`), a program (`|`) or a file (`/`).
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 254, Self.isAlphanumeric(first) || first == UInt8(ascii: "_"),
      bytes.allSatisfy({ Self.isAlphanumeric($0) || Self.marks.contains($0) })
    else { return nil }
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count <= 2, halves.allSatisfy({ !$0.isEmpty }), halves.allSatisfy(Self.hasNoLoneDot) else {
      return nil
    }
    self.text = text
  }

  /// What follows the `@`; nil for a local name.
  var domain: String? {
    text.firstIndex(of: "@").map { String(text[text.index(after: $0)...]) }
  }

  private static let marks = Set("!#$%&'*+-/=?^_`{|}~.@".utf8)

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// RFC 5322 dot-atom: no dot at either end, no two in a row.
  private static func hasNoLoneDot(_ half: Substring) -> Bool {
    half.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }
}
