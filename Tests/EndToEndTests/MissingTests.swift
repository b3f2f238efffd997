import CallbackControl
import Foundation
import Testing

/// Messages that a service has sent and that did not come in.
@Suite("missing messages", .fewAtOnce)
struct MissingTests {
  private static func office() -> OfficeText {
    var office = OfficeText()
    office.service = "refs = \"running\"\nrefs_within = \"2s\""
    return office
  }

  private func drop(_ refs: Int..., in place: Workplace) throws {
    for ref in refs {
      try place.drop("Ref: AS-\(ref)\nCaller: Caller \(ref)\nCallback: 555 010 44\(ref)\n", as: "\(ref).txt")
    }
  }

  @Test("a gap in a service's numbers becomes a callback that is told; what comes in late stands in its history")
  func gap() async throws {
    let place = try Workplace(Self.office())
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop(41, 42, 45, in: place)
    let client = try daemon.client()
    try await waitUntil("the callback that asks for them", context: place.log) {
      try client.list(ControlCall.ListQuery()).callbacks.contains { $0.kind == "missing" }
    }
    let row = try #require(try client.list(ControlCall.ListQuery()).callbacks.first { $0.kind == "missing" })
    #expect(row.regarding == "messages 43 to 44" && row.urgency == "urgent" && row.recipient == "rivera")
    try await waitUntil("a mail about it", context: place.log) {
      try place.notifications.contains { $0.callback == row.id && $0.reason == "announce" }
    }
    #expect(place.log.contains("callback \(row.id) asks for them"))

    try drop(43, in: place)
    try await waitUntil("its event", context: place.log) {
      try client.show(row.id).detail.events.contains { $0.kind == "missing-came" && $0.text == "AS-43" }
    }
    #expect(try client.show(row.id).detail.callback.state == "open")
    try await daemon.stop()
  }

  @Test("a list is answered by its receipt, and each message that is missing becomes a callback, once")
  func list() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop(41, 42, in: place)
    try await waitUntil("both receipts", context: place.log) { try place.receipts.count == 2 }
    try place.drop("Account: riverside\nSent: AS-41, AS-42\n", as: "all.txt")
    try await waitUntil("the answer to the first list", context: place.log) { try place.receipts.count == 3 }
    let answer = try #require(try place.receipts.first { $0.hasPrefix("all.txt.LIST") })
    #expect(try place.text("spool/accepted/\(answer)") == "All 2 messages are here.\n")

    for name in ["some.txt", "again.txt"] {
      let before = try place.receipts.count
      try place.drop("Sent: AS-41-AS-44\n", as: name)
      try await waitUntil("the answer to \(name)", context: place.log) { try place.receipts.count == before + 1 }
      let answer = try #require(try place.receipts.first { $0.hasPrefix("\(name).LIST") })
      #expect(
        try place.text("spool/accepted/\(answer)")
          == "Missing: 2 of 4 messages\nAS-43: callback 3\nAS-44: callback 4\n")
    }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(rows.filter { $0.kind == "missing" }.map(\.id).sorted() == [3, 4] && rows.count == 4)
    #expect(try place.isSpoolEmpty && place.names(in: "spool/rejected").isEmpty)
    try await daemon.stop()
  }
}
