import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// What becomes of a mail that was decoded: the fields of its text, and its header for what these lack.
@Suite("Mails as messages") struct MailReadingTests {
  /// 2026-11-23 14:20 in New York.
  private static let arrival = Date(timeIntervalSince1970: 1_795_461_600)
  private static let newYork = Zone("America/New_York") ?? .utc
  /// Told from plain text by its first line.
  private static let raw = Array("MIME-Version: 1.0\n\nx".utf8)

  private static func office(_ accounts: [Account]) -> Office {
    Office(
      name: "Riverside", zone: newYork, fallback: "manager",
      policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) },
      services: [Service(id: "night-desk", phone: "+1 555 010 9000")], accounts: accounts)
  }

  private static let accounts = [
    Account(id: "riverside", also: ["Messages@Riverside.example"], service: "night-desk", zone: newYork),
    Account(id: "lake", zone: newYork, dayFirst: true, urgency: .urgent),
  ]

  private func report(
    _ mail: DecodedMail, accounts: [Account] = accounts, bytes: [UInt8] = raw
  ) -> ReadingReport {
    MessageReader(office: Self.office(accounts), decodeMail: { _ in .success(mail) })
      .report(bytes, from: MessageSource(folderService: nil, modifiedAt: Self.arrival, arrivedAt: Self.arrival))
  }

  private func message(_ mail: DecodedMail) throws -> Message {
    let report = report(mail)
    #expect(report.format == .mail && report.messages.count == 1)
    let read = try #require(report.messages.first)
    #expect(read.original == Self.raw)
    return read.message
  }

  private static let header = DecodedMail(
    subject: "MSG FOR DR CHEN", date: "Mon, 23 Nov 2026 13:40:12 -0500 (EST)", from: "Night Desk <desk@a.example>",
    to: ["messages@riverside.example"], messageID: "1@a.example", text: "")

  private static func mail(_ text: String) -> DecodedMail {
    var mail = header
    mail.text = text
    return mail
  }

  @Test(
    "Tables of an HTML mail are read: a name and its value in each row, or a message in each row, empty cells and all")
  func tables() async throws {
    let head = "Content-Type: text/html; charset=utf-8\n\n<html><body><p>New message</p><table>"
    let form = "<tr><td><p>Caller</p></td><td><p>Ann</p></td></tr><tr><td>Phone</td><td>555 010 6677</td></tr>"
    let one = try #require(report(try await CallbackMail.decode(Mail.of(head + form))).messages.first).message
    #expect(one.caller == "Ann" && one.callback?.digits == "15550106677" && one.problem == nil)

    let rows = [["To", "Patient", "Caller", "Phone"], ["Chen", "", "Ann", "555 010 6677"], ["", "Sam", "Bea", ""]]
    let table = rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }.joined()
    let mail = try await CallbackMail.decode(Mail.of("Content-Type: text/html\n\n<table>\(table)</table>"))
    let messages = report(mail).messages.map(\.message)
    #expect(messages.map(\.caller) == ["Ann", "Bea"] && messages.map(\.patient) == [nil, "Sam"])
    #expect(messages.map(\.to) == ["Chen", nil] && messages.map { $0.callback?.digits } == ["15550106677", nil])
  }

  @Test("The sample of a service is read whole by the real program")
  func sample() async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let bytes = Array(try Data(contentsOf: folder.appending(path: "IntakeTests/Samples/07-service-mail.eml")))
    let report = report(try await CallbackMail.decode(bytes), bytes: bytes)
    var expected = Message(
      // 21:40:12 of that day, which is ahead of the arrival.
      takenAt: Self.arrival, urgency: .urgent, service: "night-desk", account: "riverside", to: "Chen",
      caller: "Zoë Adler", callback: PhoneNumber(written: "555 010 6677", digits: "15550106677"),
      regarding: "post-op bleeding")
    expected.operatorName = "Night Desk <desk@answering.example>"
    expected.body = "Please call, she is at her sister’s."
    expected.notes = ["the mail's header: Date is in the future; the arrival stands for it"]
    var message = try #require(report.messages.first).message
    #expect(message.mailID?.hasPrefix("<20261123.214012.77@answering.example> ") == true)
    message.mailID = nil
    #expect(message == expected && report.messages.count == 1)
    #expect(report.messages.first?.original == bytes)
  }

  @Test("The header gives what the text lacks: matter, time, operator, account; never the caller")
  func lacking() throws {
    let message = try message(Self.mail("Phone: 555 010 4477\n"))
    #expect(message.problem == nil && message.regarding == "MSG FOR DR CHEN" && message.caller == nil)
    #expect(message.takenAt == Date(timeIntervalSince1970: 1_795_459_212))
    #expect(message.operatorName == "Night Desk <desk@a.example>")
    #expect(message.account == "riverside" && message.unknownAccount == nil && message.to == nil)
  }

  @Test("What the text gives, counts")
  func given() throws {
    let text = "Re: fever\nTaken: 2026-11-23 14:00\nOp: 17\nAccount: lake\nFrom: Ann\nTo: Chen\n"
    let message = try message(Self.mail(text))
    #expect(message.regarding == "fever" && message.operatorName == "17" && message.account == "lake")
    #expect(message.takenAt == Date(timeIntervalSince1970: 1_795_460_400) && message.caller == "Ann")
    #expect(message.otherFields.isEmpty && message.notes.isEmpty)
  }

  @Test("A field that was left blank is lacking; an account that is not known is told, not replaced")
  func blank() throws {
    let message = try message(Self.mail("Caller: Ann\nRe:\nAccount: harbour\n"))
    #expect(message.regarding == "MSG FOR DR CHEN" && message.account == nil && message.unknownAccount == "harbour")
  }

  @Test("A time of day without a day is the latest that is past, not one of the mail's day")
  func timeAlone() throws {
    let message = try message(Self.mail("Caller: Ann\nTime: 23:50\n"))
    #expect(message.takenAt == Date(timeIntervalSince1970: 1_795_409_400))
  }

  @Test("Without a date, or with one that can't be read, the file's time counts, and the date is kept")
  func noDate() throws {
    var mail = Self.mail("Caller: Ann\n")
    mail.date = nil
    #expect(try message(mail).takenAt == Self.arrival)
    mail.date = "yesterday-ish"
    let odd = try message(mail)
    #expect(odd.problem == nil && odd.takenAt == Self.arrival)
    #expect(odd.otherFields == [Message.OtherField(name: "Date", value: "yesterday-ish")])
  }

  static let addresses: [(to: [String], account: String?)] = [
    (["MESSAGES@riverside.EXAMPLE"], "riverside"), (["lake@in.example"], "lake"), (["in+lake@in.example"], "lake"),
    (["someone@in.example", "lake@in.example"], "lake"), (["lake@in.example", "riverside@in.example"], "lake"),
    (["someone@lake.example"], nil), (["@", "", "+", "lake+"], nil), ([], nil),
  ]

  @Test("An address chooses the account: whole, before the @, behind the +", arguments: addresses)
  func account(to: [String], account: String?) throws {
    var mail = Self.mail("Caller: Ann\n")
    mail.to = to
    let message = try message(mail)
    #expect(message.account == account && message.unknownAccount == nil)
    // The account's own defaults hold.
    #expect(message.urgency == (account == "lake" ? .urgent : .routine))
    #expect(
      message.notes.contains { $0.hasPrefix("the mail was sent to 2 accounts") }
        == (to.first == "lake@in.example" && to.count == 2))
  }

  @Test("A text with no known field is an unreadable message with subject, text, account and operator")
  func noField() throws {
    let message = try message(Self.mail("pls call mrs smith back\n"))
    #expect(message.problem?.hasPrefix("line 1: no line is a field that is known") == true)
    #expect(message.urgency == .urgent && message.account == "riverside")
    #expect(message.regarding == "MSG FOR DR CHEN" && message.operatorName == "Night Desk <desk@a.example>")
    #expect(message.body == "pls call mrs smith back\n")
  }

  @Test(
    "A text that is none, another mail, or a page is an unreadable message with the subject",
    arguments: [
      ("", "no text"), (" \n\n", "no text"), ("MIME-Version: 1.0\n\nCaller: A\n", "another mail"), ("<html>x", "HTML"),
      ("%PDF-1.4", "PDF"), (String(repeating: "\u{FEFF}", count: 9) + "MIME-Version: 1.0\n\nx", "line 1"),
    ])
  func noText(text: String, word: String) throws {
    let message = try message(Self.mail(text))
    #expect(message.problem?.contains(word) == true, "\(message.problem ?? "")")
    #expect(message.regarding == "MSG FOR DR CHEN" && message.urgency == .urgent && message.account == "riverside")
  }

  @Test("A mail that can't be decoded is an unreadable message that says why, and keeps its bytes and text")
  func undecoded() throws {
    let reader = MessageReader(
      office: Self.office(Self.accounts), decodeMail: { _ in .failure(MailTrouble("it burned")) })
    let parts = reader.read(
      Array("MIME-Version: 1.0\n\nCaller: Ann\n".utf8),
      from: MessageSource(folderService: "night-desk", modifiedAt: Self.arrival, arrivedAt: Self.arrival))
    let message = try #require(parts.first).message
    #expect(message.problem == "The mail could not be decoded: it burned; ask the service to send plain text")
    #expect(message.body?.contains("Caller: Ann") == true && message.urgency == .urgent)
    #expect(parts.count == 1 && parts.first?.original == Array("MIME-Version: 1.0\n\nCaller: Ann\n".utf8))
  }

  @Test("What was not read is noted")
  func notes() throws {
    var mail = Self.mail("Caller: Ann\n")
    (mail.attachments, mail.notes) = (2, ["parts after the first 1000"])
    #expect(
      try message(mail).notes == [
        "the mail has 2 attachments, not read; the original has what is in it",
        "of the mail were left out: parts after the first 1000; the original has them",
      ])
  }

  @Test("The same mail is known again by its Message-ID; another date or text under the same one is another message")
  func known() throws {
    let first = try message(Self.mail("Caller: Ann\n")).mailID
    #expect(first?.hasPrefix("<1@a.example> ") == true)
    #expect(try message(Self.mail("Caller: Ann\n")).mailID == first)
    #expect(try message(Self.mail("Caller: Bea\n")).mailID != first)
    var mail = Self.mail("Caller: Ann\n")
    mail.date = "Mon, 23 Nov 2026 13:59:59 -0500"
    #expect(try message(mail).mailID != first)
    mail.messageID = nil
    #expect(try message(mail).mailID == nil)
  }
}
