import CallbackControl
import Foundation
import Testing

/// Names and values made to do harm: each is answered for, and none acts.
@Suite("hostile files", .fewAtOnce)
struct HostileTests {
  static let names: [[UInt8]] = [
    Array("two\nlines".utf8), Array("return\rFrom: x".utf8), Array("\u{1B}[2J\u{1B}]0;owned\u{07}".utf8),
    Array("-oQtmp".utf8), Array("--help".utf8), Array("$(reboot)`id`;'\"".utf8), [0xFF, 0xFE, 0x80, 0x0A],
    Array("\u{202E}txt.exe".utf8), Array(repeating: UInt8(ascii: "n"), count: 255),
  ]

  @Test("file names with control characters, options and broken UTF-8: admitted, and made harmless in receipts")
  func names() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for (index, name) in Self.names.enumerated() {
      try place.drop(Array("Caller: C\(index)\nCallback: 555-010-1\(100 + index)\n".utf8), as: name)
    }
    try await waitUntil("a mail for each", context: place.log) { try place.mails.count == Self.names.count }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(Set(rows.map(\.caller)) == Set(Self.names.indices.map { "C\($0)" }))
    let receipts = try place.receipts
    #expect(receipts.count == Self.names.count)
    for receipt in receipts { #expect(isHarmless(name: receipt), "\(receipt.debugDescription)") }
    #expect(try place.isSpoolEmpty)
    try place.expectNothingRaw()
    try await daemon.stop()
  }

  @Test("values with CR, LF, ESC and options: not in headers, not in the log, not in sendmail's arguments")
  func values() async throws {
    var office = OfficeText()
    office.mail = #"detail = "full""#
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let evil = "\u{1B}[31mx\rBcc: evil@example.net\u{0B}\u{85}\u{2028}-oQ/tmp -be ${run{/bin/id}}\u{202E}\u{0}"
    let fields = [
      "To", "Account", "Callback", "Caller", "Relationship", "Patient", "DOB", "Urgency", "Promised", "Language",
      "Operator", "Ref", "Regarding", "Voicemail-OK", "Reachable-Until", "X-Other",
    ]
    for (index, field) in fields.enumerated() {
      let others = field == "Callback" ? "" : "Callback: 555-010-1\(100 + index)\n"
      try place.drop("\(field): \(evil)\n\(others)\n.\nFrom here\n\(evil)\n", as: "\(field).txt")
    }
    try await waitUntil("a callback for each", context: place.log) {
      try daemon.client().status().counts.open >= fields.count
    }
    try await waitUntil("no notice waiting", context: place.log) {
      try daemon.client().status().noticesWaiting == 0
    }
    try place.expectNothingRaw()
    try await daemon.stop()
  }

  enum Odd: String, CaseIterable { case link, fifo, sparse, directory, hardLink, empty, zeros }

  @Test(
    "a link, a FIFO, 100 MB of nothing: each becomes an unreadable callback, and the next file is read",
    arguments: Odd.allCases)
  func odd(_ kind: Odd) async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try make(kind, in: place)
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "good.txt")
    let wanted = kind == .directory ? 1 : 2
    try await waitUntil("\(wanted) callbacks", context: place.log) {
      try daemon.client().status().counts.open == wanted
    }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(rows.contains { $0.caller == "Jane Doe" && $0.kind == "message" })
    if kind != .directory {
      // A folder is a service's; it is left alone.
      let odd = try #require(rows.first { $0.kind == "unreadable" })
      try await waitUntil("a mail about it", context: place.log) {
        try place.mails.contains { $0.subject.contains("] Callback \(odd.id): ") }
      }
      #expect(try place.names(in: "spool/rejected").contains("odd.\(odd.id).reason"))
      try await waitUntil("an empty spool") { try place.isSpoolEmpty }
    }
    #expect(try String(contentsOfFile: place.root + "/victim", encoding: .utf8) == "secret")
    try place.expectNothingRaw()
    try await daemon.stop()
  }

  private func make(_ kind: Odd, in place: Workplace) throws {
    let odd = place.newPath("odd")
    let victim = place.root + "/victim"
    try Data("secret".utf8).write(to: URL(fileURLWithPath: victim))
    switch kind {
    case .link: try #require(symlink(victim, odd) == 0)
    case .fifo: try #require(mkfifo(odd, 0o666) == 0)
    case .hardLink: try #require(link(victim, odd) == 0)
    case .directory: try #require(mkdir(odd, 0o777) == 0)
    case .empty: try Data().write(to: URL(fileURLWithPath: odd))
    case .zeros: try Data(count: 1000).write(to: URL(fileURLWithPath: odd))
    case .sparse:
      try Data().write(to: URL(fileURLWithPath: odd))
      try #require(truncate(odd, 100 << 20) == 0)
    }
    try place.moveIntoSpool(odd, as: Array("odd".utf8))
  }

  private func isHarmless(name: String) -> Bool {
    name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._-".utf8.contains(byte)
    } && name.first != "-" && name.first != "."
  }
}
