import CallbackControl
import Foundation
import Testing

/// A mail, from what an MTA pipes to, through the daemon and its decoder, to a callback.
@Suite("a mail's way", .fewAtOnce)
struct MailTests {
  /// One moment for all: mails of different dates are different ones.
  private static let sent = Date(timeIntervalSinceNow: -60)

  private static func mail(received: String, body: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss"
    return """
      Received: from \(received) by mail.riverside.example; \(formatter.string(from: Date())) +0000
      From: "Night Desk" <desk@answering.example>
      To: messages+4711@riverside.example
      Subject: =?utf-8?Q?Post-op_=E2=80=93_bleeding?=
      Date: \(formatter.string(from: sent)) +0000
      Message-ID: <77@answering.example>
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="b"

      --b
      Content-Type: text/html; charset=utf-8

      <p>see text</p>
      --b
      Content-Type: text/plain; charset=windows-1252
      Content-Transfer-Encoding: quoted-printable

      \(body)
      --b--
      """
  }

  private func pipe(_ mail: String, in place: Workplace) async throws {
    let ending = try await Run(
      try Binary.callbackMail.path, ["--spool", place.root + "/spool"], input: mail, in: place)
    try #require(ending.status == 0, "\(ending.errors)")
  }

  @Test("a mail becomes a callback with the fields of its text and header, and is known when it comes again")
  func journey() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let body = "To: Chen\nCaller: Zo=EB Adler\nPhone: 555 010 6677\n\nShe is at her sister=92s."
    try await pipe(Self.mail(received: "a.example", body: body), in: place)
    try await waitUntil("a receipt", context: place.log) { try place.receipts.count == 1 }
    try await pipe(Self.mail(received: "b.example", body: body), in: place)
    try await waitUntil("the second receipt", context: place.log) { try place.receipts.count == 2 }

    let client = try daemon.client()
    let rows = try client.list(ControlCall.ListQuery()).callbacks
    #expect(rows.map(\.id) == [1] && rows.map(\.kind) == ["message"] && rows.map(\.repeatCalls) == [0])
    #expect(rows.map(\.caller) == ["Zoë Adler"] && rows.map(\.callback) == ["555 010 6677"])
    #expect(rows.map(\.recipient) == ["chen"] && rows.map(\.account) == ["riverside"])
    #expect(rows.map(\.regarding) == ["Post-op – bleeding"])
    let detail = try client.show(1).detail
    #expect(detail.body == "She is at her sister’s." && detail.events.contains { $0.kind == "received-again" })
    #expect(try place.isSpoolEmpty && place.names(in: "spool/rejected").isEmpty)
    try await daemon.stop()
  }

  @Test("a mail without a field is an unreadable message with its subject, and the mail itself is kept")
  func unreadable() async throws {
    let place = try Workplace()
    try await pipe(Self.mail(received: "a.example", body: "please ring Mrs Adler"), in: place)
    // It waited in the spool while the daemon was down.
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("a mail", context: place.log) { try !place.mails.isEmpty }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(rows.map(\.kind) == ["unreadable"] && rows.map(\.regarding) == ["Post-op – bleeding"])
    let names = try place.names(in: "spool/rejected")
    #expect(names.count == 2)
    let kept = try #require(names.first { !$0.hasSuffix(".reason") })
    #expect(try place.text("spool/rejected/\(kept)").contains("please ring Mrs Adler"))
    #expect(!place.log.contains("Adler") && !place.log.contains("bleeding"))
    try await daemon.stop()
  }

  @Test("callbackctl parse decodes a mail as the daemon would")
  func parse() async throws {
    let place = try Workplace()
    let parsed = try await Run(
      try Binary.callbackctl.path, ["parse", "-", "--config", place.configuration],
      input: Self.mail(received: "a.example", body: "Caller: Zo=EB"), in: place)
    #expect(parsed.status == 0, "\(parsed.errors)")
    let lines = parsed.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.contains("1 Caller Caller name Zoë") && lines.contains("mail To Account header 4711"))
    #expect(lines.contains("mail Subject Regarding header Post-op – bleeding"))
  }
}
