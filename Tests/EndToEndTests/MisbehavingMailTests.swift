import CallbackControl
import Foundation
import Testing

/// A sendmail that does not do its work must not keep a promise from being kept.
@Suite("a sendmail that fails", .fewAtOnce)
struct MisbehavingMailTests {
  @Test(
    "others are told meanwhile, the file is written, the history says why, and the mail goes when sendmail works",
    arguments: ScriptedSendmail.Misbehaviour.allCases.filter { $0 != .refuses })
  func misbehaves(_ misbehaviour: ScriptedSendmail.Misbehaviour) async throws {
    let isSlow = [.hangs, .ignoresTERM].contains(misbehaviour)
    let place = try Workplace(OfficeText(timeout: isSlow ? "1s" : "15s"))
    try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.rivera: misbehaviour]))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n", as: "first.txt")
    try place.drop("To: Chen\nCaller: Lee Roe\nCallback: 555-010-3333\n", as: "second.txt")
    try await waitUntil("the other one's mail", context: place.log) {
      try place.mails(to: OfficeText.chen).count == 1
    }
    try await waitUntil("both notification files") { try place.notifications.count == 2 }

    let first = try callback("Jane Doe", daemon)
    let delayed = try await waiting(for: "the failure in the history", context: place.log) {
      try daemon.client().show(first).detail.events.first { $0.kind == "delivery-delayed" }
    }
    #expect(try #require(delayed.text).hasPrefix("\(place.root)/sendmail "))
    #expect(!daemon.log.contains("Jane"))

    try place.sendmail(ScriptedSendmail())
    let wanted = misbehaviour == .keepsAndFails ? 2 : 1
    try await waitUntil("the mail", context: place.log) { try place.mails(to: OfficeText.rivera).count == wanted }
    let mails = try place.mails(to: OfficeText.rivera)
    #expect(Set(mails.map(\.messageID)).count == 1)
    #expect(Set(mails.map { $0.header("Date") }).count == 1)
    try await waitUntil("the delivery in the history") {
      try daemon.client().show(first).detail.events.contains { $0.kind == "delivered" }
    }
    #expect(try daemon.client().status().stages.delivery.ok)
    try await daemon.stop()
  }

  @Test("hangs: the files of what has to wait for it are written at once")
  func filesOfWhatWaits() async throws {
    let place = try Workplace(OfficeText(timeout: "60s"))
    try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.rivera: .hangs]))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 1...9 {
      try place.drop("To: Rivera\nCaller: Caller \(number)\nCallback: 555-010-100\(number)\n", as: "\(number).txt")
    }
    try await waitUntil("all notification files", context: place.log) {
      try Set(place.notifications.map(\.callback)).count == 9
    }
    let states = try (1...9).flatMap { try daemon.client().show($0).detail.notices.map(\.state) }
    #expect(states.contains("waiting") && states.contains("sending") && !states.contains("delivered"))
    try await daemon.stop()
  }

  @Test("missing: said in the log and the history, and the mail goes once it is there")
  func missing() async throws {
    let place = try Workplace()
    try FileManager.default.removeItem(atPath: place.root + "/sendmail")
    // In before the start, so that its notice is the first to fail, and not a canary for which it would wait.
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let event = try await waiting(for: "the failure in the history", context: place.log) {
      try daemon.client().list(ControlCall.ListQuery()).callbacks.first
        .flatMap { try daemon.client().show($0.id).detail.events.first { $0.kind == "delivery-delayed" } }
    }
    #expect(try #require(event.text).contains("\(place.root)/sendmail could not be started: No such file or directory"))
    #expect(daemon.log.contains("sendmail could not be started"))
    #expect(try place.notifications.count == 1)
    #expect(try !daemon.client().status().stages.delivery.ok)
    try place.sendmail(ScriptedSendmail())
    try await waitUntil("the mail", upTo: .seconds(90), context: place.log) { try place.mails.count == 1 }
    try await daemon.stop()
  }

  @Test("refused for good (EX_NOUSER): the next step is taken at once, long before its time")
  func refused() async throws {
    var office = OfficeText()
    office.steps = #"{ after = "0s", notify = ["chen"] }"#
    let place = try Workplace(office)
    try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.rivera: .refuses]))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the next step's mail", context: place.log) {
      try place.mails(to: OfficeText.chen).count == 1
    }
    let events = try daemon.client().show(1).detail.events
    let failed = try #require(events.firstIndex { $0.kind == "delivery-failed" && $0.person == "rivera" })
    let taken = try #require(events.firstIndex { $0.kind == "step-taken" && $0.person == "chen" })
    #expect(failed < taken)
    #expect(try #require(events[failed].text).contains("no such user here"))
    #expect(events[taken].at.timeIntervalSince(events[failed].at) <= 1)
    try await daemon.stop()
  }

  @Test("a notification file that can't be written stands in the history and the status, and the mail goes")
  func noNotificationFile() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let directory = place.root + "/spool/notifications"
    try #require(rename(directory, directory + ".away") == 0)
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }
    let event = try await waiting(for: "the failure in the history", context: place.log) {
      try daemon.client().show(1).detail.events.first { $0.kind == "file-failed" }
    }
    #expect(try #require(event.text).contains(directory))
    #expect(try !daemon.client().status().stages.delivery.ok)

    try #require(rename(directory + ".away", directory) == 0)
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\n")
    try await waitUntil("the end of the trouble", context: place.log) {
      try daemon.client().status().stages.delivery.ok
    }
    #expect(try place.notifications.map(\.callback) == [2])
    try await daemon.stop()
  }

  private func callback(_ caller: String, _ daemon: DaemonProcess) throws -> Int64 {
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    return try #require(rows.first { $0.caller == caller }).id
  }
}
