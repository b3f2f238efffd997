import CGMime

/// What stands in a mail that answers a notice, or says what became of one.
///
/// Bounded like `DecodedMail`: of identifiers, reports and their parts only so many are looked at.
struct DecodedAnswer {
  /// Its text has the lines that HTML quotes marked by `>`.
  private(set) var mail = DecodedMail()
  /// The addresses of all From fields.
  private(set) var senders: [String] = []
  /// Message-IDs: of In-Reply-To, then of References from its end.
  private(set) var answered: [String] = []
  /// Message-IDs of the mails that it returns.
  private(set) var returned: [String] = []
  /// The fields that tell automatic mails from people's, by their names in lower case.
  private(set) var header: [String: String] = [:]
  /// In lower case; nil where it is no report.
  private(set) var reportType: String?
  private(set) var reports: [Report] = []

  /// What became of a mail for one recipient.
  struct Report {
    var action: String
    var status: String?
  }

  private static let telling: Set<String> = [
    "auto-submitted", "precedence", "return-path", "x-autoreply", "x-autorespond", "x-autoresponder",
    "x-auto-response-suppress", "x-failed-recipients", "x-ms-exchange-generated-message-source",
    "x-ms-exchange-inbox-rules-loop",
  ]
  private static let mostIDs = 20
  private static let mostSenders = 10
  private static let mostReports = 20
  private static let mostParts = 50

  init(_ bytes: [UInt8]) {
    g_mime_init()
    guard let message = DecodedMail.parse(bytes) else { return }
    defer { cgmime_release(message) }
    mail.read(message, as: .answer)
    readHeader(of: message)
    guard let root = cgmime_root(message), cgmime_is_multipart(root) != 0, isOf("multipart", "report", root) else {
      return
    }
    reportType = parameter("report-type", of: root)?.lowercased() ?? "unknown"
    var parts = Self.mostParts
    readReport(in: root, &parts, level: 0)
  }

  // MARK: - Header

  private mutating func readHeader(of message: UnsafeMutablePointer<GMimeMessage>) {
    guard let headers = g_mime_object_get_header_list(cgmime_object(message)) else { return }
    var (replied, references): ([String], [String]) = ([], [])
    for index in 0..<min(g_mime_header_list_get_count(headers), Int32(DecodedMail.mostHeaders)) {
      guard let field = g_mime_header_list_get_header_at(headers, index), let name = g_mime_header_get_name(field)
      else { continue }
      let key = String(cString: name).lowercased()
      switch key {
      case "from": senders += DecodedMail.addresses(g_mime_header_get_raw_value(field))
      case "in-reply-to": replied += identifiers(in: g_mime_header_get_raw_value(field))
      case "references": references += identifiers(in: g_mime_header_get_raw_value(field)).reversed()
      case _ where Self.telling.contains(key):
        header[key] = header[key] ?? DecodedMail.line(g_mime_header_get_value(field)) ?? ""
      default: break
      }
    }
    senders = Array(senders.prefix(Self.mostSenders))
    answered = Array((replied + references).prefix(Self.mostIDs))
  }

  /// What stands between angle brackets.
  private func identifiers(in value: UnsafePointer<CChar>?) -> [String] {
    guard let line = DecodedMail.line(value) else { return [] }
    return line.split(separator: "<").dropFirst(line.hasPrefix("<") ? 0 : 1).compactMap { rest in
      guard let end = rest.firstIndex(of: ">") else { return nil }
      // A long one may have been folded.
      return String(rest[..<end].filter { $0 != " " })
    }
  }

  // MARK: - Reports

  private mutating func readReport(in object: UnsafeMutablePointer<GMimeObject>, _ parts: inout Int, level: Int) {
    guard parts > 0, level < 5 else { return }
    parts -= 1
    if cgmime_is_multipart(object) != 0 {
      for index in 0..<min(max(cgmime_count(object), 0), Int32(Self.mostParts)) {
        if let child = cgmime_child(object, index) { readReport(in: child, &parts, level: level + 1) }
      }
    } else if cgmime_is_message(object) != 0 {
      add(returned: cgmime_message(object))
    } else if isOf("message", "delivery-status", object) || isOf("message", "global-delivery-status", object) {
      readStatus(content(of: object))
    } else if isOf("text", "rfc822-headers", object) || isOf("message", "*", object) {
      add(returned: DecodedMail.parse(content(of: object)))
    }
  }

  private mutating func add(returned message: UnsafeMutablePointer<GMimeMessage>?) {
    guard returned.count < Self.mostIDs, let message,
      let id = DecodedMail.line(g_mime_message_get_message_id(message))
    else { return }
    returned.append(id)
  }

  /// Groups of fields with blank lines between: the first of the whole, one for each recipient (RFC 3464).
  private mutating func readStatus(_ bytes: [UInt8]) {
    var (action, status): (String?, String?) = (nil, nil)
    let text = String(decoding: bytes.filter { $0 != 0x0D }, as: UTF8.self)
    let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines + [Substring()] {
      if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
        if let action, reports.count < Self.mostReports { reports.append(Report(action: action, status: status)) }
        (action, status) = (nil, nil)
      }
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      // `failed (expanded)`, `5.1.1 (bad mailbox)`
      let word = String(value.prefix { !$0.isWhitespace && $0 != "(" && $0 != ";" }.prefix(40)).printable
      switch line[..<colon].lowercased() {
      case "action": action = word.lowercased()
      case "status": status = word
      default: break
      }
    }
  }

  // MARK: - Parts

  private func content(of part: UnsafeMutablePointer<GMimeObject>) -> [UInt8] {
    guard cgmime_is_part(part) != 0, let content = cgmime_content(part) else { return [] }
    defer { g_byte_array_free(content, 1) }
    return Array(UnsafeRawBufferPointer(start: content.pointee.data, count: Int(content.pointee.len)).prefix(64 << 10))
  }

  private func isOf(_ type: String, _ subtype: String, _ object: UnsafeMutablePointer<GMimeObject>) -> Bool {
    guard let content = g_mime_object_get_content_type(object) else { return false }
    return g_mime_content_type_is_type(content, type, subtype) != 0
  }

  private func parameter(_ name: String, of object: UnsafeMutablePointer<GMimeObject>) -> String? {
    guard let value = g_mime_object_get_content_type_parameter(object, name) else { return nil }
    return String(String(cString: value).prefix(40)).printable
  }
}

extension String {
  fileprivate var printable: String { filter { $0.isASCII && !$0.isNewline && ($0.asciiValue ?? 0) > 0x20 } }
}
