import Foundation

/// JSON whose text can't act where somebody looks at it: in a terminal, an editor, a log.
///
/// Encoders escape what stands below U+0020 only. Here the other controls, marks that turn the direction of writing or hide, and
/// separators of lines (Unicode categories Cc, Cf, Zl, Zp) are escapes too: `\u202e`. What a program reads stays the same.
public struct HarmlessJSON: Sendable {
  public let bytes: Data

  /// - Parameter json: what an encoder wrote, so that nothing but ASCII stands outside of strings.
  public init(_ json: Data) {
    // Nearly always.
    guard json.withUnsafeBytes({ bytes in bytes.contains { $0 >= 0x7F } }) else {
      bytes = json
      return
    }
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
      if Self.acts(scalar) {
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          text += Self.escape(unit).unicodeScalars
        }
      } else {
        text.append(scalar)
      }
    }
    bytes = Data(String(text).utf8)
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x7F else { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
