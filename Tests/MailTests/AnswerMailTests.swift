import CallbackIntake
import CallbackRules
import Foundation
import Testing

extension CallbackMail {
  /// What it says that stands in a mail that answers a notice.
  static func answer(_ mail: [UInt8]) async throws -> AnswerMail {
    let decoder = MailDecoder(program: try path, timeout: patience)
    return try await withCheckedContinuation { answered in
      queue.async { @Sendable in answered.resume(returning: decoder.answer(in: mail)) }
    }.get()
  }

  static func answer(_ mail: String) async throws -> AnswerMail { try await answer(Array(mail.utf8)) }
}

/// What mail systems and programs send in the place of an answer, in their real shapes.
@Suite("Mails that told nobody")
struct AnswerMailTests {
  private static let id = "callback-12.34.0123456789abcdef01234567@riverside.example"
  private static let notice = NoticeID(matter: .callback(12), number: 34, token: "0123456789abcdef01234567")
  private static let failed = AnswerMail.Nature.failed("it could not be delivered (5.1.1)")

  private static let original = """
    From: Riverside <callbacks@riverside.example>
    To: rivera@riverside.example
    Subject: Callback 12: due in 30 min
    Message-ID: <\(id)>
    Content-Type: text/plain

    done
    """

  private static func report(_ action: String, status: String, returned: String = "message/rfc822") -> String {
    """
    Return-Path: <>
    From: MAILER-DAEMON@mail.riverside.example (Mail Delivery System)
    To: callbacks@riverside.example
    Subject: Undelivered Mail Returned to Sender
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
    	boundary="4F2.1795/mail.riverside.example"

    --4F2.1795/mail.riverside.example
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    This is the mail system at host mail.riverside.example.

    <rivera@riverside.example>: host said: 550 5.1.1 User unknown

    --4F2.1795/mail.riverside.example
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.riverside.example
    Arrival-Date: Mon, 23 Nov 2026 14:05:00 -0500 (EST)

    Final-Recipient: rfc822; rivera@riverside.example
    Original-Recipient: rfc822;rivera@riverside.example
    Action: \(action)
    Status: \(status)
    Diagnostic-Code: smtp; 550 5.1.1
        User unknown

    --4F2.1795/mail.riverside.example
    Content-Description: Undelivered Message
    Content-Type: \(returned)

    \(original)
    --4F2.1795/mail.riverside.example--
    """
  }

