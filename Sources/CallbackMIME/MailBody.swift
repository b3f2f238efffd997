import CGMime

/// The text of a mail that a person would read, from all of its parts.
///
/// Parts stand one after the other; of alternatives the plain one is taken, else the last. HTML is turned into text. Attachments
/// are only counted, and a forwarded mail is read where there is nothing else.
struct MailBody {
  private let message: UnsafeMutablePointer<GMimeMessage>
  private var forwarded: [UnsafeMutablePointer<GMimeMessage>] = []
  private(set) var attachments = 0
  private(set) var notes: [String] = []
  private var parts = 0
  /// How much more text is taken.
  private var roomBytes = mostTextBytes

  private static let mostTextBytes = 1 << 20
  private static let mostParts = 1000
  private static let mostLevels = 50

  private struct Text {
    var text = ""
    var isPlain = true
    var isBlank: Bool { text.utf8.allSatisfy { $0 <= 0x20 } }
  }

  private let purpose: Purpose

  /// What the text is read for.
  enum Purpose {
    case message
    /// Lines that HTML quotes begin with `>`, and a forwarded mail is nobody's answer.
    case answer
  }

  init(of message: UnsafeMutablePointer<GMimeMessage>, as purpose: Purpose) {
    self.message = message
    self.purpose = purpose
  }

  mutating func readableText() -> String {
    guard let root = cgmime_root(message) else { return "" }
    var found = text(of: root, level: 0)
    var next = 0
    while purpose == .message, found.isBlank, next < forwarded.count {
      if let root = cgmime_root(forwarded[next]) { found = text(of: root, level: 0) }
      next += 1
    }
    return found.isBlank ? "" : found.text
  }

  private mutating func text(of object: UnsafeMutablePointer<GMimeObject>, level: Int) -> Text {
    guard parts < Self.mostParts else {
      note("parts after the first \(Self.mostParts)")
      return Text()
    }
    parts += 1
    if cgmime_is_multipart(object) != 0 {
      guard level < Self.mostLevels else {
        note("parts within more than \(Self.mostLevels) others")
        return Text()
      }
      return isOf("multipart", "alternative", object)
        ? alternative(in: object, level: level) : joined(in: object, level: level)
    }
    if isAttachment(object) {
      attachments += 1
      return Text()
    }
    if cgmime_is_message(object) != 0 {
      if let message = cgmime_message(object) { forwarded.append(message) }
      return Text()
    }
    return leaf(object)
  }

  private mutating func joined(in multipart: UnsafeMutablePointer<GMimeObject>, level: Int) -> Text {
    var all = Text()
    for child in children(of: multipart) {
      let found = text(of: child, level: level + 1)
      guard !found.isBlank else { continue }
      all = Text(text: all.isBlank ? found.text : all.text + "\n" + found.text, isPlain: all.isPlain && found.isPlain)
    }
    return all
  }

  private mutating func alternative(in multipart: UnsafeMutablePointer<GMimeObject>, level: Int) -> Text {
    var last = Text()
    for child in children(of: multipart) {
      let found = text(of: child, level: level + 1)
      guard !found.isBlank else { continue }
      if found.isPlain { return found }
      last = found
    }
    return last
  }

  private func children(
    of multipart: UnsafeMutablePointer<GMimeObject>
  ) -> some Sequence<UnsafeMutablePointer<GMimeObject>> {
    (0..<max(cgmime_count(multipart), 0)).lazy.compactMap { cgmime_child(multipart, $0) }.prefix(Self.mostParts + 1)
  }

  /// The text of a part that has no parts.
  private mutating func leaf(_ part: UnsafeMutablePointer<GMimeObject>) -> Text {
    let isHTML = isOf("text", "html", part)
    let isText = isHTML || isOf("text", "*", part) || isOf("application", "json", part)
    guard cgmime_is_part(part) != 0, isText else {
      attachments += 1
      return Text()
    }
    guard roomBytes > 0, let content = cgmime_content(part) else { return Text() }
    defer { g_byte_array_free(content, 1) }
    let bytes = UnsafeRawBufferPointer(start: content.pointee.data, count: Int(content.pointee.len))
    // A character may take four bytes, and one of UTF-8 come from four of the part.
    if bytes.count > roomBytes * 4 { note("text after the first MiB") }
    let decoded = Charset.decode(Array(bytes.prefix(roomBytes * 4)), named: charset(of: part))
    let whole = isHTML ? HTMLText(decoded, marksQuotes: purpose == .answer).text : decoded
    let text = whole.prefix(utf8: roomBytes)
    if text.utf8.count < whole.utf8.count { note("text after the first MiB") }
    roomBytes -= text.utf8.count
    return Text(text: text, isPlain: !isHTML)
  }

  // MARK: - What a part says of itself

  private func isOf(_ type: String, _ subtype: String, _ object: UnsafeMutablePointer<GMimeObject>) -> Bool {
    guard let content = g_mime_object_get_content_type(object) else { return false }
    return g_mime_content_type_is_type(content, type, subtype) != 0
  }

  private func isAttachment(_ object: UnsafeMutablePointer<GMimeObject>) -> Bool {
    guard let disposition = g_mime_object_get_disposition(object) else { return false }
    return String(cString: disposition).lowercased() == "attachment"
  }

  private func charset(of part: UnsafeMutablePointer<GMimeObject>) -> String? {
    g_mime_object_get_content_type_parameter(part, "charset").map { String(cString: $0) }
  }

  private mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }
}
