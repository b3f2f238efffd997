/// A service's own number for a message (`AS-0042`), taken apart: the digits at its end, and what stands before.
public struct RefNumber: Sendable, Hashable {
  /// What stands before the digits. Numbers with another prefix are another sequence.
  public var prefix: String
  public var number: Int64
  /// How many digits it is written with, where it begins with a zero; else 0.
  public var width: Int

  /// Longer ones are no running numbers.
  private static let mostBytes = 100
  /// More digits than any number of 64 bits has.
  private static let mostDigits = 18
  /// `20261123`: the date that some services begin their numbers with.
  private static let dateDigits = 8

  /// Nil where it does not end in digits.
  public init?(_ written: String) {
    let bytes = Array(written.utf8)
    guard bytes.count <= Self.mostBytes else { return nil }
    var start = bytes.count
    while start > 0, bytes.count - start < Self.mostDigits, Self.isDigit(bytes[start - 1]) { start -= 1 }
    if Self.beginsWithDate(bytes[start...]) { start += Self.dateDigits }
    guard let number = Int64(String(decoding: bytes[start...], as: UTF8.self)) else { return nil }
    prefix = String(decoding: bytes[..<start], as: UTF8.self)
    self.number = number
    width = bytes[start] == UInt8(ascii: "0") ? bytes.count - start : 0
  }

  /// The ways in which a message may have this Ref that a list has otherwise: its letters all large or all small, and its number
  /// with more leading zeros, or fewer.
  ///
  /// At most 27, which are looked up one by one: as it is written first.
  public static func spellings(of written: String) -> [String] {
    var spellings = [written]
    for letters in [written, written.uppercased(), written.lowercased()] {
      if letters != spellings[0] { spellings.append(letters) }
      guard let ref = RefNumber(letters) else { continue }
      for width in 0...mostWidth {
        let spelling = RefRange(prefix: ref.prefix, numbers: ref.number...ref.number, width: width).text
        if !spellings.contains(spelling) { spellings.append(spelling) }
      }
    }
    return spellings
  }

  /// Digits that a running number is padded to.
  private static let mostWidth = 8

  /// Whether digits are a day of this century and a number of at least two digits, so that the day belongs to the prefix.
  private static func beginsWithDate(_ digits: ArraySlice<UInt8>) -> Bool {
    guard digits.count >= dateDigits + 2 else { return false }
    let values = digits.prefix(dateDigits).map { Int($0 - UInt8(ascii: "0")) }
    let month = values[4] * 10 + values[5]
    let day = values[6] * 10 + values[7]
    return values[0] == 2 && values[1] == 0 && (1...12).contains(month) && (1...31).contains(day)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
