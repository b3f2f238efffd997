import CallbackControl
import Foundation
import Testing

/// Answers by mail, from what an MTA pipes to, through the daemon and its decoder, to what is told next.
@Suite("answers by mail", .fewAtOnce)
struct AnswerTests {
  private static let message = "To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\nAccount: 4711\n\nplease call\n"

  private static func office(_ change: (inout OfficeText) -> Void = { _ in }) -> OfficeText {
    var office = OfficeText(steps: #"{ after = "0s", notify = ["recipient"] }, { after = "1h", notify = ["chen"] }"#)
    change(&office)
    return office
  }

  /// A reply as Gmail writes it.
  private static func reply(
    to mail: CapturedMail, from: String = OfficeText.rivera, id: String = "r1", _ text: String
  ) -> String {
    """
    Return-Path: <\(from)>
    From: Maria Rivera <\(from)>
    Date: Mon, 23 Nov 2026 14:05:12 -0500
    Message-ID: <\(id)@mail.example>
    Subject: Re: \(mail.subject)
    In-Reply-To: \(mail.messageID)
    References: <callback-1@riverside.example>
     \(mail.messageID)
    MIME-Version: 1.0
    Content-Type: text/plain; charset="UTF-8"

    \(text)

    On Mon, Nov 23, 2026 at 2:05 PM Riverside Family Practice <
    callbacks@riverside.example> wrote:

    > Answer with one of these: ok, done, no answer, voicemail, busy, snooze 20m, pass to
    done

    """
  }

  private static func bounce(of mail: CapturedMail) -> String {
    """
    Return-Path: <>
    From: MAILER-DAEMON@mail.riverside.example (Mail Delivery System)
    To: callbacks@riverside.example
    Subject: Undelivered Mail Returned to Sender
    Message-Id: <\(UUID().uuidString)@mail.riverside.example>
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b"

    --b
    Content-Type: text/plain

    This is the mail system.
    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.riverside.example

    Final-Recipient: rfc822; rivera@riverside.example
    Action: failed
    Status: 5.1.1
    --b
    Content-Type: message/rfc822

    \(mail.text)
    --b--

    """
  }

  private func pipe(_ mail: String, in place: Workplace) async throws {
    let ending = try await Run(
      try Binary.callbackMail.path, ["--answers", "--spool", place.root + "/spool"], input: mail, in: place)
    try #require(ending.status == 0, "\(ending.errors)")
  }

  /// A place with a callback of which Rivera was told.
  private func told(_ office: OfficeText = office()) async throws -> (Workplace, DaemonProcess, CapturedMail) {
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop(Self.message)
    let mail = try await waiting(for: "a mail", context: place.log) { try place.mails(to: OfficeText.rivera).first }
    try await waitUntil("its end", context: place.log) {
      try daemon.client().show(1).detail.events.contains { $0.kind == "delivered" }
    }
    return (place, daemon, mail)
  }

  private func kinds(_ daemon: DaemonProcess) throws -> [String] {
    try daemon.client().show(1).detail.events.map(\.kind)
  }

  private func row(_ daemon: DaemonProcess) throws -> CallbackRow { try daemon.client().show(1).detail.callback }

  @Test("ok and done do what they say, as the person who wrote them; who answers for the account hears of the end")
  func journey() async throws {
    let (place, daemon, mail) = try await told()
    try await pipe(Self.reply(to: mail, "Ok, thanks"), in: place)
    try await waitUntil("an owner", context: place.log) { try row(daemon).owner == "rivera" }
    let answered = try #require(try daemon.client().show(1).detail.events.first { $0.kind == "answered" })
    #expect(answered.actor == "person" && answered.actorID == "rivera" && answered.login == nil)
    #expect(answered.text == "Ok, thanks")
    #expect(mail.messageID.hasPrefix("<callback-1.\(try #require(answered.notice))."))
    try await pipe(Self.reply(to: mail, id: "r2", "done\n\nShe is fine."), in: place)
    try await waitUntil("the end", context: place.log) { try row(daemon).state == "closed" }
    #expect(try kinds(daemon).suffix(3).contains("note"))
    let last = try await waiting(for: "word of it", context: place.log) {
      try place.mails(to: OfficeText.rivera).first { $0.body.contains("closed callback 1 by mail") }
    }
    #expect(last.subject.contains("closed"))
    try await waitUntil("the files' end", context: place.log) { try place.names(in: "spool/answers").isEmpty }
    #expect(try place.names(in: "spool/rejected").isEmpty)
    #expect(!place.log.contains("She is fine") && !place.log.contains("mail-"))
    try await daemon.stop()
  }

  @Test("what is no command is a note, and its writer is told how to answer, once")
  func note() async throws {
    let (place, daemon, mail) = try await told()
    for id in ["r1", "r2"] { try await pipe(Self.reply(to: mail, id: id, "not done yet \(id)"), in: place) }
    try await waitUntil("two notes", context: place.log) { try kinds(daemon).count { $0 == "note" } == 2 }
    try await waitUntil("the second mail", context: place.log) { try place.mails(to: OfficeText.rivera).count == 2 }
    #expect(try place.mails[1].body.contains("snooze 20m, pass to NAME"))
    #expect(try row(daemon).state == "open")
    // Its answer is one like any other.
    try await pipe(Self.reply(to: place.mails[1], id: "r3", "ok"), in: place)
    try await waitUntil("an owner", context: place.log) { try row(daemon).owner == "rivera" }
    #expect(try place.mails(to: OfficeText.rivera).count == 2)
    try await daemon.stop()
  }

  @Test("a forwarded mail, one that comes again, and one that comes too late change nothing and stand in the history")
  func refused() async throws {
    let (place, daemon, mail) = try await told()
    try await pipe(Self.reply(to: mail, from: OfficeText.chen, "done"), in: place)
    try await waitUntil("a refusal", context: place.log) { try kinds(daemon).contains("answer-refused") }
    #expect(try row(daemon).state == "open")
    let answer = Self.reply(to: mail, id: "r2", "ok")
    for _ in 1...3 { try await pipe(answer, in: place) }
    try await waitUntil("an owner", context: place.log) { try row(daemon).owner == "rivera" }
    try await waitUntil("one more refusal", context: place.log) {
      try kinds(daemon).count { $0 == "answer-refused" } == 2 && place.names(in: "spool/answers").isEmpty
    }
    #expect(try kinds(daemon).count { $0 == "acknowledged" } == 1)
    try await pipe(Self.reply(to: mail, id: "r3", "done"), in: place)
    try await waitUntil("the end", context: place.log) { try row(daemon).state == "closed" }
    try await pipe(Self.reply(to: mail, id: "r4", "no answer"), in: place)
    let told = try await waiting(for: "word of the refusal", context: place.log) {
      try place.mails(to: OfficeText.rivera).first { $0.body.contains("before your answer came") }
    }
    #expect(told.subject.contains("closed"))
    #expect(try row(daemon).attempts == 1)
    try await daemon.stop()
  }

  @Test(
    "a mail that comes back, or that a program answers, told nobody: the next step that tells somebody else is taken at once",
    arguments: [true, false])
  func toldNobody(comesBack: Bool) async throws {
    let (place, daemon, mail) = try await told()
    let away = Self.reply(to: mail, "I am away until Monday.")
      .replacingOccurrences(of: "Subject: Re:", with: "Auto-Submitted: auto-replied\nSubject: Automatic reply:")
    for _ in 1...2 { try await pipe(comesBack ? Self.bounce(of: mail) : away, in: place) }
    try await waitUntil("the second step", context: place.log) { try place.mails(to: OfficeText.chen).count == 1 }
    try await waitUntil("both mails", context: place.log) { try place.names(in: "spool/answers").isEmpty }
    #expect(try kinds(daemon).count { $0 == "not-told" } == 1)
    #expect(try place.mails(to: OfficeText.rivera).count == 1)
    #expect(place.log.contains("Notice 1 told nobody"))
    try await daemon.stop()
  }

  @Test("by a person's next channel, where there is one")
  func nextChannel() async throws {
    let pager = "[[channel]]\nid = \"wall\"\nkind = \"file\"\n"
    let office = Self.office {
      $0.further = pager
      $0.rivera = #"channels = ["mail", "wall"]"#
    }
    let (place, daemon, mail) = try await told(office)
    try await pipe(Self.bounce(of: mail), in: place)
    try await waitUntil("the second hand-over", context: place.log) {
      try kinds(daemon).count { $0 == "delivered" } == 2
    }
    #expect(try place.mails.count == 1 && kinds(daemon).contains("not-told"))
    #expect(try daemon.client().status().noticesWaiting == 0)
    try await daemon.stop()
  }

  @Test("what belongs to nothing, or can't be read, is kept in rejected/; of a person's mail the fallback hears, once")
  func stray() async throws {
    let (place, daemon, mail) = try await told()
    var unknown = mail
    unknown.bytes = Array(mail.text.replacingOccurrences(of: mail.messageID, with: "<callback-1.1.ff@x>").utf8)
    for id in ["r1", "r2"] { try await pipe(Self.reply(to: unknown, id: id, "I had an accident \(id)"), in: place) }
    try await pipe(Self.reply(to: unknown, from: "spam@example.org", id: "r3", "buy now"), in: place)
    // What callback-mail itself would never write.
    try FileManager.default.createSymbolicLink(
      atPath: place.root + "/spool/answers/link", withDestinationPath: place.configuration)
    try Data(repeating: 65, count: 17 << 20).write(to: URL(fileURLWithPath: place.root + "/spool/answers/large.eml"))
    try await waitUntil("all of them", context: place.log) {
      try place.names(in: "spool/rejected").count == 10 && place.names(in: "spool/answers").isEmpty
    }
    let alarms = try await waiting(for: "two alarms", context: place.log) {
      let alarms = try place.mails(to: OfficeText.chen).filter { $0.subject.hasPrefix("callbackd: ") }
      return alarms.count == 2 ? alarms : nil
    }
    #expect(alarms.contains { $0.body.contains("A mail from Dr. Rivera came") })
    #expect(FileManager.default.fileExists(atPath: place.configuration))
    #expect(try row(daemon).state == "open")
    #expect(try kinds(daemon).count { $0 == "answer-refused" } == 3)
    #expect(!place.log.contains("accident") && !place.log.contains("large") && !place.log.contains("spam@"))
    #expect(try daemon.client().status().stages.answers.ok)
    try await daemon.stop()
  }

  @Test("mails that waited while the daemon was down, and whatever crashes, each act once")
  func crashes() async throws {
    let (place, daemon, mail) = try await told()
    for index in 1...6 {
      try await pipe(Self.reply(to: mail, id: "r\(index)", "note number \(index)"), in: place)
    }
    try await daemon.crash()
    let other = try DaemonProcess(in: place)
    try await other.ready()
    try await waitUntil("six notes", context: place.log) {
      try other.client().show(1).detail.events.count { $0.kind == "note" } == 6
        && place.names(in: "spool/answers").isEmpty
    }
    let refused = try other.client().show(1).detail.events.contains { $0.kind == "answer-refused" }
    #expect(!refused)
    try await other.stop()
  }
}
