import CallbackIntake
import CallbackRules
import Testing

@Suite("Bytes that become text, and what is hostile in them") struct BytesTests {
  private static let text = "Caller: Zoë “Ann” Adler\r\nRe: €5\r\n\r\nfirst\r\nsecond\r\n"

  private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return bigEndian ? bytes : bytes.reversed()
    }
  }

  private static let encodedTexts: [(name: String, bytes: [UInt8])] = [
    ("UTF-8", Array(text.utf8)), ("UTF-8", [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
    ("UTF-16", [0xFF, 0xFE] + utf16(text, bigEndian: false)),
    ("UTF-16", [0xFE, 0xFF] + utf16(text, bigEndian: true)),
    (
      "Windows-1252",
      Array("Caller: Zo".utf8) + [0xEB, 0x20, 0x93] + Array("Ann".utf8) + [0x94] + Array(" Adler\nRe: ".utf8) + [0x80]
        + Array("5\n\nfirst\nsecond\n".utf8)
    ),
  ]

  @Test(
    "Every encoding gives the same message",
    arguments: encodedTexts)
  func encodings(name: String, bytes: [UInt8]) throws {
    let report = Reading().report(bytes)
    let message = try #require(report.messages.first).message
    #expect(report.encoding == name && report.format == .text)
    #expect(message.caller == "Zoë “Ann” Adler" && message.regarding == "€5" && message.body == "first\nsecond")
    #expect(message.problem == nil)
  }

  @Test("Bytes that Windows-1252 leaves undefined are C1 controls, not U+FFFD")
  func undefinedBytes() throws {
    let message = try Reading().message(Array("Caller: a".utf8) + [0x81, 0x8D, 0x8F, 0x90, 0x9D] + Array("b".utf8))
    #expect(message.caller == "a\u{81}\u{8D}\u{8F}\u{90}\u{9D}b")
  }

  @Test("Lines end with LF, CRLF or CR", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let lines = ["Caller: Jane", "Re: fever", " since noon", "", "first", "", "second"]
    let message = try Reading().message(lines.joined(separator: end))
    #expect(message.caller == "Jane" && message.regarding == "fever since noon" && message.body == "first\n\nsecond")
  }

  private static let foreign: [(bytes: [UInt8], word: String)] = [
    ([], "empty"), (Array(" \r\n\t\n".utf8), "empty"), ([0xEF, 0xBB, 0xBF], "empty"), ([0xFF, 0xFE], "empty"),
    (Array("%PDF-1.7\nCaller: x".utf8), "PDF"), (Array("PK\u{3}\u{4}abc".utf8), "ZIP"),
    (Array("{\\rtf1 Caller: x}".utf8), "RTF"), (Array("<!DOCTYPE html><p>Caller: x".utf8), "HTML"),
    ((0..<64).map { UInt8($0 * 7 % 251) }, "binary"),
  ]

  @Test(
    "A file that is no text is an unreadable message that says what it is",
    arguments: foreign)
  func noText(bytes: [UInt8], word: String) throws {
    let message = try Reading(folder: "night-desk").message(bytes)
    #expect(message.problem?.contains(word) == true)
    #expect(message.urgency == .urgent && message.takenAt == Reading.arrival && message.account == "riverside")
  }

  @Test("A Ctrl-Z at the end is no text")
  func dosEnd() throws {
    #expect(try Reading().message("Caller: Jane\r\n\u{1A}").body == nil)
  }

  @Test("A markup keeps its text, binary data does not become text")
  func keptText() throws {
    #expect(try Reading().message("<html><p>Jane Doe rang</html>").body?.contains("Jane Doe") == true)
    #expect(try Reading().message("%PDF-1.7 \u{1}\u{2}").body == nil)
  }

  @Test("A NUL byte is a problem that names its line, and the fields are kept")
  func nulByte() throws {
    let message = try Reading().message("Caller: Jane\nPhone: 555 010 1111\nRe: a\0b\n")
    #expect(message.problem?.hasPrefix("line 3: ") == true)
    #expect(message.caller == "Jane" && message.regarding == "a\0b" && message.callback?.digits == "15550101111")
  }

  @Test("Values are kept as they are, escapes and reordering marks included, without white space at the ends")
  func hostileValues() throws {
    let message = try Reading().message("Caller: \u{A0}\t \u{1B}[31mJane\u{202E}x\u{3000} \nRe: $(reboot) <b>\"';--\n")
    #expect(message.caller == "\u{1B}[31mJane\u{202E}x")
    #expect(message.regarding == "$(reboot) <b>\"';--")
  }

  @Test("A problem quotes no control characters, and little")
  func hostileProblem() throws {
    let value = "\u{1B}]0;x\u{7}\u{202E}" + String(repeating: "é", count: 500)
    let problem = try #require(try Reading().message("Taken: \(value)\nCaller: J\n").problem)
    #expect(problem.utf8.count < 200 && problem.hasPrefix("line 1: Taken \"?]0;x??éé"))
    #expect(problem.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test("A bracket or a comma in a note does not make it JSON or CSV", arguments: ["[urgent] Jane rang", "{x} y, z"])
  func brackets(text: String) throws {
    let report = Reading().report(Array("Caller: J\n\n\(text)\n".utf8))
    #expect(report.format == .text)
    #expect(Reading().report(Array(text.utf8)).format == .text)
  }

  @Test("A plain form with Received, From and Date is no mail")
  func noMail() throws {
    let text = "Received: 2026-11-23 14:05\nFrom: Jane (jane@example.org)\nDate: 11/23/2026\n"
    #expect(Reading().report(Array(text.utf8)).format == .text)
  }

  @Test(
    "A mail is told by MIME-Version, Received, or From with an address beside a mail's Date",
    arguments: [
      "Subject: x\nmime-version: 1.0\n\nCaller: J\n", "Received: from mx.example by mail.example; Mon\n\nCaller: J\n",
      "From: desk@answering.example\nDate: Mon, 23 Nov 2026 21:40:12 -0500\n\nCaller: J\n",
    ])
  func mail(text: String) throws {
    #expect(Reading().report(Array(text.utf8)).format == .mail)
    #expect(try Reading().message(text).problem != nil)
  }

  @Test("More fields than a message has are a problem, and the first ones are kept")
  func manyFields() throws {
    let message = try Reading().message("Caller: Jane\n" + String(repeating: "Field: x\n", count: 100_000))
    #expect(message.problem?.hasPrefix("line 201: ") == true)
    #expect(message.caller == "Jane" && message.otherFields.count == 199)
  }

  @Test("A very long value is cut and noted, a long body is kept")
  func longValues() throws {
    let long = String(repeating: "é", count: 30_000)
    let message = try Reading().message("Caller: \(long)\n\n\(long)")
    #expect(message.caller?.utf8.count == 4096 && message.notes.count == 1)
    #expect(message.body == long)
    #expect(try Reading().message("Caller: x\(long)").caller == "x" + String(long.prefix(2047)))
  }

  @Test("A line beyond the limit makes an unreadable message that names it")
  func longLine() throws {
    let line = String(repeating: "x", count: 65_536)
    #expect(try Reading().message("Caller: Ann\n\n\(line)\n").problem == nil)
    let message = try Reading().message("Caller: Ann\n\n\(line)x\n")
    #expect(message.caller == "Ann")
    #expect(message.problem == "line 3: it is longer than 65536 bytes (spool.max_line); break it into lines")
  }

  @Test("What an unreadable message keeps of its text is bounded")
  func longUnreadable() throws {
    let message = try Reading().message(String(repeating: "é", count: 500_000))
    #expect(message.body?.utf8.count == MessageReader.maximumUnreadableBytes)
  }

  @Test("Whatever the bytes, there is one message, and a problem or something to act on")
  func anyBytes() throws {
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let original = try Reading.sample("02-caps-crlf-bom.txt")
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<(1 + random(30)) { bytes[random(bytes.count)] = UInt8(random(256)) }
      bytes.removeLast(random(bytes.count))
      let message = try Reading().message(bytes)
      let words = [message.caller, message.patient, message.regarding, message.ref, message.body]
      #expect(message.problem != nil || message.callback != nil || words.contains { $0 != nil })
      #expect(message.problem == nil || message.urgency >= .urgent)
    }
  }
}
