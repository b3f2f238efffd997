import CallbackControl
import Foundation
import Testing

/// Mail through a real MTA into a real mailbox.
///
/// dma, because it is the smallest of Debian's MTAs that delivers to local mailboxes: no process that keeps running, no port,
/// nothing to set up, and 200 kB. (msmtp needs a server to speak to; Postfix and Exim start one.) It knows no private
/// configuration, so the test leaves one mail in the mailbox of whoever runs it, and takes nothing out. `make deps` installs
/// dma only where there is no MTA, because it would replace another; with another, the test is left out.
@Suite("a real MTA", .fewAtOnce)
struct RealMailTests {
  static let dma = "/usr/sbin/dma"

  @Test(
    "an escalation arrives in the mailbox, and python's strict parser finds nothing wrong with it",
    .enabled(if: FileManager.default.isExecutableFile(atPath: dma), "dma is not installed: see `make deps`"))
  func arrives() async throws {
    let user = try #require(getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) })
    var office = OfficeText(callBackWithin: "1s", announce: "[]")
    office.sendmail = Self.dma
    office.riveraMail = user
    office.mail = #"detail = "full""#
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    // What a mail on its way through mailboxes could be harmed by: a From at the start of a line, a dot alone, other scripts.
    let mark = "mark" + String(UInt64.random(in: 1 << 60 ... .max), radix: 36)
    let words = "From now on, please ring\n.\n\(mark)\nat her sister’s: Zoë"
    try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n\n\(words)\n")
    try await waitUntil("the callback", context: place.log) { try daemon.client().status().counts.open == 1 }
    try await waitUntil("the hand-over", context: place.log) {
      try daemon.client().show(1).detail.events.contains { $0.kind == "delivered" }
    }
    let mail = try await inMailbox(of: user, mark: mark, place)
    #expect(mail.subject.contains("] Callback 1: "))
    #expect(mail.from == "callbacks@riverside.example")
    #expect(mail.body.contains(words))
    #expect(mail.body.contains("callbackctl ack 1"))
    try await daemon.stop()
  }

  private struct Parsed: Decodable {
    var subject: String
    var from: String
    var body: String
  }

  /// Waits for the mail, as MTAs deliver in the background.
  private func inMailbox(of user: String, mark: String, _ place: Workplace) async throws -> Parsed {
    let end = ContinuousClock.now + patience
    while true {
      let run = try await Run("/usr/bin/python3", ["-c", Self.reader, "/var/mail/\(user)", mark], in: place)
      try #require(run.status == 0, "\(run.errors)")
      if !run.output.isEmpty { return try JSONDecoder().decode(Parsed.self, from: Data(run.output.utf8)) }
      try #require(ContinuousClock.now < end, "no mail \(mark) came into /var/mail/\(user)")
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Prints the mail that holds the mark, or nothing; the strict policy raises whatever is not as RFC 5322 wants it.
  private static let reader = """
    import email, email.policy, json, mailbox, os, sys
    if not os.path.exists(sys.argv[1]):
        sys.exit()
    box = mailbox.mbox(sys.argv[1], create=False)
    for key in box.keys():
        if sys.argv[2].encode() in box.get_bytes(key):
            mail = email.message_from_bytes(box.get_bytes(key), policy=email.policy.strict)
            sender = mail["From"].addresses[0].addr_spec
            print(json.dumps({"subject": mail["Subject"], "from": sender, "body": mail.get_body(("plain",)).get_content()}))
            break
    """
}
