import CallbackControl
import Foundation
import Testing

/// Mail that fails as a whole: the fallback hears of it otherwise, and what waits goes out when it works again.
@Suite("a channel that fails", .fewAtOnce)
struct ChannelTroubleTests {
  /// The fallback has a pager too, which writes what it gets into a file of its own.
  private func office(_ root: String = "") -> OfficeText {
    var office = OfficeText()
    office.alarmAfter = "2s"
    return office
  }

  private func withPager(_ office: OfficeText, _ place: Workplace) throws {
    var office = office
    office.chen = #"channels = ["mail", "pager"]"#
    office.further = "[[channel]]\nid = \"pager\"\nkind = \"command\"\nrun = [\"\(place.root)/page\"]\n"
    try place.configure(office)
    try FileManager.default.createDirectory(atPath: place.root + "/pages", withIntermediateDirectories: true)
    try place.script("page", "#!/bin/sh\ncat >\"$(mktemp '\(place.root)/pages/XXXXXXXX')\"\n")
  }

  private struct Page: Decodable {
    var reason: String
    var notice: Int
    var channel: String?
    var notices: Int?
  }

  private func pages(_ place: Workplace) throws -> [Page] {
    try place.names(in: "pages").compactMap { name in
      // One that is just being written is not whole.
      try? JSONDecoder().decode(Page.self, from: Data(try place.bytes("pages/\(name)")))
    }
  }

  /// CALLBACKD_NOTICES says how many wait.
  @Test("without a mail program: one notice tries at a time, the pager says so, and all go out soon after it is back")
  func missing() async throws {
    let count = ProcessInfo.processInfo.environment["CALLBACKD_NOTICES"].flatMap { Int($0) } ?? 200
    let place = try Workplace(office())
    try withPager(office(), place)
    try FileManager.default.removeItem(atPath: place.root + "/sendmail")
    let daemon = try DaemonProcess(in: place, environment: SpoolTroubleTests.often)
    try await daemon.ready()
    for number in 1...count {
      try place.drop("Caller: m\(number)\nCallback: 555-\(1_000_000 + number)\n", as: "m\(number)")
    }
    try await waitUntil("the alarm", context: place.log) {
      try pages(place).contains { $0.reason == "channel-trouble" && $0.channel == "mail" }
    }
    try await waitUntil("all callbacks", upTo: .seconds(60), context: place.log) {
      try daemon.client().status().counts.open == count
    }
    let status = try daemon.client().status()
    #expect(!status.stages.delivery.ok && status.noticesWaiting >= count)
    let alarm = try #require(status.alarms.first { $0.kind == "channel-trouble" })
    #expect(alarm.channel == "mail" && alarm.notices >= count)
    #expect(daemon.log.contains("Nothing has gone out by the channel mail since"))
    // Each try says why it was in vain.
    let tries = daemon.log.components(separatedBy: "could not be started").count - 1
    #expect(tries < 40, "\(tries) tries")

    let ids = place.root + "/ids"
    try place.sendmail(script: ScriptedSendmail.noting(in: ids))
    let start = ContinuousClock.now
    try await waitUntil("every mail", upTo: .seconds(180), context: place.log) {
      try daemon.client().status().noticesWaiting == 0
    }
    print("a mail program that is back: \(count) notices went out within \(ContinuousClock.now - start)")
    try await waitUntil("the end", context: place.log) {
      try pages(place).contains { $0.reason == "channel-restored" && $0.channel == "mail" }
    }
    #expect(try pages(place).filter { $0.reason.hasPrefix("channel-") }.count == 2)
    #expect(try daemon.client().status().stages.delivery.ok)
    #expect(try !daemon.client().status().alarms.contains { $0.kind == "channel-trouble" })
    try await daemon.stop()
  }

