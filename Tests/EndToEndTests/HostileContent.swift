/// A whole file made to do harm by what stands in it.
struct HostileContent: Sendable {
  /// Also the file's.
  var name: String
  var bytes: [UInt8]
  /// What it becomes with limits as they are, and where files of 16 MiB may come in.
  var becomes: Kind
  var becomesWithRoom: Kind

  enum Kind: Sendable {
    /// A callback of this caller; nil: whatever could be made of one.
    case message(caller: String?)
    /// An unreadable one, whose reason holds these words.
    case unreadable(String)
  }

  /// Stands in the values, and is looked for where nothing of a message may be.
  static let mark = "zqmark"

  init(_ name: String, _ bytes: [UInt8], _ kind: Kind, withRoom: Kind? = nil) {
    (self.name, self.bytes, becomes, becomesWithRoom) = (name, bytes, kind, withRoom ?? kind)
  }

  init(_ name: String, _ text: String, _ kind: Kind, withRoom: Kind? = nil) {
    self.init(name, Array(text.utf8), kind, withRoom: withRoom)
  }
}

extension HostileContent {
  static let all: [HostileContent] = bytes + sizes + mails + values

  // MARK: - Bytes that are no text

  private static let bytes: [HostileContent] = [
    HostileContent("nul", "Caller: Ann\u{0}zqmark\nCallback: 555-011-1001\n", .unreadable("NUL byte")),
    HostileContent(
      "lone-cr", "Caller: Ann\rCallback: 555-011-1002\rRegarding: zqmark\rBcc: evil@example.net\r\r.\rFrom here\r",
      .message(caller: "Ann")),
    HostileContent(
      "overlong",
      Array("Callback: 555-011-1003\nRegarding: zqmark".utf8) + [0xC0, 0xAE, 0xC0, 0x8A, 0xE0, 0x80, 0xAF, 0xF0, 0x80]
        + [0x80, 0x8A] + Array("Bcc: evil@example.net\nCaller: Ann\n".utf8), .message(caller: "Ann")),
    HostileContent(
      "utf-16-halves",
      utf16("Callback: 555-011-1004\nCaller: Ann", then: [0xD800, 0x0A, 0xDC00, 0xDBFF]) + [0x41],
      .message(caller: "Ann\u{FFFD}")),
    HostileContent(
      "json-halves",
      #"{"callback": "555-011-1005", "caller": "Ann\udc00", "regarding": "zqmark\ud800x\ud83d", "\udfff": "\ud800"}"#,
      .message(caller: "Ann\u{FFFD}")),
    HostileContent(
      "utf-8-halves",
      Array("Callback: 555-011-1006\nCaller: Ann\nRegarding: zqmark".utf8) + [
        0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80, 0x0A,
      ],
      .message(caller: "Ann")),
    HostileContent(
      "c1-bytes",
      Array("Callback: 555-011-1007\nCaller: Ann\nRegarding: zqmark".utf8) + [0x90] + Array("q".utf8) + [0x9D]
        + Array("0;owned".utf8) + [0x9C, 0x9B] + Array("31m".utf8) + [0x8D, 0x85, 0x0A], .message(caller: "Ann")),
  ]

