import CallbackControl
import Foundation
import Testing

/// Whatever a message holds, a mail with `detail = minimal` says nothing of it.
@Suite("a thousand patients", .fewAtOnce)
struct ThousandSecretsTests {
  static let count = 1000

  /// What one message is made of, each of at least six characters that stand nowhere by chance.
  private struct Secret {
    let fields: [(name: String, value: String)]
    let body: String
    let file: String
    let digits: String

    init(_ index: Int) {
      let number = (0..<10).map { $0 == 0 ? "7" : String(Int.random(in: 0...9)) }.joined()
      let written = "(\(number.prefix(3))) \(number.dropFirst(3).prefix(3))-\(number.suffix(4))"
      digits = number
      fields = [
        ("Patient", Self.word()), ("Caller", Self.word()), ("Callback", written), ("DOB", Self.word()),
        ("Regarding", Self.word()), ("To", Self.word()), ("Ref", Self.word()), ("Operator", Self.word()),
        ("Chart", Self.word()),
      ]
      body = "\(Self.word())\n\(Self.word())"
      file = Self.word().filter { $0.isASCII && $0 != "/" } + "\(index).x"
    }

    /// Six to twenty characters of many scripts, with a mark, so that it is no word of anybody's.
    private static func word() -> String {
      let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789äöüßéñøπжяشג語名'&<>\"{}%=")
      return "Zq" + String((0..<Int.random(in: 10...20)).map { _ in letters.randomElement() ?? "z" })
    }

    /// Most as text, some as JSON, some without a field that is known.
    func text(_ index: Int) throws -> String {
      switch index % 10 {
      case 8:
        let object = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) } + [("Body", body)])
        return String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
      case 9: return body
      default: return fields.map { "\($0.name): \($0.value)\n" }.joined() + "\n\(body)\n"
      }
    }

    /// What is looked for: of a line that was written, each part.
    var words: [String] { fields.map(\.value) + body.components(separatedBy: "\n") + [digits, file] }
  }

  @Test("nothing of any of their messages stands in a header, a text, a log line or a notification file")
  func minimal() async throws {
    var office = OfficeText()
    // Each by itself, and as many at once as the machine starts.
    office.mail = "parallel = 8\nanswers = true"
    let place = try Workplace(office)
    try place.sendmail(
      script:
        "#!/bin/sh\ncat >'\(place.root)/mails/'$$.part && mv '\(place.root)/mails/'$$.part \"$(mktemp '\(place.root)/mails/XXXXXXXXXX')\"\n"
    )
    let daemon = try DaemonProcess(in: place, arguments: ["--verbose"])
    try await daemon.ready()
    let secrets = (0..<Self.count).map(Secret.init)
    for (index, secret) in secrets.enumerated() { try place.drop(secret.text(index), as: secret.file) }
    try await waitUntil("a callback for each", upTo: .seconds(120), context: String(place.log.suffix(2000))) {
      try daemon.client().status().counts.open == Self.count
    }
    try await waitUntil("every notice", upTo: .seconds(240), context: String(place.log.suffix(2000))) {
      try daemon.client().status().noticesWaiting == 0
    }
    try await daemon.stop()

    let mails = try place.names(in: "mails")
    // The fallback is told too, of each that names nobody who is known.
    #expect(mails.count >= Self.count)
    var said = place.logBytes
    for mail in mails {
      let bytes = try place.bytes("mails/\(mail)")
      said += bytes + [10] + Self.decoded(bytes) + [10]
    }
    for name in try place.names(in: "spool/notifications") { said += try place.bytes("spool/notifications/\(name)") }
    for received in daemon.manager.received { said += Array(received.lines.joined(separator: "\n").utf8) + [10] }

    let words = Set(secrets.flatMap(\.words))
    #expect(words.allSatisfy { $0.utf8.count >= 6 } && words.count > 11 * Self.count)
    #expect(try await found(words, in: said, place) == [])
    // The search can find something.
    let planted = try #require(words.first)
    #expect(try await found(words, in: said + Array("x\(planted)x\n".utf8), place) == [planted])
  }

  /// Without the escapes of quoted-printable and of encoded words, and with those of HTML undone.
  private static func decoded(_ mail: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(mail.count)
    var index = 0
    while index < mail.count {
      let byte = mail[index]
      index += 1
      guard byte == UInt8(ascii: "="), index < mail.count else {
        decoded.append(byte)
        continue
      }
      if mail[index] == 10 {
        index += 1
      } else if index + 1 < mail.count,
        let code = UInt8(String(decoding: mail[index...index + 1], as: UTF8.self), radix: 16)
      {
        decoded.append(code)
        index += 2
      } else {
        decoded.append(byte)
      }
    }
    var text = String(decoding: decoded, as: UTF8.self)
    for (escape, mark) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.replacingOccurrences(of: escape, with: mark)
    }
    return decoded + [10] + Array(text.utf8)
  }

  /// By grep, which looks for ten thousand words at once.
  private func found(_ words: Set<String>, in said: [UInt8], _ place: Workplace) async throws -> [String] {
    let (patterns, haystack) = (place.newPath("words"), place.newPath("said"))
    try Data(words.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: patterns))
    try Data(said).write(to: URL(fileURLWithPath: haystack))
    let grep = try await Run(
      "/usr/bin/env", ["LC_ALL=C", "grep", "-aoFf", patterns, haystack], in: place, upTo: .seconds(60))
    try #require(grep.status < 2, "\(grep.errors)")
    return grep.output.split(separator: "\n").map(String.init)
  }
}
