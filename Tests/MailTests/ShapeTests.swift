import CallbackIntake
import Foundation
import Testing

/// Which text of a mail is read, by the real program.
@Suite("The shapes of mails") struct ShapeTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var name: String
    var mail: [UInt8]
    var text: String
    var attachments = 0

    init(_ name: String, _ part: String, reads text: String, attachments: Int = 0) {
      self.init(name, bytes: Array(Mail.of(part).utf8), reads: text, attachments: attachments)
    }

    init(_ name: String, bytes: [UInt8], reads text: String, attachments: Int = 0) {
      (self.name, self.mail, self.text, self.attachments) = (name, bytes, text, attachments)
    }

    var testDescription: String { name }
  }

  private static let plain = "Content-Type: text/plain\n\nCaller: Ann"
  private static let html = "Content-Type: text/html\n\n<p>Caller: Bea</p>"
  private static let pdf = """
    Content-Type: application/pdf
    Content-Disposition: attachment; filename="Ann Lee.pdf"
    Content-Transfer-Encoding: base64

    JVBERi0xLjQK
    """
  private static let note = """
    Content-Type: text/plain; name=note.txt
    Content-Disposition: attachment; filename=note.txt

    Caller: Cyd
    """

  static let shapes: [Shape] = [
    Shape("plain, with no word of its type", "\nCaller: Ann\nPhone: 1\n", reads: "Caller: Ann\nPhone: 1\n"),
    Shape(
      "quoted-printable",
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaller: Zo=C3=AB=20=\nLee=3D\n",
      reads: "Caller: Zoë Lee=\n"),
    Shape(
      "base64", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nQ2FsbGVyOiBab8OrCg==\n",
      reads: "Caller: Zoë\n"),
    Shape(
      "broken base64", "Content-Transfer-Encoding: base64\n\n!!!Q2Fsb*GVyOiBB\nbm4=\n",
      reads: "Caller: Ann"),
    Shape("HTML alone", html, reads: "Caller: Bea\n\n"),
    Shape("alternatives", Mail.multipart("alternative", [plain, html]), reads: "Caller: Ann"),
    Shape("alternatives, the plain one last", Mail.multipart("alternative", [html, plain]), reads: "Caller: Ann"),
    Shape(
      "alternatives, the plain one empty", Mail.multipart("alternative", ["Content-Type: text/plain\n\n \n", html]),
      reads: "Caller: Bea\n\n"),
    Shape(
      "text, an attachment and a footer",
      Mail.multipart("mixed", [plain, pdf, "Content-Type: text/plain\n\nSent from a phone"]),
      reads: "Caller: Ann\nSent from a phone", attachments: 1),
    Shape(
      "a text that is attached is not read", Mail.multipart("mixed", [plain, note]), reads: "Caller: Ann",
      attachments: 1),
    Shape("attachments alone", Mail.multipart("mixed", [pdf, note]), reads: "", attachments: 2),
    Shape("a document alone", pdf, reads: "", attachments: 1),
    Shape(
      "nested",
      Mail.multipart(
        "mixed",
        [
          Mail.multipart("related", [Mail.multipart("alternative", [html, plain], boundary: "b3")], boundary: "b2"),
          pdf,
        ]),
      reads: "Caller: Ann", attachments: 1),
    Shape(
      "signed", Mail.multipart("signed; protocol=x", [plain, "Content-Type: application/pgp-signature\n\nx"]),
      reads: "Caller: Ann", attachments: 1),
    Shape(
      "forwarded, and nothing else", "Content-Type: message/rfc822\n\nFrom: a@b.example\n\nCaller: Ann\n",
      reads: "Caller: Ann\n"),
    Shape(
      "forwarded, with a text above",
      Mail.multipart("mixed", [plain, "Content-Type: message/rfc822\n\nSubject: x\n\nCaller: Eve"]),
      reads: "Caller: Ann"),
    Shape("JSON", "Content-Type: application/json\n\n{\"caller\": \"Ann\"}\n", reads: "{\"caller\": \"Ann\"}\n"),
    Shape("a boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nCaller: Ann\n", reads: ""),
    Shape(
      "cut off in the middle", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nCaller: Ann", reads: "Caller: Ann"),
    Shape(
      "after a mailbox's line",
      bytes: Array(("From desk@answering.example Mon Nov 23 14:05:12 2026\n" + Mail.of("\nCaller: Ann")).utf8),
      reads: "Caller: Ann"),
    Shape("with NUL bytes", "\nCaller: A\0nn\n", reads: "Caller: A\0nn\n"),
  ]

  @Test("The text that a person would read is read", arguments: shapes)
  func text(of shape: Shape) async throws {
    let mail = try await CallbackMail.decode(shape.mail)
    #expect(mail.text == shape.text)
    #expect(mail.attachments == shape.attachments && mail.notes.isEmpty)
    #expect(mail.from == "Night Desk <desk@answering.example>" && mail.date == Mail.date)
  }

  static let charsets: [(charset: String, bytes: [UInt8], text: String)] = [
    ("windows-1252", Array("Zo".utf8) + [0xEB, 0x20, 0x93, 0x94], "Zoë “”"),
    ("iso-8859-1", Array("Zo".utf8) + [0xEB, 0x20, 0x93, 0x94], "Zoë “”"),
    ("iso-8859-15", [0xA4], "€"),
    ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "山田"),
    ("koi8-r", [0xE1, 0xEE, 0xEE, 0xE1], "АННА"),
    ("gb2312", [0xC0, 0xEE], "李"),
    ("utf-16", [0xFF, 0xFE, 0x5A, 0x00, 0xEB, 0x00], "Zë"),
    ("us-ascii", Array("Zoë".utf8), "Zoë"),
    ("x-nobody-knows", Array("Zoë".utf8), "Zoë"),
    ("x-nobody-knows", [0x5A, 0xEB], "Zë"),
    ("utf-8", [0x5A, 0xEB, 0x21], "Z\u{FFFD}!"),
    ("utf-8", [0xEF, 0xBB, 0xBF] + Array("Zoë".utf8), "Zoë"),
    ("iso-2022-jp", Array("a".utf8) + [0x80, 0xFF] + Array("b".utf8), "a\u{FFFD}\u{FFFD}b"),
    ("../../etc/passwd", [0x5A, 0xEB], "Zë"),
  ]

  @Test(
    "Every character set becomes UTF-8, and one that is not known what the bytes are most likely to be",
    arguments: charsets)
  func charset(named name: String, bytes: [UInt8], text: String) async throws {
    let head = Mail.of("Content-Type: text/plain; charset=\"\(name)\"\nContent-Transfer-Encoding: 8bit\n\n")
    #expect(try await CallbackMail.decode(Array(head.utf8) + bytes).text == text)
  }

  static let pages: [(html: String, text: String)] = [
    ("Caller: Zo&euml; &lt;x&gt; &#8217;&#x2014;&amp;amp;<br>Phone: 1", "Caller: Zoë <x> ’—&amp;\nPhone: 1"),
    ("<p>To: Chen</p>\n<p>Caller: Ann</p>", "To: Chen\n\nCaller: Ann\n\n"),
    ("<div>To: Chen</div><div>Caller:\n   <b>Ann</b>&nbsp;Lee</div>", "To: Chen\nCaller: Ann Lee\n"),
    ("<table><tr><td>To:</td><td>Chen</td></tr><tr><td>Re:</td><td>x</td></tr></table>", "To: Chen\nRe: x\n"),
    (
      "<table><tr><th>Caller</th><td> Ann <b>Lee</b></td></tr><tr><td>Phone<td>1</table>x",
      "Caller\tAnn Lee\nPhone\t1\nx"
    ),
    ("<tr><td><p>Caller:</p></td><td><p>Ann</p></td></tr><tr><td><p>Re</p><td><p>x", "Caller: Ann\nRe\tx"),
    ("<tr><td><p>To: Chen</p></td><td><p>Caller: Ann</p></td></tr>", "To: Chen\n\nCaller: Ann\n\n"),
    (
      "<tr><td>Time<td>Name<td>Re</tr><tr><td>14:05<td><td>x<tr><td>Chen<td>Ann<td>",
      "Time\tName\tRe\n14:05\t\tx\nChen\tAnn"
    ),
    (
      "<tr><td>Time<td>Name<td>Re<td>Tel<tr><td>1<td><td>x<td>2<tr><td><td>a<td>b<td>c",
      "Time\tName\tRe\tTel\n1\t\tx\t2\n\ta\tb\tc"
    ),
    ("<tr><td>&nbsp;</td><td>Caller: Ann</td><td> </td></tr><tr><td></td><td>Re: x", "Caller: Ann\nRe: x"),
    ("<tr><td>Notes<td>one<br>two<td>z</tr>", "Notes one\ntwo z\n"),
    ("<table><tr><td>a<table><tr><td>To<td>Chen</table>b<td>c</table>", "a\nTo\tChen\nb c\n"),
    ("<tr>a<td>b<tr><tr><td><td><td>", "a\tb\n"),
    ("<html><head><title>t</title><style>p{}</style></head><body>a</body></html>", "a\n"),
    ("a<script>if (1 < 2) { '</p>' }</script >b<!-- <p>c</p> -->d", "abd"),
    ("<pre>To: Chen\nRe:  x</pre>", "To: Chen\nRe: x\n\n"),
    ("1 < 2 & 3 &bogus; &#xD800; &#99999999;", "1 < 2 & 3 &bogus; &#xD800; &#99999999;"),
    ("<a title='>'>x</a><a title=\">\">y</a>", "xy"),
    ("<p", ""), ("a<!--", "a"), ("a<script>b", "a"), ("&", "&"), ("<", "<"),
  ]

  @Test("HTML becomes lines of text, without what is no text in it", arguments: pages)
  func html(page: String, text: String) async throws {
    #expect(try await CallbackMail.decode(Mail.of("Content-Type: text/html; charset=utf-8\n\n" + page)).text == text)
  }

  // MARK: - Header

  static let subjects: [(header: String, subject: String?)] = [
    ("Subject: =?utf-8?Q?Zo=C3=AB?= =?utf-8?Q?_Lee?=\n", "Zoë Lee"),
    ("Subject: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?=\n", "山田"),
    ("Subject: =?windows-1252?Q?=93x=94?=\n", "“x”"),
    ("Subject: fever\n since\n\tnoon\n", "fever since noon"),
    ("Subject: Zoë\n", "Zoë"),
    ("Subject: =?utf-8?Q?x=0D=0ABcc:_all@riverside.example=1B[31m?=\n", "x Bcc: all@riverside.example [31m"),
    ("subject: =?x-unknown?Q?a?=\n", "a"),
    ("Subject: \n", nil), ("", nil),
  ]

  @Test("A subject is decoded, and is one line whatever stands in it", arguments: subjects)
  func subject(header: String, subject: String?) async throws {
    let mail = try await CallbackMail.decode(Mail.text(header: header, "Caller: Ann\n"))
    #expect(mail.subject == subject)
    #expect(mail.text == "Caller: Ann\n" && mail.to == [])
  }

  @Test("Addresses come from the envelope first, then from To and Cc, groups included")
  func addresses() async throws {
    let header = """
      To: Riverside <desk+riverside@in.example>, staff: a@in.example,
        "B, C" <b@in.example>;
      Cc: c@in.example
      Delivered-To: real@in.example
      Message-ID: <1.2@answering.example>

      """
    let mail = try await CallbackMail.decode(Mail.text(header: header, "x"))
    #expect(
      mail.to == ["real@in.example", "desk+riverside@in.example", "a@in.example", "b@in.example", "c@in.example"])
    #expect(mail.messageID == "1.2@answering.example")
    // As Exim notes them.
    let envelope = "To: staff@in.example\nEnvelope-to: desk+lake@in.example\n"
    #expect(
      try await CallbackMail.decode(Mail.text(header: envelope, "x")).to == [
        "desk+lake@in.example", "staff@in.example",
      ])
  }

  @Test("A mail without any header has its text, and one without text its header")
  func halves() async throws {
    #expect(try await CallbackMail.decode("\nCaller: Ann\n").text == "Caller: Ann\n")
    let mail = try await CallbackMail.decode("Subject: x\n")
    #expect(mail == DecodedMail(subject: "x", text: ""))
  }
}
