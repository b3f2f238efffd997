/// The text of a message file: its characters as UTF-8, whatever it was written in.
struct DecodedText {
  /// Valid UTF-8, without a byte order mark.
  let utf8: [UInt8]
  let encoding: Encoding

  enum Encoding: String {
    case utf8 = "UTF-8"
    case utf16 = "UTF-16"
    case windows1252 = "Windows-1252"
  }

  /// Decodes UTF-8 with or without a byte order mark, UTF-16 with one, and everything else as Windows-1252, in which any
  /// bytes are some text. A Ctrl-Z at the end is DOS's end of file, not text.
  init(_ file: [UInt8]) {
    if file.starts(with: [0xFE, 0xFF]) || file.starts(with: [0xFF, 0xFE]) {
      utf8 = Self.fromUTF16(file.dropFirst(2), bigEndian: file[0] == 0xFE)
      encoding = .utf16
      return
    }
    let bytes = file.last == 0x1A ? file.dropLast() : file
    if String(validating: bytes, as: UTF8.self) != nil {
      utf8 = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
      encoding = .utf8
    } else {
      utf8 = Self.fromWindows1252(bytes)
      encoding = .windows1252
    }
  }

  var string: String { String(decoding: utf8, as: UTF8.self) }

  /// Lone surrogates and a byte left over become U+FFFD.
  private static func fromUTF16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> [UInt8] {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2 + 1)
    var index = bytes.startIndex
    while index + 1 < bytes.endIndex {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(bigEndian ? first << 8 | second : second << 8 | first)
      index += 2
    }
    if index < bytes.endIndex { units.append(0xFFFD) }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private static func fromWindows1252(_ bytes: [UInt8]) -> [UInt8] {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(bytes.count + bytes.count / 4)
    for byte in bytes {
      let scalar = (0x80...0x9F).contains(byte) ? windows1252[Int(byte) - 0x80] : UInt16(byte)
      switch scalar {
      case ..<0x80:
        utf8.append(UInt8(scalar))
      case ..<0x800:
        utf8.append(0xC0 | UInt8(scalar >> 6))
        utf8.append(0x80 | UInt8(scalar & 0x3F))
      default:
        utf8.append(0xE0 | UInt8(scalar >> 12))
        utf8.append(0x80 | UInt8(scalar >> 6 & 0x3F))
        utf8.append(0x80 | UInt8(scalar & 0x3F))
      }
    }
    return utf8
  }

  /// What 0x80 to 0x9F stand for (WHATWG Encoding, index-windows-1252): the five unassigned bytes are C1 controls.
  private static let windows1252: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}
