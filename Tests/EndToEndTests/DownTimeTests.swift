import CallbackControl
import Foundation
import Testing

/// Much at one moment: after down time, at a change of shift.
@Suite("digests and reports", .fewAtOnce)
struct DownTimeTests {
  private func message(_ number: Int) -> String {
    "Caller: Caller \(number)\nCallback: 555-010-44\(10 + number)\nPatient: Patient \(number)\n"
  }

  @Test("what fell due while it was down comes in one mail a person, and the fallback hears of the down time")
  func downTime() async throws {
    var office = OfficeText(callBackWithin: "10s", announce: "[]")
    // Two are no digest in ordinary times.
    office.digestOver = 3
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 1...2 { try place.drop(message(number), as: "\(number).txt") }
    try await waitUntil("the callbacks", context: place.log) { try place.receipts.count == 2 }
    let due = try daemon.client().show(2).detail.callback.dueAt
    try await daemon.stop()
    #expect(try place.mails.isEmpty)
    try await waitUntil("the deadlines") { Date() > due.addingTimeInterval(1) }
    try place.age(lockBy: 600)

    let next = try DaemonProcess(in: place)
    try await next.ready()
    try await waitUntil("the mails", context: place.log) { try place.mails.count == 2 }
    let digest = try #require(try place.mails(to: OfficeText.rivera).first)
    #expect(digest.subject.hasPrefix("2 callbacks: 2 overdue"), "\(digest.subject)")
    let report = try #require(try place.mails(to: OfficeText.chen).first)
    #expect(report.subject.hasPrefix("callbackd: was down"), "\(report.subject)")
    #expect(report.subject.hasSuffix("2 promises passed"), "\(report.subject)")
    #expect(next.log.contains("2 promises passed meanwhile."))
    let alarms = try next.client().status().alarms
    #expect(alarms.map(\.kind) == ["down-time"] && alarms.map(\.promisesPassed) == [2])
    try await waitUntil("nothing waiting") { try next.client().status().noticesWaiting == 0 }
    #expect(try place.mails.count == 2)
    try await next.stop()
  }

  @Test("a restart is no down time: nobody hears of it")
  func restart() async throws {
    let place = try Workplace()
    for _ in 1...2 {
      let daemon = try DaemonProcess(in: place)
      try await daemon.ready()
      try await waitUntil("its status") { try daemon.client().status().noticesWaiting == 0 }
      #expect(try daemon.client().status().alarms.isEmpty)
      try await daemon.stop()
    }
    #expect(try place.mails.isEmpty && !place.log.contains("was down"))
  }

  @Test("a lock whose time lies in the future, of a clock that was ahead, confuses nothing")
  func future() async throws {
    let place = try Workplace()
    let first = try DaemonProcess(in: place)
    try await first.ready()
    try await first.stop()
    try place.age(lockBy: -86_400)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop(message(1))
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }
    #expect(try daemon.client().status().alarms.isEmpty)
    #expect(try place.modified("state/lock") < Date().addingTimeInterval(60))
    try await daemon.stop()
  }

  @Test("a thousand that fall due at one moment are one mail a person, while the daemon runs")
  func storm() async throws {
    var office = OfficeText(callBackWithin: "10s", announce: "[]")
    office.digestOver = 3
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let taken = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 15))
    let rows = (1...1000).map { "\(taken),Caller \($0),555-010-\(1000 + $0),Patient \($0)\n" }
    try place.drop("Taken,Caller,Callback,Patient\n" + rows.joined(), as: "storm.csv")
    try await waitUntil("the callbacks", context: place.log) { try daemon.client().status().counts.open == 1000 }
    #expect(try place.mails.isEmpty)
    try await waitUntil("a mail", upTo: .seconds(60), context: place.log) { try !place.mails.isEmpty }
    try await waitUntil("nothing waiting", context: place.log) {
      let status = try daemon.client().status()
      return status.counts.overdue == 1000 && status.noticesWaiting == 0
    }
    #expect(try place.mails.map(\.recipient) == [OfficeText.rivera])
    #expect(try place.mails[0].subject.hasPrefix("1,000 callbacks: 1,000 overdue, worst "))
    #expect(try place.mails[0].body.contains("and 960 more: callbackctl list --for rivera"))
    try await daemon.stop()
  }

  @Test("more than three notices for one person at one moment are one mail")
  func digest() async throws {
    let place = try Workplace(OfficeText(digestOver: 3))
    // All in one scan.
    for number in 1...4 { try place.drop(message(number), as: "\(number).txt") }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }
    #expect(try place.mails[0].subject.hasPrefix("4 callbacks"))
    try await waitUntil("nothing waiting") { try daemon.client().status().noticesWaiting == 0 }
    for number in 1...4 {
      let events = try daemon.client().show(Int64(number)).detail.events
      #expect(events.filter { $0.kind == "delivered" }.count == 1)
    }
    #expect(try place.mails.count == 1)
    try await daemon.stop()
  }

  @Test("whoever comes on call is told in one mail what is open")
  func handOff() async throws {
    var office = OfficeText(announce: "[]")
    office.recipient = "oncall"
    let place = try Workplace(office)
    // Before the start, so that they are in before the shift ends, however long this test waits for its turn.
    for number in 1...2 { try place.drop(message(number), as: "\(number).txt") }
    func clock(_ date: Date) -> String {
      String(date.ISO8601Format(.iso8601(timeZone: .gmt)).prefix(16)).replacing("T", with: " ")
    }
    // The shifts began at a whole minute an hour ago, and are so long that the first one ends in a few seconds.
    let began = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 60).rounded(.down) * 60 - 3600)
    let ends = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.up) + 10)
    office.further = """
      [[rotation]]
      id = "oncall"
      members = ["rivera", "chen"]
      starts = "\(clock(began))"
      every = "\(Int(ends.timeIntervalSince(began)))s"
      """
    try place.configure(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("the callbacks", context: place.log) { try place.receipts.count == 2 }
    try await waitUntil("the mail", context: place.log) { try !place.mails.isEmpty }
    let mail = try #require(try place.mails.first)
    #expect(mail.recipient == OfficeText.chen && mail.subject.hasPrefix("2 callbacks"), "\(mail.subject)")
    #expect(mail.at >= ends)
    try await waitUntil("nothing waiting") { try daemon.client().status().noticesWaiting == 0 }
    #expect(try place.mails.count == 1)
    #expect(try daemon.client().show(1).detail.events.contains { $0.kind == "hand-off" && $0.person == "chen" })
    try await daemon.stop()
  }
}