  private static func utf16(_ text: String, then units: [UInt16]) -> [UInt8] {
    [0xFF, 0xFE] + (Array(text.utf16) + units).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  // MARK: - Too much

  private static let sizes: [HostileContent] = [
    HostileContent(
      "long-line", "Callback: 555-011-1011\nCaller: Ann\n\nzqmark" + String(repeating: "x", count: 10_000_000),
      .unreadable("bytes"), withRoom: .unreadable("line 4")),
    HostileContent(
      "many-fields",
      "Callback: 555-011-1012\nCaller: Ann\n" + String(repeating: "X: zqmark\n", count: 100_000),
      .unreadable("line 201")),
    HostileContent(
      "many-headers",
      "MIME-Version: 1.0\n" + String(repeating: "X: zqm\n", count: 100_000) + "\nCaller: Ann\nPhone: 555-011-1013\n",
      .message(caller: "Ann")),
    HostileContent(
      "deep-json",
      #"{"callback": "555-011-1014", "caller": "Ann", "x": "#
        + String(repeating: #"{"zqmark": ["#, count: 500) + "1" + String(repeating: "]}", count: 500) + "}",
      .unreadable("nested deeper than 32")),
    HostileContent("deep-arrays", String(repeating: "[", count: 1000) + "{}", .unreadable("no line is a field")),
  ]

  // MARK: - Mails

  private static let head = "From: desk@answering.example\nMIME-Version: 1.0\n"

  private static let mails: [HostileContent] = [
    HostileContent("deep-parts", head + nested(1000, "Caller: Ann\nPhone: 555-011-1021\n"), .unreadable("no text")),
    HostileContent(
      "forwarded", head + String(repeating: "Content-Type: message/rfc822\n\n", count: 20_000) + "zqmark",
      .unreadable("no text")),
    HostileContent(
      "huge-base64",
      head + "Content-Transfer-Encoding: base64\n\n"
        // "Caller: Ann\nPhone: 555-011-1023\n\n", then a line of text over and over, 9 MB of it.
        + "Q2FsbGVyOiBBbm4KUGhvbmU6IDU1NS0wMTEtMTAyMwoK\n"
        + String(repeating: "enFtYXJrIHpxbWFyayB6cW1hcmsgenFtYXJrIHpxbWFyayB6cW1hcmsK\n", count: 210_000),
      .unreadable("bytes"), withRoom: .message(caller: "Ann")),
    HostileContent(
      "mail-injection",
      "From: =?utf-8?Q?zqmark=0D=0ABcc:_evil@example.net?= <desk@answering.example>\n"
        + "Subject: =?utf-8?B?enFtYXJrDQpCY2M6IGV2aWxAZXhhbXBsZS5uZXQNCg0KYm9keQ==?=\n"
        + "To: \"=?utf-8?Q?x=0AX-Evil:_1?=\" <messages+4711@riverside.example>\nMIME-Version: 1.0\n"
        + "Content-Type: text/plain; charset=\"utf-8\\\nX-Evil: 1\"\n\nCaller: Ann\nPhone: 555-011-1024\n",
      .message(caller: "Ann")),
  ]

  private static func nested(_ levels: Int, _ text: String) -> String {
    (0..<levels).map { "Content-Type: multipart/mixed; boundary=\"b\($0)\"\n\n--b\($0)\n" }.joined()
      + "Content-Type: text/plain\n\n\(text)\n" + (0..<levels).reversed().map { "--b\($0)--\n" }.joined()
  }

  // MARK: - Values that would act

  /// Each stands in every field, as text and as JSON.
  private static let acting: [(name: String, value: String)] = [
    ("line-ends", "zqmark\r\nBcc: evil@example.net\n\n.\nFrom here\rX-Evil: 1\u{0B}\u{0C}\u{85}X-Evil: 2"),
    ("separators", "zqmark\u{2028}Bcc: evil@example.net\u{2029}X-Evil: 1"),
    // Long, as a file of which more than a twentieth is controls is no text.
    (
      "escapes",
      "zqmark\u{1B}[2J\u{1B}]0;owned\u{7}\u{1B}P+q\u{1B}\\\u{1B}[21t\u{8}\u{7F}\u{E}"
        + String(repeating: "x", count: 200)
    ),
    ("c1", "zqmark\u{9B}2J\u{9D}0;owned\u{9C}\u{90}q\u{9C}\u{84}\u{8D}"),
    (
      "bidi", "zqmark\u{202E}gnp.exe\u{202D}\u{2066}a\u{2067}b\u{2068}c\u{2069}\u{200F}\u{61C}\u{200B}\u{FEFF}\u{E0041}"
    ),
    ("templates", "zqmark{{caller}}{{{body}}}{{#each}}{{>x}}{% x %}${run{/bin/id}}#{x}<%= x %>\\(x)"),
    ("formats", "zqmark%n%s%1$n%@%%{x}%0a%0d"),
    ("sql", "zqmark'; DROP TABLE callback; --\"); DELETE FROM event; /*"),
    ("formulas", "=cmd|'/C calc'!A0,+1+1,-2,@SUM(1),zqmark"),
    ("commands", "zqmark$(reboot)`id`;|&&<script>alert(1)</script> -oQ/tmp --help"),
  ]

  private static let fields = [
    "To", "Account", "Caller", "Relationship", "Patient", "DOB", "Urgency", "Promised", "Reachable-Until",
    "Voicemail-OK",
    "Language", "Operator", "Regarding", "Body", "X-Other",
  ]

  private static let values: [HostileContent] = acting.enumerated().flatMap { index, acting in
    let (name, value) = acting
    let lines = fields.map { "\($0): \(value)\n" }.joined()
    let pairs = (fields + ["Not \(value)"]).map { "\(quoted($0)): \(quoted(value))" }.joined(separator: ", ")
    let caller = name == "line-ends" ? nil : value
    // Refs of their own, or the one would amend the other.
    return [
      HostileContent(
        "text-\(name)",
        "Ref: 1 \(value)\nCallback: 555-011-12\(10 + index)\n\(lines)\n\(value)\n",
        .message(caller: caller)),
      HostileContent(
        "json-\(name)",
        "{\"callback\": \"555-011-11\(10 + index)\", \"ref\": \(quoted("2 " + value)), \(pairs)}",
        .message(caller: caller)),
    ]
  }

  private static func quoted(_ value: String) -> String {
    "\""
      + value.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case "\u{0}"..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: String(scalar)
        }
      }.joined() + "\""
  }
}
