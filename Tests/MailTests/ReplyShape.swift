import Foundation
import Testing

/// How a mail program writes a reply to a notice.
///
/// Taken from what the programs send, with the notice's own words in the quoted part: any of them would be a command.
struct ReplyShape: Sendable, CustomTestStringConvertible {
  var name: String
  var header: String
  /// The body, around what was written.
  var body: @Sendable (String) -> String
  var encoding = Encoding.plain

  enum Encoding: Sendable { case plain, base64, quotedPrintable }

  var testDescription: String { name }

  static let noticeLines = [
    "Please ring the caller back: callback 12 is new.", "By Mon 23 Nov 14:35, in 30 min.",
    "Answer with one of these: ok, done, no answer, voicemail, busy, snooze 20m, pass to NAME", "", "done",
  ]
  static var quoted: String { noticeLines.map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n") }
  static var unquoted: String { noticeLines.joined(separator: "\n") }
  static var html: String { noticeLines.map { "<div>\($0.isEmpty ? "<br>" : $0)</div>" }.joined() }

  private static func html(_ text: String, line: String = "div") -> String {
    let escaped = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    return escaped.components(separatedBy: "\n").map { "<\(line)>\($0.isEmpty ? "<br>" : $0)</\(line)>" }.joined()
  }

  /// The whole mail.
  func mail(_ written: String) -> [UInt8] {
    let body = body(written)
    let transfer: String
    let encoded: String
    switch encoding {
    case .plain: (transfer, encoded) = ("8bit", body)
    case .base64:
      let options: Data.Base64EncodingOptions = [.lineLength76Characters, .endLineWithLineFeed]
      // The text within has the line ends of the Internet.
      let lines = body.replacingOccurrences(of: "\n", with: "\r\n")
      (transfer, encoded) = ("base64", Data(lines.utf8).base64EncodedString(options: options))
    case .quotedPrintable: (transfer, encoded) = ("quoted-printable", Self.quotedPrintable(body))
    }
    return Array(
      """
      Return-Path: <rivera@riverside.example>
      From: "Maria Rivera" <Rivera@riverside.example>
      To: Riverside Family Practice <callbacks@riverside.example>
      Subject: Re: Callback 12: due in 30 min, urgent, riverside
      Date: Mon, 23 Nov 2026 14:09:12 -0500
      Message-ID: <reply-1@riverside.example>
      In-Reply-To: <callback-12.34.0123456789abcdef01234567@riverside.example>
      References: <callback-12@riverside.example>
       <callback-12.34.0123456789abcdef01234567@riverside.example>
      MIME-Version: 1.0
      \(header.replacingOccurrences(of: "TRANSFER", with: transfer))

      \(encoded)
      """.utf8)
  }

  private static func quotedPrintable(_ text: String) -> String {
    text.components(separatedBy: "\n").map { line in
      var (result, column) = ("", 0)
      for byte in line.utf8 {
        let isPlain = (33...126).contains(byte) && byte != 61 || byte == 32
        let piece =
          isPlain
          ? String(UnicodeScalar(byte)) : "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        if column + piece.count > 75 { (result, column) = (result + "=\n", 0) }
        result += piece
        column += piece.count
      }
      return result.hasSuffix(" ") ? String(result.dropLast()) + "=20" : result
    }.joined(separator: "\n")
  }

  private static let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: TRANSFER"
  private static let page = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: TRANSFER"
  private static let both = "Content-Type: multipart/alternative; boundary=\"b1\""

  private static func alternatives(_ plain: String, _ html: String) -> String {
    "--b1\nContent-Type: text/plain; charset=\"UTF-8\"\n\n\(plain)\n\n--b1\nContent-Type: text/html; charset=\"UTF-8\"\n\n\(html)\n\n--b1--\n"
  }

  static let programs: [[ReplyShape]] = [apple, gmail, outlook, thunderbird, android]

  private static let apple = [
    ReplyShape(
      name: "iPhone, plain, quoted-printable", header: plain,
      body: {
        "\($0)\n\nSent from my iPhone\n\n> On Nov 23, 2026, at 2:05 PM, Riverside Family Practice <callbacks@riverside.example> wrote:\n> \n\(quoted)\n"
      }, encoding: .quotedPrintable),
    ReplyShape(
      name: "iPhone, HTML only", header: "X-Mailer: iPhone Mail (23A341)\n" + page,
      body: {
        """
        <html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">\(html($0))<br>\
        <div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On Nov 23, 2026, at 2:05 PM, Riverside \
        Family Practice &lt;callbacks@riverside.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\
        \(html)</div></blockquote></body></html>
        """
      }),
    ReplyShape(
      name: "Apple Mail, German, base64", header: plain,
      body: {
        "\($0)\n\n> Am 23.11.2026 um 14:05 schrieb Riverside Family Practice <callbacks@riverside.example>:\n> \n\(quoted)\n\n"
      }, encoding: .base64),
  ]

  private static let gmail = [
    ReplyShape(
      name: "Gmail on the web, both parts", header: both,
      body: {
        alternatives(
          "\($0)\n\nOn Mon, Nov 23, 2026 at 2:05 PM Riverside Family Practice <\ncallbacks@riverside.example> wrote:\n\n\(quoted)\n",
          """
          <div dir="ltr">\(html($0))</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, \
          Nov 23, 2026 at 2:05 PM Riverside Family Practice &lt;<a href="mailto:callbacks@riverside.example">callbacks@riverside.\
          example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid \
          rgb(204,204,204);padding-left:1ex">\(html)</blockquote></div>
          """)
      }),
    ReplyShape(
      name: "Gmail, HTML only, a language that is not known", header: page,
      body: {
        """
        <div dir="auto">\(html($0))</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">2026. nov. 23., H 14:05, \
        Riverside Family Practice ezt írta:<br></div><blockquote class="gmail_quote">\(html)</blockquote></div>
        """
      }),
    ReplyShape(
      name: "Gmail, Spanish, written below the quote", header: plain,
      body: {
        "El lun, 23 nov 2026 a las 14:05, Riverside Family Practice (<\ncallbacks@riverside.example>) escribió:\n\n\(quoted)\n\n\($0)\n"
      }, encoding: .quotedPrintable),
  ]

  private static let outlook = [
    ReplyShape(
      name: "Outlook, HTML only", header: "Thread-Index: AdlcNQ==\n" + page,
      body: {
        """
        <html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0} --></style></head>\
        <body lang="EN-US"><div class="WordSection1">\(html($0, line: "p"))<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div \
        style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b> Riverside Family \
        Practice &lt;callbacks@riverside.example&gt; <br><b>Sent:</b> Monday, November 23, 2026 2:05 PM<br><b>To:</b> Maria Rivera<br>\
        <b>Subject:</b> Callback 12</p></div></div>\(html)</div></body></html>
        """
      }, encoding: .base64),
    ReplyShape(
      name: "Outlook, plain, German", header: plain,
      body: {
        "\($0)\n\nVon: Riverside Family Practice <callbacks@riverside.example> \nGesendet: Montag, 23. November 2026 14:05\nAn: Maria Rivera\nBetreff: Callback 12\n\n\(unquoted)\n"
      }),
    ReplyShape(
      name: "Outlook for iOS, both parts", header: both,
      body: {
        alternatives(
          "\($0)\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Riverside Family Practice <callbacks@riverside.example>\nSent: Monday, November 23, 2026 2:05:00 PM\nTo: Maria Rivera\nSubject: Callback 12\n\n\(unquoted)\n",
          "<p>\($0)</p>")
      }),
    ReplyShape(
      name: "Outlook on the web, HTML only, French", header: page,
      body: {
        """
        <div class="elementToProof">\(html($0))</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" \
        tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>De&nbsp;:</b> Riverside<br><b>Envoyé&nbsp;:</b> lundi 23 \
        novembre 2026 14:05<br><b>À&nbsp;:</b> Maria Rivera</font><div>&nbsp;</div></div>\(html)
        """
      }),
  ]

  private static let thunderbird = [
    ReplyShape(
      name: "Thunderbird, plain, signature", header: plain + "\nUser-Agent: Mozilla Thunderbird",
      body: {
        "\($0)\n\nOn 23.11.26 14:05, Riverside Family Practice wrote:\n\(quoted)\n\n-- \nMaria Rivera, MD\n"
      }),
    ReplyShape(
      name: "Thunderbird, HTML only", header: page,
      body: {
        """
        <!DOCTYPE html><html><body>\(html($0, line: "p"))<div class="moz-cite-prefix">Am 23.11.26 um 14:05 schrieb Riverside Family \
        Practice:<br></div><blockquote type="cite" cite="mid:callback-12"><pre class="moz-quote-pre" wrap="">\(unquoted)</pre>\
        </blockquote><pre class="moz-signature" cols="72">-- \nMaria Rivera, MD</pre></body></html>
        """
      }),
    ReplyShape(
      name: "Thunderbird, French, written below the quote", header: plain,
      body: {
        "Le 23/11/2026 à 14:05, Riverside Family Practice a écrit :\n\(quoted)\n\n\($0)\n\n-- \nMaria Rivera\n"
      }),
  ]

  private static let android = [
    ReplyShape(
      name: "K-9 Mail, plain, base64", header: plain,
      body: {
        "\($0)\n-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.\n\nOn November 23, 2026 2:05:00 PM EST, Riverside Family Practice <callbacks@riverside.example> wrote:\n\(quoted)\n"
      }, encoding: .base64),
    ReplyShape(
      name: "K-9 Mail, HTML only", header: page,
      body: {
        """
        <!DOCTYPE html><html><body><div dir="auto">\(html($0))</div><br><br><div class="gmail_quote">On November 23, 2026 2:05:00 PM \
        EST, Riverside &lt;callbacks@riverside.example&gt; wrote:<blockquote class="gmail_quote" style="margin: 0pt">\(html)</blockquote>\
        </div><div dir="auto"><div class="k9mail-signature">-- <br>Sent from my Android device with K-9 Mail.</div></div></body></html>
        """
      }),
    ReplyShape(
      name: "Samsung, both parts", header: both,
      body: {
        alternatives(
          "\($0)\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Riverside <callbacks@riverside.example> \nDate: 11/23/26  2:05 PM  (GMT-05:00) \nTo: rivera@riverside.example \n\n\(unquoted)\n",
          "<div>\($0)</div>")
      }),
  ]
}