  @Test("a canary leaves after a start, and not again at the next one")
  func canary() async throws {
    var office = office()
    office.mail = #"operator = "rivera""#
    let place = try Workplace(office)
    for _ in 1...2 {
      let daemon = try DaemonProcess(in: place, environment: SpoolTroubleTests.often)
      try await daemon.ready()
      try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "\(UUID()).txt")
      try await waitUntil("the canary", context: place.log) { try place.allMails.contains(where: \.isCanary) }
      try await waitUntil("all mails", context: place.log) { try daemon.client().status().noticesWaiting == 0 }
      try await daemon.stop()
    }
    let canaries = try place.allMails.filter(\.isCanary)
    #expect(canaries.map(\.recipient) == [OfficeText.rivera])
    #expect(canaries.first?.header("Auto-Submitted") == "auto-generated")
  }

  @Test("a canary that does not leave is an alarm on the other channel, though nobody rang")
  func canaryFails() async throws {
    let place = try Workplace(office())
    try withPager(office(), place)
    try place.sendmail(script: "#!/bin/sh\nexit 75\n")
    let daemon = try DaemonProcess(in: place, environment: SpoolTroubleTests.often)
    try await daemon.ready()
    try await waitUntil("the alarm", context: place.log) {
      try pages(place).contains { $0.reason == "channel-trouble" && $0.channel == "mail" && $0.notices == 1 }
    }
    // Known from before: told once.
    try await daemon.crash()
    let next = try DaemonProcess(in: place, environment: SpoolTroubleTests.often)
    try await next.ready()
    #expect(try next.client().status().alarms.contains { $0.kind == "channel-trouble" && $0.channel == "mail" })
    try place.sendmail(ScriptedSendmail())
    try await waitUntil("the end", upTo: .seconds(90), context: place.log) {
      try pages(place).contains { $0.reason == "channel-restored" }
    }
    // The crash may have come before it was known that the page had left: then it came again, by the same number.
    #expect(Set(try pages(place).filter { $0.reason == "channel-trouble" }.map(\.notice)).count == 1)
    try await next.stop()
  }

  @Test("one person's mails that hang keep others' going, and an emergency is not held up by routine")
  func hanging() async throws {
    let place = try Workplace(OfficeText(mail: "parallel = 2", timeout: "3s"))
    try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.rivera: .ignoresTERM]))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 1...8 {
      try place.drop("To: Rivera\nCaller: m\(number)\nCallback: 555-010-100\(number)\n", as: "r\(number).txt")
    }
    try await waitUntil("the callbacks", context: place.log) { try daemon.client().status().counts.open == 8 }
    let start = Date()
    for number in 1...8 {
      try place.drop("To: Chen\nCaller: n\(number)\nCallback: 555-010-200\(number)\n", as: "c\(number).txt")
    }
    try await waitUntil("the other's mails", context: place.log) {
      try place.mails(to: OfficeText.chen).count == 8
    }
    // Two at a time that hang for five seconds each would have kept them for longer.
    #expect(Date().timeIntervalSince(start) < 8)
    try await daemon.stop()
  }

  @Test("quiet hours: routine waits and says until when, urgent goes, and a reload that ends them lets it go")
  func quiet() async throws {
    var office = OfficeText()
    let zone = TimeZone.gmt
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let hour = calendar.component(.hour, from: Date())
    office.rivera = "quiet = \"\((hour + 23) % 24):00-\((hour + 3) % 24):00\""
    office.callBackWithin = "1d"
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "1.txt")
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\nUrgency: urgent\n", as: "2.txt")
    try await waitUntil("the urgent one's mail", context: place.log) {
      try place.mails(to: OfficeText.rivera).count == 1
    }
    #expect(try place.mails.first?.subject.contains("urgent") == true)
    let notice = try #require(try daemon.client().show(1).detail.notices.first)
    #expect(notice.state == "waiting" && (notice.notBefore ?? .distantPast) > Date().addingTimeInterval(3600))
    let ctl = try await Run(
      try Binary.callbackctl.path, ["show", "1", "--config", place.configuration], in: place)
    #expect(ctl.output.contains("after quiet hours: "), "\(ctl.output)\(ctl.errors)")

    office.rivera = ""
    try place.configure(office)
    try daemon.send(SIGHUP)
    try await waitUntil("the routine one's mail", context: place.log) {
      try place.mails(to: OfficeText.rivera).count == 2
    }
    try await daemon.stop()
  }
}
