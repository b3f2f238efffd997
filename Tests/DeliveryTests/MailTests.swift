import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Mail")
struct MailTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("a mail says what to do, by when and how to answer, in its first three lines")
  func wholeMail() throws {
    let mail = try scene.compose(Scene.item())
    let (text, html) = (Scene.part("plain", of: mail), Scene.part("html", of: mail))
    #expect(
      mail == """
        Date: Mon, 23 Nov 2026 19:34:00 +0000
        From: "Riverside Family Practice" <callbacks@riverside.example>
        To: "Dr. Rivera" <rivera@riverside.example>
        Subject: [overdue by 10 min, urgent] Callback 12: riverside
        Message-ID: <callback-12.34.00ff17@riverside.example>
        In-Reply-To: <callback-12@riverside.example>
        References: <callback-12@riverside.example>
        Thread-Topic: Callback 12
        Thread-Index: Ad17fCPu8QqdK1YWMXmcMtMGyL6sEg==
        Importance: high
        X-Priority: 2 (High)
        Auto-Submitted: auto-generated
        X-Auto-Response-Suppress: DR, RN, NRN
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=_callbackd"

        --=_callbackd
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        \(String(decoding: QuotedPrintable.encode(String(text.dropLast())), as: UTF8.self))
        --=_callbackd
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        \(String(decoding: QuotedPrintable.encode(String(html.dropLast())), as: UTF8.self))
        --=_callbackd--

        """)
    #expect(
      text == """
        Please ring the caller back, or see that somebody does: callback 12 is overdue, and nobody has it.
        It was due Mon 23 Nov 14:25, 10 min ago.
        Answer on front-desk: callbackctl ack 12 (I have it), callbackctl done 12 (reached)

        Whom to ring is not in this mail: phone the service at +1 555 010 9000 and quote callback 12, for riverside, taken \
        Mon 23 Nov 13:55.

        Callback: 12
        Urgency:  urgent
        Account:  riverside
        State:    nobody has it
        Attempts: 0
        Message:  callbackctl show 12

        """)
    #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.hasSuffix("</html>\n"))
  }

  @Test("a repeat differs from the first mail only in how late it says the callback is")
  func repeatedMail() throws {
    var item = Scene.item()
    let first = try scene.compose(item)
    item.tries = 3
    #expect(try scene.compose(item) == first)
    let later = try scene.compose(item, now: Scene.now + 300)
    #expect(later.replacingOccurrences(of: "15 min", with: "10 min") == first)
  }

  @Test("a full mail holds the message")
  func fullMail() throws {
    var item = Scene.item()
    let secrets = Secrets.fill(&item.callback)
    scene.mail.detail = .full
    let mail = try scene.compose(item)
    for part in ["plain", "html"] {
      let text = Scene.part(part, of: mail)
      for secret in secrets { #expect(text.contains(secret), "\(part)") }
    }
    let subject = mail.split(separator: "\n").first { $0.hasPrefix("Subject:") }
    #expect(subject == "Subject: [overdue by 10 min, urgent] Callback 12: riverside")
  }

  @Test("times are those of the account, and say so where they are not the site's")
  func accountZone() throws {
    scene.accounts[0].zone = Scene.zone("America/Los_Angeles")
    #expect(try scene.body(Scene.item()).contains("It was due Mon 23 Nov 11:25 (America/Los_Angeles), 10 min ago."))
  }

  @Test("urgency raises the mail's priority", arguments: Urgency.allCases)
  func priority(_ urgency: Urgency) throws {
    var item = Scene.item()
    item.callback.urgency = urgency
    let mail = try scene.compose(item)
    #expect(mail.contains("\nImportance: high\n") == (urgency >= .urgent))
    #expect(mail.contains("\nX-Priority: 1 (Highest)\n") == (urgency == .emergency))
  }

  @Test("a sender without a domain gives Message-IDs of this host")
  func localSender() throws {
    scene.mail.from = "callbackd"
    #expect(try scene.compose(Scene.item()).contains("\nMessage-ID: <callback-12.34.00ff17@front-desk>\n"))
  }
}
