import CGMime

/// What stands in a mail, as text.
///
/// Each value is bounded, and so is the work: of parts, their nesting, addresses and text only so much is looked at. What is
/// left out is noted.
struct DecodedMail {
  /// Without encoded words; nil where there is none.
  private(set) var subject: String?
  /// As its header has it.
  private(set) var date: String?
  /// `Night Desk <desk@answering.example>`
  private(set) var from: String?
  /// The addresses of the envelope, as the MTA noted them, then of To and Cc.
  private(set) var to: [String] = []
  private(set) var messageID: String?
  private(set) var text = ""
  private(set) var attachments = 0
  /// What was left out, a few words each.
  private(set) var notes: [String] = []

  static let mostHeaders = 2000
  private static let mostAddresses = 100
  private static let mostValueBytes = 4096

  init(_ bytes: [UInt8]) {
    g_mime_init()
    guard let message = Self.parse(bytes) else { return }
    defer { cgmime_release(message) }
    read(message, as: .message)
  }

  /// What an answer is made of.
  init() {}

  mutating func read(_ message: UnsafeMutablePointer<GMimeMessage>, as purpose: MailBody.Purpose) {
    readHeader(of: message)
    var body = MailBody(of: message, as: purpose)
    text = body.readableText()
    attachments = body.attachments
    notes += body.notes
  }

  static func parse(_ bytes: [UInt8]) -> UnsafeMutablePointer<GMimeMessage>? {
    // An MTA may put a line `From address date` before the header, as mailboxes have it.
    var start = 0
    if bytes.starts(with: Array("From ".utf8)) { start = (bytes.firstIndex(of: 10) ?? -1) + 1 }
    let stream = bytes[start...].withUnsafeBytes { buffer in
      g_mime_stream_mem_new_with_buffer(buffer.baseAddress, buffer.count)
    }
    defer { cgmime_release(stream) }
    guard let stream, let parser = g_mime_parser_new_with_stream(stream) else { return nil }
    defer { cgmime_release(parser) }
    guard let options = g_mime_parser_options_new() else { return nil }
    defer { g_mime_parser_options_free(options) }
    withFallbackCharsets { g_mime_parser_options_set_fallback_charsets(options, $0) }
    return g_mime_parser_construct_message(parser, options)
  }

  /// Of header values with bytes that are no ASCII, and say nothing of their character set.
  private static func withFallbackCharsets(_ use: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Void) {
    "utf-8".withCString { utf8 in
      "windows-1252".withCString { windows in
        var names: [UnsafePointer<CChar>?] = [utf8, windows, nil]
        names.withUnsafeMutableBufferPointer { buffer in
          if let names = buffer.baseAddress { use(names) }
        }
      }
    }
  }

  // MARK: - Header

  private mutating func readHeader(of message: UnsafeMutablePointer<GMimeMessage>) {
    subject = Self.line(g_mime_message_get_subject(message))
    messageID = Self.line(g_mime_message_get_message_id(message))
    if let list = g_mime_message_get_from(message), internet_address_list_length(list) > 0 {
      from = Self.shown(internet_address_list_get_address(list, 0))
    }
    var (envelope, written): ([String], [String]) = ([], [])
    guard let headers = g_mime_object_get_header_list(cgmime_object(message)) else { return }
    let count = g_mime_header_list_get_count(headers)
    if count > Self.mostHeaders { notes.append("lines of the header after the first \(Self.mostHeaders)") }
    for index in 0..<min(count, Int32(Self.mostHeaders)) {
      guard let header = g_mime_header_list_get_header_at(headers, index), let name = g_mime_header_get_name(header)
      else { continue }
      switch String(cString: name).lowercased() {
      case "date": date = date ?? Self.line(g_mime_header_get_value(header))
      case "from": from = from ?? Self.line(g_mime_header_get_value(header))
      case "x-original-to", "delivered-to", "envelope-to": envelope += Self.addresses(g_mime_header_get_value(header))
      case "to", "cc": written += Self.addresses(g_mime_header_get_raw_value(header))
      default: break
      }
    }
    to = Array((envelope + written).prefix(Self.mostAddresses))
  }

  static func addresses(_ value: UnsafePointer<CChar>?) -> [String] {
    guard let value, let list = internet_address_list_parse(nil, value) else { return [] }
    defer { cgmime_release(list) }
    var found: [String] = []
    gather(list, into: &found, depth: 0)
    return found
  }

  private static func gather(
    _ list: UnsafeMutablePointer<InternetAddressList>, into found: inout [String], depth: Int
  ) {
    for index in 0..<internet_address_list_length(list) {
      guard found.count < mostAddresses, let address = internet_address_list_get_address(list, index) else { return }
      if let members = cgmime_members(address) {
        if depth < 4 { gather(members, into: &found, depth: depth + 1) }
      } else if let line = line(cgmime_address(address)) {
        found.append(line)
      }
    }
  }

  private static func shown(_ address: UnsafeMutablePointer<InternetAddress>?) -> String? {
    guard let address else { return nil }
    switch (line(internet_address_get_name(address)), line(cgmime_address(address))) {
    case (let name?, let mailbox?): return "\(name) <\(mailbox)>"
    case (let name, let mailbox): return name ?? mailbox
    }
  }

  /// The text in one line, bounded; nil where there is nothing. Encoded words may hold line ends and other control characters.
  static func line(_ value: UnsafePointer<CChar>?) -> String? {
    guard let value else { return nil }
    let scalars = String(cString: value).prefix(utf8: mostValueBytes).unicodeScalars
    let words = scalars.split { $0.properties.generalCategory == .control || $0 == " " }
    return words.isEmpty ? nil : words.map { String($0) }.joined(separator: " ")
  }
}

extension String {
  /// The text from its beginning, cut between two characters to at most so many bytes.
  func prefix(utf8 count: Int) -> String {
    guard utf8.count > count else { return self }
    // Slicing a string rounds its end down to a whole character.
    return String(self[..<utf8.index(utf8.startIndex, offsetBy: count)])
  }
}
