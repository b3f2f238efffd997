/// One line of a mail's header, folded: ASCII alone, and nothing in a value can begin another line.
///
/// Lines have at most 78 characters (RFC 5322, 2.1.1), except around an address or Message-ID that is longer by itself.
/// What is not plain ASCII becomes encoded words (RFC 2047, Q encoding).
struct HeaderField: Sendable, Equatable {
  /// Without the LF at its end.
  let text: String

  /// A field of free text.
  init(_ name: String, text: String) {
    let line = VisibleText(text).line
    let words = line.split(separator: " ").map(String.init)
    self.init(name, atoms: Self.isPlain(line) ? words : Self.encodedWords(line))
  }

  /// A field with one mailbox: what people call it, and its address.
  init(_ name: String, mailbox: String, address: MailAddress) {
    let line = VisibleText(mailbox).line
    var atoms: [String] = []
    if Self.isPlain(line), line.utf8.count <= 60, !line.contains("\""), !line.contains("\\") {
      if !line.isEmpty { atoms = ["\"\(line)\""] }
    } else {
      atoms = Self.encodedWords(line)
    }
    self.init(name, atoms: atoms + ["<\(address.text)>"])
  }

  /// A field with one Message-ID, which is never encoded.
  ///
  /// - Parameter identifier: ASCII without white space or controls.
  init(_ name: String, identifier: String) {
    precondition(identifier.utf8.allSatisfy { (33...126).contains($0) }, "a Message-ID is printable ASCII")
    self.init(name, atoms: [identifier])
  }

  /// - Parameter atoms: ASCII without white space, between which the line may be folded.
  private init(_ name: String, atoms: [String]) {
    var text = name + ":"
    var column = text.utf8.count
    for atom in atoms {
      let length = atom.utf8.count + 1
      let folds = column + length > 78 && column > name.utf8.count + 1
      text += folds ? "\n \(atom)" : " \(atom)"
      column = folds ? length : column + length
    }
    self.text = text
  }

  private static func isPlain(_ line: String) -> Bool {
    line.utf8.allSatisfy { (32...126).contains($0) } && !line.contains("=?")
      && line.split(separator: " ").allSatisfy { $0.utf8.count <= 60 }
  }

  /// Words of at most 64 characters, none of which cuts a character.
  private static func encodedWords(_ line: String) -> [String] {
    var words: [String] = []
    var current: [UInt8] = []
    func close() {
      words.append("=?utf-8?Q?" + String(decoding: current, as: UTF8.self) + "?=")
      current = []
    }
    for scalar in line.unicodeScalars {
      let unit = quoted(scalar)
      if current.count + unit.count > 52 { close() }
      current += unit
    }
    if !current.isEmpty { close() }
    return words
  }

  /// RFC 2047, 5 (3): the characters that stand for themselves even in a display name.
  private static func quoted(_ scalar: Unicode.Scalar) -> [UInt8] {
    switch scalar {
    case " ": [UInt8(ascii: "_")]
    case "a"..."z", "A"..."Z", "0"..."9", "!", "*", "+", "-", "/": [UInt8(scalar.value)]
    default: QuotedPrintable.escaped(scalar)
    }
  }
}
