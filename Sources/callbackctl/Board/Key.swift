/// What a person presses.
enum Key: Equatable {
  /// A character that stands for itself.
  case character(Character)
  case enter
  case escape
  case backspace
  case up
  case down
  case pageUp
  case pageDown
  case home
  case end
  /// Ctrl with a letter, in lower case.
  case control(Character)
  /// What was pasted: it is text, and never a command.
  case paste(String)
}

/// Turns the bytes of a terminal into keys.
///
/// Pure. Sequences may come in pieces; those that are not known are passed over whole.
struct KeyReader {
  private var bytes: [UInt8] = []
  private static let mostBytes = 1 << 16
  private static let pasteBegin = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// Whether something was begun: an ESC is a key if nothing follows it, and the beginning of one if something does.
  var isPending: Bool { !bytes.isEmpty }

  mutating func feed(_ new: some Sequence<UInt8>) -> [Key] {
    bytes += new
    // Nobody types so much; a paste without an end must not grow.
    if bytes.count > Self.mostBytes { bytes.removeAll() }
    return keys()
  }

  /// Nothing has followed for a while.
  mutating func end() -> [Key] {
    defer { bytes.removeAll() }
    return bytes == [0x1B] ? [.escape] : []
  }

  private mutating func keys() -> [Key] {
    var keys: [Key] = []
    while let first = bytes.first {
      guard let (key, length) = first == 0x1B ? sequence() : plain(first) else { break }
      bytes.removeFirst(length)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// A key of one character, and how many bytes it is; nil until the rest has come.
  private func plain(_ first: UInt8) -> (Key?, Int)? {
    switch first {
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A: return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
    case 0x00..<0x20: return (nil, 1)
    default: break
    }
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard bytes.count >= length else { return nil }
    let text = String(decoding: bytes[..<length], as: UTF8.self)
    return (text.count == 1 ? text.first.map(Key.character) : nil, length)
  }

  /// A key that begins with ESC: CSI and SS3 (ECMA-48, xterm's ctlseqs).
  private func sequence() -> (Key?, Int)? {
    if bytes.starts(with: Self.pasteBegin) { return paste() }
    guard bytes.count >= 2 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "["):
      guard let end = bytes[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
      return (named(String(decoding: bytes[2...end], as: UTF8.self)), end + 1)
    case UInt8(ascii: "O"):
      guard bytes.count >= 3 else { return nil }
      return (named(String(decoding: bytes[2...2], as: UTF8.self)), 3)
    case 0x1B: return (.escape, 1)
    // Alt with a key.
    default: return (nil, 2)
    }
  }

  private func paste() -> (Key?, Int)? {
    let start = Self.pasteBegin.count
    for index in start..<bytes.count where bytes[index...].starts(with: Self.pasteEnd) {
      return (.paste(String(decoding: bytes[start..<index], as: UTF8.self)), index + Self.pasteEnd.count)
    }
    return nil
  }

  private func named(_ end: String) -> Key? {
    switch end {
    case "A": .up
    case "B": .down
    case "5~": .pageUp
    case "6~": .pageDown
    case "H", "1~", "7~": .home
    case "F", "4~", "8~": .end
    default: nil
    }
  }
}
