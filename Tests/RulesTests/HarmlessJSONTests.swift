import CallbackRules
import Foundation
import Testing

@Suite("JSON that people look at")
struct HarmlessJSONTests {
  private func written(_ values: [String]) throws -> Data { HarmlessJSON(try JSONEncoder().encode(values)).bytes }

  @Test(
    "Controls, marks of direction, what can't be seen and separators are escapes",
    arguments: [
      ("a\u{7F}", "a\\u007f"), ("\u{85}\u{9B}31m", "\\u0085\\u009b31m"), ("\u{202E}x\u{2069}", "\\u202ex\\u2069"),
      ("\u{2028}\u{2029}", "\\u2028\\u2029"), ("\u{FEFF}\u{200B}", "\\ufeff\\u200b"), ("\u{E0041}", "\\udb40\\udc41"),
      ("Zoë 王 👩🏽 \u{FFFD}", "Zoë 王 👩🏽 \u{FFFD}"), ("plain", "plain"),
    ])
  func escapes(value: String, expected: String) throws {
    #expect(String(decoding: try written([value]), as: UTF8.self) == "[\"\(expected)\"]")
  }

  @Test("What a program reads is the same, whatever the characters")
  func unchanged() throws {
    let scalars = (0...0x10FFFF).lazy.compactMap { Unicode.Scalar(UInt32($0)) }
    var all = String.UnicodeScalarView()
    for scalar in scalars where scalar.properties.generalCategory != .unassigned || scalar.value < 0x3000 {
      all.append(scalar)
    }
    let text = String(all)
    let json = try written([text])
    #expect(try JSONDecoder().decode([String].self, from: json).map { Array($0.utf8) } == [Array(text.utf8)])
    #expect(
      !String(decoding: json, as: UTF8.self).unicodeScalars.contains { scalar in
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
      })
  }
}
