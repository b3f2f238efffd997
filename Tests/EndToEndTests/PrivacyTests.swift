import CallbackControl
import Foundation
import Testing

@Suite("patients' data", .fewAtOnce)
struct PrivacyTests {
  /// Every field there is, and one that nobody knows.
  static let fields = [
    "To", "Account", "Caller", "Relationship", "Callback", "Patient", "DOB", "Urgency", "Taken", "Promised",
    "Reachable-Until", "Voicemail-OK", "Language", "Operator", "Ref", "Regarding", "X-Other",
  ]

  @Test(
    "with detail minimal, no word of any field, text or file name leaves the store by log, STATUS, file, mail, receipt")
  func minimal() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place, arguments: ["--verbose"])
    try await daemon.ready()
    var secrets: [String] = []
    func secret() -> String {
      secrets.append("zq" + String(UInt64.random(in: 1 << 60 ... .max), radix: 36))
      return secrets[secrets.count - 1]
    }
    // All in one, then each alone, so that none is hidden by another's failing first; a part of a file's name each.
    try place.drop(Self.fields.map { "\($0): \(secret())\n" }.joined() + "\n\(secret())\n", as: "\(secret()).txt")
    for field in Self.fields { try place.drop("\(field): \(secret())\n\n\(secret())\n", as: "\(secret()).txt") }
    try place.drop("no field at all, only \(secret())", as: secret())
    let count = Self.fields.count + 2
    try await waitUntil("a callback for each", context: place.log) {
      try daemon.client().status().counts.open == count
    }
    try await waitUntil("every notice", context: place.log) { try daemon.client().status().noticesWaiting == 0 }
    let report = "\(try daemon.client().status())"
    try daemon.send(SIGHUP)
    try await daemon.stop()

    var said = ["standard error": place.log, "Status": report]
    said["STATUS="] = daemon.manager.received.flatMap(\.lines).joined(separator: "\n")
    for name in try place.names(in: "spool/notifications") {
      said["notification \(name)"] = try place.text("spool/notifications/\(name)")
    }
    for mail in try place.mails { said["mail \(mail.messageID)"] = mail.text + mail.body }
    // A receipt's name is its file's name: whoever may read that has sent it. Its text says nothing.
    for name in try place.receipts { said["receipt"] = try place.text("spool/accepted/\(name)") }
    #expect(try place.mails.count >= count && place.receipts.count == count)
    for (what, text) in said {
      let leaked = secrets.filter { text.lowercased().contains($0) }
      #expect(leaked.isEmpty, "\(what): \(text)")
    }
  }

  @Test("with detail full, the mail has the message: the search above can find something")
  func full() async throws {
    var office = OfficeText()
    office.mail = #"detail = "full""#
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: zqcaller\nCallback: 555-010-4477\nRegarding: zqregarding\n\nzqtext\n")
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }
    for word in ["zqcaller", "zqregarding", "zqtext"] { #expect(try place.mails[0].body.contains(word)) }
    #expect(!place.log.contains("zq"))
    try await daemon.stop()
  }
}
