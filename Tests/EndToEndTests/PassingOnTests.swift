import CallbackControl
import CallbackRules
import Foundation
import Testing

/// Assigning and snoozing, by the real callbackctl.
@Suite("passing on and putting off", .fewAtOnce)
struct PassingOnTests {
  private func office() -> OfficeText {
    var office = OfficeText()
    office.policy = #"snooze_at_most = "15m""#
    return office
  }

  private func ctl(_ arguments: [String], in place: Workplace) async throws -> Run {
    try await Run(try Binary.callbackctl.path, arguments + ["--socket", place.control], in: place)
  }

  @Test("an assigned callback is the other one's, who is told; whom nobody knows is refused with all who are known")
  func assign() async throws {
    let place = try Workplace(office())
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the announcement", context: place.log) { try place.mails.count == 1 }

    let unknown = try await ctl(["assign", "1", "Dr. Who", "--as", "rivera"], in: place)
    #expect(unknown.status == 65 && unknown.errors.contains("there are chen, rivera."), "\(unknown.errors)")

    let assigned = try await ctl(["assign", "1", "Dr. Chen", "--as", "rivera", "--note", "knows her"], in: place)
    #expect(assigned.status == 0, "\(assigned.errors)")
    #expect(
      assigned.output.hasPrefix("Callback 1 is for Dr. Chen now, who is told and must acknowledge by "),
      "\(assigned.output)")
    try await waitUntil("the new one's mail", context: place.log) { try !place.mails(to: OfficeText.chen).isEmpty }
    #expect(try place.notifications.last?.reason == "assigned")
    let shown = try daemon.client().show(1).detail
    #expect(shown.callback.recipient == "chen" && shown.callback.owner == nil)
    #expect(shown.events.contains { $0.kind == "note" && $0.text == "knows her" })
    try await daemon.stop()
  }

  @Test("only who has it may snooze it, and for no longer than the policy allows")
  func snooze() async throws {
    let place = try Workplace(office())
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }

    let nobodys = try await ctl(["snooze", "1", "10m", "--as", "rivera"], in: place)
    #expect(nobodys.status == 77 && nobodys.errors.contains("Nobody has it"), "\(nobodys.errors)")
    _ = try daemon.client().act(ControlCall.Act(1, .acknowledge(take: false), asPerson: "rivera"))
    let others = try await ctl(["snooze", "1", "10m", "--as", "chen"], in: place)
    #expect(others.status == 77 && others.errors.contains("Only Dr. Rivera, who has it"), "\(others.errors)")
    let tooLong = try await ctl(["snooze", "1", "20m", "--as", "rivera"], in: place)
    #expect(tooLong.status == 77 && tooLong.errors.contains("at most 15m"), "\(tooLong.errors)")
    #expect(try await ctl(["snooze", "1", "soon", "--as", "rivera"], in: place).status == 64)

    let snoozed = try await ctl(["snooze", "1", "10m", "--as", "rivera"], in: place)
    #expect(snoozed.status == 0 && snoozed.output.hasPrefix("Callback 1 leaves you alone until "), "\(snoozed.errors)")
    let until = try #require(try daemon.client().show(1).detail.snoozedUntil)
    #expect((590...600).contains(until.timeIntervalSinceNow))
    try await daemon.stop()
  }

  @Test("a snooze past the deadline says who is told of it")
  func pastDeadline() async throws {
    var office = office()
    office.callBackWithin = "5m"
    office.steps = #"{ after = "0s", notify = ["chen"] }"#
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    _ = try daemon.client().act(ControlCall.Act(1, .acknowledge(take: false), asPerson: "rivera"))
    let snoozed = try await ctl(["snooze", "1", "10m", "--as", "rivera"], in: place)
    #expect(snoozed.output.contains("past the deadline, so Dr. Chen is told"), "\(snoozed.output)\(snoozed.errors)")
    try await waitUntil("the mail", context: place.log) { try !place.mails(to: OfficeText.chen).isEmpty }
    try await daemon.stop()
  }
}