  @Test("Postfix returns a mail, or its header alone", arguments: ["message/rfc822", "text/rfc822-headers"])
  func postfix(returned: String) async throws {
    let mail = try await CallbackMail.answer(Self.report("failed", status: "5.1.1", returned: returned))
    #expect(mail.nature == Self.failed && mail.notices == [Self.notice])
    let crlf = Self.report("failed", status: "5.1.1", returned: returned).replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try await CallbackMail.answer(crlf).nature == Self.failed)
  }

  @Test("Postfix has not delivered it yet")
  func delayed() async throws {
    let mail = try await CallbackMail.answer(Self.report("delayed", status: "4.4.1"))
    #expect(mail.nature == .delayed("it is not delivered yet (4.4.1)") && mail.notices == [Self.notice])
  }

  @Test("Exim returns it as a report")
  func exim() async throws {
    let mail = try await CallbackMail.answer(
      """
      Return-path: <>
      Auto-Submitted: auto-replied
      From: Mail Delivery System <Mailer-Daemon@mail.riverside.example>
      To: callbacks@riverside.example
      References: <\(Self.id)>
      Content-Type: multipart/report; report-type=delivery-status; boundary=1795461600-eximdsn-1
      MIME-Version: 1.0
      Subject: Mail delivery failed: returning message to sender
      X-Failed-Recipients: rivera@riverside.example

      --1795461600-eximdsn-1
      Content-type: text/plain; charset=us-ascii

      This message was created automatically by mail delivery software.

      --1795461600-eximdsn-1
      Content-type: message/delivery-status

      Reporting-MTA: dns; mail.riverside.example

      Action: failed
      Final-Recipient: rfc822;rivera@riverside.example
      Status: 5.0.0

      --1795461600-eximdsn-1
      Content-type: message/rfc822

      \(Self.original)

      --1795461600-eximdsn-1--
      """)
    #expect(mail.nature == .failed("it could not be delivered (5.0.0)") && mail.notices.first == Self.notice)
  }

  @Test("an older Exim, or qmail, returns it as plain text")
  func plain() async throws {
    let mail = try await CallbackMail.answer(
      """
      Return-path: <>
      From: Mail Delivery System <Mailer-Daemon@mail.riverside.example>
      Subject: Mail delivery failed: returning message to sender
      X-Failed-Recipients: rivera@riverside.example

      ------ This is a copy of the message, including all the headers. ------

      \(Self.original)
      """)
    #expect(mail.nature == .failed("it could not be delivered") && mail.notices == [Self.notice])
  }

  @Test("Exchange returns it, in the language of its host")
  func exchange() async throws {
    let mail = try await CallbackMail.answer(
      """
      From: <postmaster@riverside.example>
      To: <callbacks@riverside.example>
      Subject: Unzustellbar: Callback 12: due in 30 min
      In-Reply-To: <\(Self.id)>
      References: <callback-12@riverside.example> <\(Self.id)>
      X-MS-Exchange-Message-Is-Ndr:
      Auto-Submitted: auto-replied
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status; boundary="_000_"

      --_000_
      Content-Type: multipart/alternative; differences=Content-Type; boundary="_001_"

      --_001_
      Content-Type: text/plain; charset="utf-8"

      Fehler bei der Nachrichtenzustellung an folgende Empfänger
      --_001_--
      --_000_
      Content-Type: message/delivery-status

      Reporting-MTA: dns;mx.riverside.example

      Final-recipient: RFC822;rivera@riverside.example
      Action: failed
      Status: 5.1.1
      X-Display-Name: rivera

      --_000_--
      """)
    #expect(mail.nature == Self.failed && mail.notices.first == Self.notice)
  }

  @Test(
    "programs answer that somebody is away",
    arguments: [
      "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\nSubject: Re: Callback 12",
      "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: r@x\nSubject: Automatic reply: Callback 12",
      "Subject: =?utf-8?Q?R=C3=A9ponse_automatique=C2=A0=3A_Callback_12?=", "Precedence: auto_reply\nSubject: Urlaub",
      "Subject: Abwesend: Callback 12",
    ])
  func away(header: String) async throws {
    let mail = try await CallbackMail.answer(
      "From: r@riverside.example\nIn-Reply-To:\n <\(Self.id)>\n\(header)\n\nok\n")
    #expect(mail.nature == .automatic && mail.notices == [Self.notice])
  }

  @Test("a read receipt says nothing of what its person does")
  func displayed() async throws {
    let mail = try await CallbackMail.answer(
      """
      From: r@riverside.example
      References: <\(Self.id)>
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=disposition-notification; boundary=b

      --b

      done
      --b
      Content-Type: message/disposition-notification

      Disposition: manual-action/MDN-sent-manually; displayed
      --b--
      """)
    #expect(mail.nature == .other)
  }

  // MARK: - What is hostile

  @Test("all senders count, and a display name is none")
  func senders() async throws {
    let mail = try await CallbackMail.answer(
      "From: \"rivera@riverside.example\" <evil@example.org>, chen@riverside.example\nFrom: third@example.org\n\nok\n")
    #expect(mail.senders == ["evil@example.org", "chen@riverside.example", "third@example.org"])
  }

  @Test("what was forwarded, or is attached, is nobody's answer")
  func forwarded() async throws {
    let mail = try await CallbackMail.answer(
      Mail.text(
        header: "Content-Type: multipart/mixed; boundary=b\n",
        "--b\nContent-Type: message/rfc822\n\n\(Self.original)\n--b\nContent-Type: text/plain\n"
          + "Content-Disposition: attachment\n\ndone\n--b--\n"))
    #expect(Reply(mail.text).commands.isEmpty && mail.notices.isEmpty)
  }

  @Test("a report of thousands of recipients in hundreds of levels, and thousands of identifiers, end")
  func endless() async throws {
    let status = String(repeating: "Final-Recipient: x\nAction: failed\nStatus: 5.1.1\n\n", count: 20_000)
    let references = (0..<20_000).map { "<callback-\($0 + 1).1.ab@x>" }.joined(separator: "\n ")
    var part = "Content-Type: message/delivery-status\n\nReporting-MTA: x\n\n\(status)"
    for level in 0..<200 {
      part = "Content-Type: multipart/report; boundary=b\(level)\n\n--b\(level)\n\(part)\n--b\(level)--\n"
    }
    let mail = try await CallbackMail.answer("From: x@x\nReferences: \(references)\n\(part)")
    #expect(mail.answered.count <= 20 && mail.reports.count <= 20 && mail.notices.count <= 20)
  }

  @Test("nonsense is decoded, or the decoder says why")
  func nonsense() async throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let mail = try await CallbackMail.answer(
        Array("Content-Type: multipart/report; boundary=b\n\n--b\n".utf8) + bytes)
      #expect(mail.notices.isEmpty)
    }
  }
}
