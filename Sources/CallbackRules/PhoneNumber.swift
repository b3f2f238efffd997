/// A number to ring: kept as somebody wrote it, compared by its digits.
public struct PhoneNumber: Sendable, Hashable {
  /// What the message says, extension and all.
  public let written: String
  /// The digits without the extension, with the country code in front: `15550104477`. Empty if there are none.
  public let digits: String

  /// - Parameter countryCode: the code of a number written without one (`site.country_code`), digits only.
  public init(written: String, countryCode: String) {
    self.written = written
    let number = Self.withoutExtension(written)
    var digits = String(decoding: number.utf8.filter { (48...57).contains($0) }, as: UTF8.self)
    if digits.isEmpty || number.contains("+") {
      // International, or nothing to compare.
    } else if countryCode == "1" {
      // North America writes a leading 1 or not (ITU-T E.164, NANP).
      if digits.utf8.count == 10 { digits = "1" + digits }
    } else {
      // Elsewhere 00 leads abroad, and one 0 leads out of town.
      if digits.hasPrefix("00") {
        digits.removeFirst(2)
      } else {
        if digits.hasPrefix("0") { digits.removeFirst() }
        digits = countryCode + digits
      }
    }
    self.digits = digits
  }

  /// Both halves as they were stored.
  public init(written: String, digits: String) {
    self.written = written
    self.digits = digits
  }

  private static func withoutExtension(_ text: String) -> Substring {
    // "ext 12", "x12", "extension 12", "#12", ";ext=12": whatever follows the first such mark after a digit.
    var seenDigit = false
    for index in text.indices {
      let character = text[index]
      if character.isNumber { seenDigit = true }
      if seenDigit, "eExX#;".contains(character) { return text[..<index] }
    }
    return text[...]
  }
}
