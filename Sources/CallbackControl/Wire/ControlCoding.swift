import CallbackRules
import Foundation

/// How values become JSON on the control socket and in `callbackctl --json`, and back.
///
/// Times are ISO 8601 in UTC, to the second (`2026-11-23T19:05:00Z`); keys are in alphabetical order, so that equal values
/// give equal bytes. What is printed of it can't act in a terminal (`HarmlessJSON`).
public enum ControlCoding {
  public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.timestamp)
    }
    return HarmlessJSON(try encoder.encode(value)).bytes
  }

  public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let container = try decoder.singleValueContainer()
      guard let date = date(timestamp: try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: howTimesAre)
      }
      return date
    }
    return try decoder.decode(type, from: data)
  }

  static let howTimesAre = "a time is written 2026-11-23T19:05:00Z"

  /// The moment of a time as `Date.timestamp` writes it, and nothing else; nil if it is not one.
  public static func date(timestamp: String) -> Date? {
    let bytes = Array(timestamp.utf8)
    guard bytes.count == timePattern.count else { return nil }
    for (byte, expected) in zip(bytes, timePattern) {
      let fits = expected == UInt8(ascii: "d") ? (48...57).contains(byte) : byte == expected
      guard fits else { return nil }
    }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
    let time = CivilTime(
      year: number(0..<4), month: number(5..<7), day: number(8..<10), hour: number(11..<13),
      minute: number(14..<16), second: number(17..<19))
    return time.map { Date(timeIntervalSince1970: Double($0.secondsSince1970)) }
  }
  private static let timePattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
}
