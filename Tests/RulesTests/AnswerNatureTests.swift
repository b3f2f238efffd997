import CallbackRules
import Testing

/// Who wrote a mail: a person, a program, a mail system.
@Suite("Who wrote a mail")
struct AnswerNatureTests {
  private func nature(
    _ subject: String = "Re: Callback 12", from: String = "rivera@riverside.example", _ header: [String: String] = [:]
  ) -> AnswerMail.Nature {
    AnswerMail(senders: [from], subject: subject, header: header, text: "ok").nature
  }

  @Test(
    "a program: by its header",
    arguments: [
      ["auto-submitted": "auto-replied"], ["auto-submitted": "Auto-Generated (rejected)"], ["x-autoreply": "yes"],
      ["x-autorespond": ""], ["precedence": "auto_reply"], ["x-auto-response-suppress": "All"],
      ["x-auto-response-suppress": "OOF, AutoReply"], ["x-ms-exchange-inbox-rules-loop": "rivera@riverside.example"],
      ["x-ms-exchange-generated-message-source": "Mailbox Rules Agent"],
    ])
  func header(header: [String: String]) { #expect(nature("Re: Callback 12", header) == .automatic) }

  @Test(
    "a program: by its subject, in many languages",
    arguments: [
      "Automatic reply: Callback 12", "Out of Office: Callback 12", "Automatische Antwort: Callback 12",
      "Abwesenheitsnotiz: Callback 12", "Réponse automatique\u{A0}: Callback 12", "Respuesta automática: Callback 12",
      "Risposta automatica: Callback 12", "Automatisch antwoord: Callback 12",
    ])
  func subject(subject: String) { #expect(nature(subject) == .automatic) }

  @Test("a person, as long as nothing says otherwise")
  func person() {
    #expect(nature() == .person)
    #expect(nature("Re: Out of Office next week") == .person)
    #expect(
      nature("Re: Callback 12", ["auto-submitted": "no", "precedence": "bulk", "return-path": "<r@x>"]) == .person)
    #expect(nature("Re: Callback 12", ["x-auto-response-suppress": "DR, RN, NRN"]) == .person)
    let postmaster = "postmaster@riverside.example"
    #expect(nature("Re: Callback 12", from: postmaster, ["return-path": "<\(postmaster)>"]) == .person)
  }

  @Test("a mail system: by its report")
  func reports() {
    func nature(_ actions: [String], _ status: String? = "5.1.1") -> AnswerMail.Nature {
      AnswerMail(
        subject: "Undelivered Mail Returned to Sender", reportType: "delivery-status",
        reports: actions.map { DeliveryReport(action: $0, status: status) }
      ).nature
    }
    #expect(nature(["failed"]) == .failed("it could not be delivered (5.1.1)"))
    #expect(nature(["delivered", "failed"], "5.1.1; rm -rf") == .failed("it could not be delivered"))
    #expect(nature(["delayed"], "4.4.1") == .delayed("it is not delivered yet (4.4.1)"))
    #expect(nature(["delivered"]) == .other && nature(["relayed"]) == .other)
    // One that can't be read.
    #expect(nature([]) == .failed("it could not be delivered"))
    #expect(AnswerMail(reportType: "disposition-notification", text: "displayed").nature == .other)
  }

  @Test("a mail system without a report: by its header, its sender, its subject")
  func olderBounces() {
    let failed = AnswerMail.Nature.failed("it could not be delivered")
    #expect(nature("Mail delivery failed: returning message to sender", ["x-failed-recipients": "r@x"]) == failed)
    #expect(nature("failure notice", from: "MAILER-DAEMON@mail.example") == failed)
    #expect(nature("Unzustellbar: Callback 12", from: "postmaster@mail.example") == failed)
    #expect(nature("Undeliverable: Callback 12", ["return-path": "<>"]) == failed)
    #expect(
      nature("Warning: message 1abc delayed 24 hours", from: "mailer-daemon@mail.example")
        == .delayed("it is not delivered yet"))
  }

  @Test("and which notice it is about: by In-Reply-To and References, of what comes back by that, or its text")
  func notices() {
    let id = NoticeID(matter: .callback(12), number: 34, token: "ab12")
    var mail = AnswerMail(
      senders: ["r@x"], subject: "Re: x", answered: ["own@x", "callback-12.34.ab12@riverside.example", "callback-12@x"])
    #expect(mail.notices == [id])
    mail.answered = ["digest-34.ab12@x", "alarm-35.cd@x"]
    #expect(
      mail.notices == [
        NoticeID(matter: .digest, number: 34, token: "ab12"), NoticeID(matter: .alarm, number: 35, token: "cd"),
      ])
    mail.answered = []
    mail.text = "Message-ID: <callback-12.34.ab12@riverside.example>"
    #expect(mail.notices.isEmpty)
    mail.header["x-failed-recipients"] = "r@x"
    #expect(mail.notices == [id])
    mail.returned = ["callback-12.35.ab12@riverside.example"]
    #expect(mail.notices.map(\.number) == [35])
  }

  @Test(
    "and what looks like a notice's Message-ID, and is none",
    arguments: [
      "", "@", "callback-12@x", "callback-12.34@x", "callback-12.34.@x", "callback--1.34.ab@x", "callback-12.0.ab@x",
      "callback-12.34.ab", "digest-34.ab.cd@x", "digest-.ab@x", "Callback-12.34.ab@x",
      "alarm-99999999999999999999.ab@x",
    ])
  func noNotices(id: String) { #expect(NoticeID(messageID: id) == nil) }
}
