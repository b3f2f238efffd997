import CallbackControl
import Foundation
import Testing

/// The same caller ringing again, and the service changing what it sent.
@Suite("further messages", .fewAtOnce)
struct RepeatTests {
  private static let first = "Ref: 77\nCaller: Jane Doe\nCallback: 555-010-4477\nPatient: Ann Doe\n"

  @Test("a repeat call joins the callback: one in the list, more urgent, and its receipt has the first one's number")
  func repeatCall() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\nPatient: Ann Doe\n", as: "1.txt")
    try await waitUntil("the first receipt", context: place.log) { try place.receipts == ["1.txt.1.receipt"] }
    try place.drop("Caller: Jane Doe\nCallback: (555) 010-4477\nPatient: Ann Doe\n\nWorse now.\n", as: "2.txt")
    try await waitUntil("the second receipt", context: place.log) { try place.receipts.count == 2 }

    #expect(try place.receipts == ["1.txt.1.receipt", "2.txt.1.receipt"])
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(rows.map(\.id) == [1] && rows.map(\.repeatCalls) == [1] && rows.map(\.urgency) == ["urgent"])
    let shown = try daemon.client().show(1).detail
    #expect(shown.otherMessages.map(\.part) == ["repeat-call"])
    #expect(shown.otherMessages.first?.body?.contains("Worse now.") == true)
    try await waitUntil("a mail that says so", context: place.log) {
      try place.notifications.contains { $0.reason == "repeat-call" && $0.callback == 1 }
    }
    #expect(place.log.contains("A repeat call joined callback 1, now urgent."))
    #expect(place.log.components(separatedBy: "Callback 1 is in").count == 2)
    try await daemon.stop()
  }

  @Test("another patient on the same number is a callback of its own, and each shows the other's number")
  func sibling() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop(Self.first, as: "1.txt")
    try await waitUntil("the first callback", context: place.log) { try place.receipts.count == 1 }
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\nPatient: Bob Doe\n", as: "2.txt")
    try await waitUntil("the second callback", context: place.log) { try place.receipts.count == 2 }
    let client = try daemon.client()
    #expect(try client.show(1).detail.events.filter { $0.kind == "linked" }.map(\.other) == [2])
    #expect(try client.show(2).detail.events.filter { $0.kind == "linked" }.map(\.other) == [1])
    #expect(place.log.contains("Callback 2 is in, routine, linked with 1."))
    try await daemon.stop()
  }

  @Test("the same Ref, changed, amends the callback, and what it was before is kept; withdrawn, it stays open")
  func amended() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop(Self.first + "Regarding: fever\n", as: "1.txt")
    try await waitUntil("the first receipt", context: place.log) { try place.receipts.count == 1 }
    try place.drop(Self.first + "Urgency: emergency\nRegarding: can't breathe\n", as: "2.txt")
    try await waitUntil("the second receipt", context: place.log) { try place.receipts.count == 2 }
    let client = try daemon.client()
    let amended = try client.show(1).detail
    #expect(amended.callback.urgency == "emergency" && amended.callback.regarding == "can't breathe")
    #expect(amended.otherMessages.map(\.part) == ["amendment"])
    #expect(amended.otherMessages.map(\.regarding) == ["fever"])

    try place.drop(Self.first + "Status: withdrawn\n", as: "3.txt")
    try await waitUntil("the third receipt", context: place.log) { try place.receipts.count == 3 }
    let withdrawn = try client.show(1).detail
    #expect(withdrawn.callback.state == "open" && withdrawn.events.contains { $0.kind == "withdrawn" })
    #expect(try client.list(ControlCall.ListQuery()).callbacks.count == 1)
    #expect(place.log.contains("The message of callback 1 was amended, now emergency."))
    #expect(place.log.contains("The message of callback 1 was withdrawn by its service."))
    try await daemon.stop()
  }
}
