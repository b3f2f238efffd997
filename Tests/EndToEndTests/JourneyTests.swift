import CallbackControl
import Foundation
import Testing

/// What the services really send, dated to now, from the spool to the mail.
@Suite("a message's way", .fewAtOnce)
struct JourneyTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var file: String
    /// The mailbox of the one who is told.
    var told: String
    var caller: String?
    var kind = "message"

    var testDescription: String { file }
  }

  static let samples = [
    Sample(file: "01-urgent.txt", told: OfficeText.rivera, caller: "Jane Doe"),
    Sample(file: "02-caps-crlf-bom.txt", told: OfficeText.chen, caller: "O'Brien, Pat"),
    // For “Nurses” and “Referrals (Dana)”, whom this office does not have: the account's recipient is told.
    Sample(file: "03-windows-1252.txt", told: OfficeText.rivera, caller: "Renée François"),
    Sample(file: "04-recipient-has-left.txt", told: OfficeText.rivera, caller: "new patient, Alex Kim"),
    Sample(file: "05-object.json", told: OfficeText.rivera, caller: "Maria Lopez"),
    Sample(file: "08-unreadable.txt", told: OfficeText.rivera, kind: "unreadable"),
  ]

  @Test(
    "a file renamed into the spool becomes a callback with receipt, notification file and mail, and is gone",
    arguments: samples)
  func journey(of sample: Sample) async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop(try Self.datedToNow(sample.file), as: Array(sample.file.utf8))

    try await waitUntil("a mail for \(sample.told)", context: place.log) {
      try !place.mails(to: sample.told).isEmpty
    }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    try #require(rows.count == 1)
    #expect(rows[0].kind == sample.kind)
    #expect(rows[0].caller == sample.caller)

    let number = rows[0].id
    #expect(try place.receipts == ["\(sample.file).\(number).receipt"])
    let receipt = try place.text("spool/accepted/\(sample.file).\(number).receipt")
    #expect(receipt.contains("allback: \(number)\n") && receipt.contains("Call back by: "))

    let notification = try #require(try place.notifications.first { OfficeText.mailbox(of: $0.person) == sample.told })
    #expect(notification.callback == number && notification.kind == sample.kind)
    let mail = try place.mails(to: sample.told)[0]
    #expect(mail.subject.contains("] Callback \(number): "))
    #expect(mail.messageID.hasPrefix("<callback-\(number).\(notification.notice)."))
    #expect(try place.isSpoolEmpty)
    try await daemon.stop()
  }

  @Test("an unreadable file is kept with its reason, and the mail says which number to phone")
  func unreadable() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let bytes = try Self.datedToNow("08-unreadable.txt")
    try place.drop(bytes, as: Array("08.txt".utf8))
    try await waitUntil("a mail") { try !place.mails.isEmpty }
    #expect(try place.mails[0].body.contains("phone the service at +1 555 010 9000"))
    #expect(try place.names(in: "spool/rejected") == ["08.txt.1", "08.txt.1.reason"])
    #expect(try place.bytes("spool/rejected/08.txt.1") == bytes)
    try await daemon.stop()
  }

  @Test("a batch becomes a callback for each row, with one receipt; it is kept for its bad row, with that row's line")
  func batch() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let bytes = try Self.datedToNow("06-batch.csv")
    try place.drop(bytes, as: Array("06.csv".utf8))
    try await waitUntil("a receipt", context: place.log) { try !place.receipts.isEmpty }

    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks.sorted { $0.id < $1.id }
    #expect(rows.map(\.id) == [1, 2, 3])
    #expect(rows.map(\.ref) == ["9001", "9002", "9003"])
    #expect(rows.map(\.kind) == ["message", "message", "unreadable"])
    #expect(rows.map(\.caller) == ["Doe, John", "Ann Poe", "Lee Roe"])
    #expect(rows.map(\.callback) == ["555-010-1111", nil, "555-010-3333"])
    #expect(rows[2].urgency == "urgent")

    #expect(try place.receipts == ["06.csv.1.receipt"])
    let receipt = try place.text("spool/accepted/06.csv.1.receipt")
    #expect(receipt.hasPrefix("Messages: 3\nNot understood: 1; why is in rejected/, under 3\n"))
    for line in ["Callback: 1", "Callback: 2", "Not understood; callback: 3"] {
      #expect(receipt.contains("\n\(line)\nFor: Dr. "))
    }
    #expect(try place.names(in: "spool/rejected") == ["06.csv.3", "06.csv.3.reason"])
    #expect(try place.bytes("spool/rejected/06.csv.3") == bytes)
    let reason = try place.text("spool/rejected/06.csv.3.reason")
    #expect(reason == "Callback 3: line 4: Time \"25:61\" is not a date and time; write it as 2026-11-23 14:05\n")

    let shown = try daemon.client().show(3).detail
    #expect(shown.body == "Two lines\nin one cell")
    try await waitUntil("a mail about each", context: place.log) { try place.mails.count >= 3 }
    let asks = try place.mails.filter { $0.subject.contains("] Callback 3: ") }
    #expect(asks.contains { $0.body.contains("phone the service at +1 555 010 9000") })
    #expect(try place.isSpoolEmpty)
    try await daemon.stop()
  }

  @Test("a file is found long before the poll in whatever moment it comes into a new folder")
  func newFolders() async throws {
    let place = try Workplace(OfficeText(announce: "[]"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    // Unfinished files in other folders make each scan last: the moments from listing the new folder to watching it.
    for folder in ["spool/incoming/a", "spool/incoming/b", "spool/incoming/c"] {
      try #require(mkdir("\(place.root)/\(folder)", 0o777) == 0)
      for number in 0..<3000 { close(open("\(place.root)/\(folder)/\(number).tmp", O_CREAT | O_WRONLY, 0o644)) }
    }
    for number in 0..<20 {
      let folder = "spool/incoming/new\(number)"
      try #require(mkdir("\(place.root)/\(folder)", 0o777) == 0)
      try await Task.sleep(for: .milliseconds(2 * number))
      try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "new\(number)/message.txt")
      try await waitUntil("an empty \(folder)", upTo: .seconds(20), context: place.log) {
        try place.names(in: folder).isEmpty
      }
    }
    try await daemon.stop()
  }

  /// A sample with its days and times moved to now, on this office's clock.
  static func datedToNow(_ file: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("IntakeTests/Samples/\(file)"))
    let now = Date()
    // Byte for byte, as some samples are no UTF-8.
    var text = try #require(String(data: data, encoding: .isoLatin1))
    for (written, format, moment) in [
      ("2026-11-23 14:05", "yyyy-MM-dd HH:mm", now), ("11/23/2026", "MM/dd/yyyy", now), ("2:11 PM", "h:mm a", now),
      ("17:30", "HH:mm", now.addingTimeInterval(3 * 3600)),
    ] {
      let formatter = DateFormatter()
      formatter.locale = Locale(identifier: "en_US_POSIX")
      formatter.timeZone = .gmt
      formatter.dateFormat = format
      text = text.replacingOccurrences(of: written, with: formatter.string(from: moment))
    }
    return Array(try #require(text.data(using: .isoLatin1)))
  }
}
