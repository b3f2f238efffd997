import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Encoding")
struct EncodingTests {
  @Test(
    "quoted-printable leaves plain text alone and encodes what could act or be lost",
    arguments: [
      ("plain", "plain\n"), ("a=b", "a=3Db\n"), (".", "=2E\n"), ("..", "=2E.\n"), ("x.", "x.\n"),
      ("end ", "end=20\n"), ("end\t", "end=09\n"), ("From me", "=46rom me\n"), ("Fromage", "Fromage\n"),
      ("é", "=C3=A9\n"), ("a\nb", "a\nb\n"), ("a\n.\nb", "a\n=2E\nb\n"), ("", "\n"), ("a\r", "a=0D\n"),
    ])
  func quotedPrintable(text: String, expected: String) {
    #expect(String(decoding: QuotedPrintable.encode(text), as: UTF8.self) == expected)
  }

  @Test("no line of quoted-printable is longer than 76 or begins with a dot", arguments: 70...80)
  func softBreaks(count: Int) {
    for tail in ["", ".", "..", "é", " ", "=", "From x", ".\n."] {
      let text = String(repeating: "x", count: count) + tail
      let lines = QuotedPrintable.encode(text).split(separator: 10)
      #expect(lines.allSatisfy { $0.count <= 76 && $0.first != UInt8(ascii: ".") && $0.last != UInt8(ascii: " ") })
    }
  }

  @Test("a long header is folded at spaces")
  func folding() {
    let words = (1...30).map { "word\($0)" }.joined(separator: " ")
    let text = HeaderField("Subject", text: words).text
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
    #expect(text.replacingOccurrences(of: "\n", with: "") == "Subject: " + words)
  }

  @Test("what is not plain ASCII becomes encoded words of at most 75 characters")
  func encodedWords() {
    let text = HeaderField("Subject", text: String(repeating: "Müller 王 ", count: 20)).text
    #expect(text.utf8.allSatisfy { $0 < 127 })
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }).dropFirst() {
      #expect(word.hasPrefix("=?utf-8?Q?") && word.hasSuffix("?=") && word.count <= 75)
    }
  }

  @Test(
    "addresses that could be an option, a program, a file or two addresses are not taken",
    arguments: [
      "-oQ/tmp@x.example", "|/bin/sh", "/etc/passwd", "a@b@c", "a b@c", "a,b@c", "<a@b>", "a@b\n", "a@", "@b", "",
      "a\u{0}@b", "é@b", "a@b..c", ".a@b", "\"a b\"@c", ":include:/etc/passwd",
    ])
  func badAddress(text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test("plain addresses are taken", arguments: ["root", "a@b", "dr.o'neil+x@riverside.example", "_x@b"])
  func goodAddress(text: String) {
    #expect(MailAddress(text)?.text == text)
  }

  @Test("visible text holds no controls, escapes or marks that turn the writing round")
  func visibleText() {
    let hostile = "a\u{1B}[2Jb\u{9B}c\u{202E}d\u{200F}e\u{FEFF}\r\nf\rg\u{2028}h\ti\u{0}j"
    #expect(VisibleText(hostile).lines == "a [2Jb cde\nf\ng\nh i j")
    #expect(VisibleText(hostile).line == "a [2Jb cde f g h i j")
  }

  @Test("a printable line is the first that says something, cut, in ASCII")
  func printableLine() {
    #expect(PrintableLine("\n \r\n  first \u{1B}é\nsecond", limit: 200).text == "first ???")
    #expect(PrintableLine(String(repeating: "x", count: 300), limit: 200).text.count == 200)
  }
}
