/// A number to ring: kept as somebody wrote it, compared by its digits.
public struct PhoneNumber: Sendable, Hashable {
  /// What the message says, extension and all.
  public let written: String
  /// The digits of the first number without its extension, with the country code in front: `15550104477`. Empty if there are
  /// none.
  public let digits: String

  /// - Parameter countryCode: the code of a number written without one (`site.country_code`), digits only.
  public init(written: String, countryCode: String) {
    self.written = written
    var number = String(Self.firstNumber(in: written))
    // "+44 (0)20": the 0 is dialled at home only (ITU-T E.123).
    let isInternational = number.utf8.contains(UInt8(ascii: "+"))
    if isInternational { number = number.replacing("(0)", with: " ") }
    var digits = String(decoding: number.utf8.filter { (48...57).contains($0) }, as: UTF8.self)
    if digits.isEmpty || isInternational {
      // International, or nothing to compare.
    } else if countryCode == "1" {
      // North America writes a leading 1 or not (ITU-T E.164, NANP).
      if digits.utf8.count == 10 {
        digits = "1" + digits
      } else if digits.hasPrefix("011"), digits.utf8.count > 11 {
        digits.removeFirst(3)
      }
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

  /// The shortest number that stands by itself.
  private static let shortestDigits = 7
  /// The longest number of North America; behind more, a slash stands before another number.
  private static let longestLocalDigits = 10

  private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.numericType != nil
  }

  /// The number up to its extension (`ext 12`, `x12`, `#12`, `;ext=12`, `,12`), to a word (`cell`) or to another number (`or 555…`).
  private static func firstNumber(in text: String) -> Substring {
    var digits = 0
    for (index, scalar) in zip(text.unicodeScalars.indices, text.unicodeScalars) {
      if isNumber(scalar) { digits += 1 }
      let isEnd =
        switch scalar {
        case "e", "E", "x", "X", "#", ";": digits > 0
        case ",": digits >= shortestDigits
        case "/": digits >= longestLocalDigits
        default: digits >= shortestDigits && scalar.properties.isAlphabetic
        }
      if isEnd { return text[..<index] }
    }
    return text[...]
  }
}
