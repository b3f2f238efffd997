import CallbackControl
import Foundation
import Testing

/// Time passing: seconds stand for hours.
@Suite("deadlines", .fewAtOnce)
struct DeadlineTests {
  @Test("a deadline that passes is told once, by file and mail, within a second")
  func deadline() async throws {
    let place = try Workplace(OfficeText(callBackWithin: "2s", announce: "[]"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }

    let shown = try daemon.client().show(1).detail
    let due = shown.callback.dueAt
    let notification = try #require(try place.notifications.first)
    let written = try place.modified("spool/notifications/\(notification.notice).json").timeIntervalSince(due)
    let handedOver = try place.mails[0].at.timeIntervalSince(due)
    print("deadline: notification file \(milliseconds(written)) ms after due, mail \(milliseconds(handedOver)) ms")
    #expect((0..<1).contains(written))
    // A process must start for it, on a machine that runs other tests.
    #expect((0..<2).contains(handedOver))

    let kinds = shown.events.map(\.kind)
    #expect(kinds.filter { $0 == "overdue" }.count == 1)
    #expect(try place.notifications.count == 1)
    #expect(try place.mails[0].subject.contains("] Callback 1: "))
    // The mail is there before the program that took it has ended.
    try await waitUntil("no notice waiting", context: place.log) { try daemon.client().status().noticesWaiting == 0 }
    // Told again only after the step's interval: a minute is the least there is.
    let status = try daemon.client().status()
    #expect(try #require(status.nextWakeAt) >= due.addingTimeInterval(60))
    try await daemon.stop()
  }

  @Test("the steps are taken in their order, each at its time, and the last one is to be repeated at its interval")
  func steps() async throws {
    var office = OfficeText(callBackWithin: "4s", announce: "[]")
    office.steps = """
      { before = "1s", notify = ["recipient"] },
      { after = "0s", notify = ["recipient"] },
      { after = "2s", notify = ["chen"], repeat_every = "90s" },
      """
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the last step's mail", context: place.log) {
      try !place.mails(to: OfficeText.chen).isEmpty
    }

    let shown = try daemon.client().show(1).detail
    let taken = shown.events.filter { $0.kind == "step-taken" }
    let due = shown.callback.dueAt
    #expect(taken.map(\.person) == ["rivera", "rivera", "chen"])
    #expect(taken.map(\.step) == [0, 1, 2])
    let offsets = taken.map { Int($0.at.timeIntervalSince(due)) }
    print("steps: taken \(offsets) s after due, where -1, 0 and 2 were wanted")
    #expect(zip(offsets, [-1, 0, 2]).allSatisfy { ($1...$1 + 1).contains($0) })
    try await waitUntil("three mails") { try place.mails.count == 3 }
    let wake = try #require(try daemon.client().status().nextWakeAt)
    let last = try #require(taken.last)
    #expect((89...91).contains(wake.timeIntervalSince(last.at)))
    try await daemon.stop()
  }

  @Test("acknowledged and done in time: nobody is told any more, also not after a restart")
  func answered() async throws {
    let place = try Workplace(OfficeText(callBackWithin: "3s"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    let client = try daemon.client()
    // Its end, too, which the history has a moment after the mail is there.
    try await waitUntil("the announcement", context: place.log) {
      try place.mails.count == 1 && client.show(1).detail.events.contains { $0.kind == "delivered" }
    }
    let owned = try client.act(ControlCall.Act(1, .acknowledge(take: false), asPerson: "rivera"))
    #expect(owned.callback.state == "owned" && owned.callback.owner == "rivera")
    let closed = try client.act(ControlCall.Act(1, .done, asPerson: "rivera"))
    #expect(closed.callback.state == "closed")
    #expect(try client.status().nextWakeAt == nil)

    // Another one's deadline is the sign that the first one's has passed too.
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\n", as: "second.txt")
    try await waitUntil("the second one's deadline", context: place.log) {
      try place.mails.filter { $0.subject.contains("] Callback 2:") }.count == 2
    }
    try await daemon.stop()
    let next = try DaemonProcess(in: place)
    try await next.ready()
    #expect(try place.mails.filter { $0.subject.contains("] Callback 1:") }.count == 1)
    #expect(try next.client().show(1).detail.events.last?.kind == "closed")
    try await next.stop()
  }

  @Test("an acknowledgement alone does not keep the deadline from being told")
  func acknowledgedOnly() async throws {
    let place = try Workplace(OfficeText(callBackWithin: "2s", announce: "[]"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback") { try daemon.client().status().counts.open == 1 }
    _ = try daemon.client().act(ControlCall.Act(1, .acknowledge(take: false), asPerson: "chen"))
    try await waitUntil("mails to the owner and the step's person", context: place.log) {
      try !place.mails(to: OfficeText.chen).isEmpty && !place.mails(to: OfficeText.rivera).isEmpty
    }
    let shown = try daemon.client().show(1).detail
    #expect(shown.events.contains { $0.kind == "overdue" })
    #expect(try place.mails.allSatisfy { $0.at >= shown.callback.dueAt })
    try await daemon.stop()
  }

  @Test("a deadline that passed while it was down is told as soon as it is back")
  func down() async throws {
    let place = try Workplace(OfficeText(callBackWithin: "1s", announce: "[]"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback") { try place.receipts.count == 1 }
    try await daemon.crash()
    let due = try place.modified("spool/accepted/message.txt.1.receipt").addingTimeInterval(1)
    try await waitUntil("the deadline") { Date() > due }
    let next = try DaemonProcess(in: place)
    try await next.ready()
    try await waitUntil("the mail", context: place.log) { try place.mails.count >= 1 }
    #expect(try next.client().show(1).detail.events.filter { $0.kind == "overdue" }.count == 1)
    try await waitUntil("its entry in the log", context: place.log) { place.log.contains("Callback 1 is overdue.") }
    try await next.stop()
  }

  @Test("a message whose deadline has passed when it comes is logged as overdue, with the steps that are taken for it")
  func late() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    // The second has time left, and what is said of the first must not be said of it.
    try place.drop("Taken: yesterday 9pm\nCaller: Jane Doe\nCallback: 555-010-4477\n", as: "1")
    try await waitUntil("the first mail", context: place.log) { try place.mails.count == 1 }
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\n", as: "2")
    try await waitUntil("the second mail", context: place.log) { try place.mails.count == 2 }
    #expect(place.log.contains("Callback 1 is overdue."))
    #expect(place.log.contains("Callback 1: step 1 was taken."))
    #expect(!place.log.contains("Callback 2 is overdue."))
    try await daemon.stop()
  }

  private func milliseconds(_ seconds: TimeInterval) -> Int { Int((seconds * 1000).rounded()) }
}
