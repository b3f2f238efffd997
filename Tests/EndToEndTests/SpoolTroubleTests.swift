import CallbackControl
import Foundation
import Testing

/// The spool goes away and comes back: the fallback hears of both, once, and nothing is lost.
@Suite("trouble with the spool", .fewAtOnce)
struct SpoolTroubleTests {
  static let trouble = "callbackd: trouble with the spool since"
  static let over = "callbackd: the spool is in order again"

  private var office: OfficeText {
    var office = OfficeText(announce: "[]")
    (office.poll, office.alarmAfter) = ("1s", "1s")
    return office
  }

  /// Looks at how it does several times a second.
  static let often = ["WATCHDOG_USEC": "600000"]

  private func message(_ number: Int) -> String { "Caller: C\(number)\nCallback: 555-010-1\(100 + number)\n" }

  private func waitForAlarm(_ subject: String, _ place: Workplace) async throws {
    try await waitUntil("a mail “\(subject)”", context: place.log) {
      try place.mails(to: OfficeText.chen).contains { $0.subject.hasPrefix(subject) }
    }
  }

  /// Both alarms came, each once.
  private func expectOnce(_ place: Workplace) throws {
    let subjects = try place.mails(to: OfficeText.chen).map(\.subject).filter { $0.contains("spool") }
    #expect(subjects.count == 2 && subjects[0].hasPrefix(Self.trouble) && subjects[1].hasPrefix(Self.over))
  }

  @Test("incoming/ is moved away and another put there: alarmed, escalation goes on, and both are told once")
  func movedAway() async throws {
    var office = office
    office.callBackWithin = "5s"
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place, environment: Self.often)
    try await daemon.ready()
    try place.drop(message(1), as: "1.txt")
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    let incoming = place.root + "/spool/incoming"
    try #require(rename(incoming, place.root + "/away") == 0)
    try await waitForAlarm(Self.trouble, place)
    let status = try daemon.client().status()
    #expect(!status.stages.intake.ok && status.alarms.map(\.kind).contains("spool-trouble"))
    #expect(daemon.manager.received.contains { $0.value("STATUS")?.contains("trouble in intake") == true })
    try await waitUntil("the step", context: place.log) { try place.mails(to: OfficeText.rivera).count == 1 }
    #expect(try !daemon.client().status().stages.intake.ok)

    try #require(mkdir(incoming, 0o755) == 0)
    try place.drop(message(2), as: "2.txt")
    try await waitUntil("the next callback", context: place.log) { try place.receipts.count == 2 }
    try await waitForAlarm(Self.over, place)
    // What was there comes back, too.
    try #require(rename(incoming, place.root + "/other") == 0 && rename(place.root + "/away", incoming) == 0)
    try place.drop(message(3), as: "3.txt")
    try await waitUntil("the third callback", context: place.log) { try place.receipts.count == 3 }
    try expectOnce(place)
    #expect(try daemon.client().status().alarms.map(\.kind).contains("spool-restored"))
    try await daemon.stop()
  }

  @Test("without a spool it starts, alarms, and takes it when it is there")
  func noSpool() async throws {
    let place = try Workplace(office)
    let spool = place.root + "/spool"
    try FileManager.default.removeItem(atPath: spool)
    try Data().write(to: URL(fileURLWithPath: spool))
    let daemon = try DaemonProcess(in: place, environment: Self.often)
    try await daemon.ready()
    try await waitForAlarm(Self.trouble, place)
    try #require(unlink(spool) == 0)
    for directory in ["", "/incoming", "/answers", "/work", "/accepted", "/rejected", "/notifications"] {
      try #require(mkdir(spool + directory, 0o755) == 0)
    }
    try place.drop(message(1))
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    try await waitForAlarm(Self.over, place)
    try expectOnce(place)
    try await daemon.stop()
  }

  @Test(
    "the spool's file system is unmounted and mounted again: what lay on it is taken in",
    .enabled(if: Surroundings.mayMount))
  func unmounted() async throws {
    let place = try Workplace(office)
    let (spool, disk) = (place.root + "/spool", place.root + "/disk")
    try #require(mkdir(disk, 0o755) == 0)
    let mount = "mount --bind '\(disk)' '\(spool)'"
    let daemon = try DaemonProcess(in: place, environment: Self.often, wrapper: Surroundings.mounting(mount))
    try await daemon.ready()
    try await daemon.among("umount -l '\(spool)'", in: place)
    try await waitForAlarm(Self.trouble, place)
    try Data(message(1).utf8).write(to: URL(fileURLWithPath: disk + "/incoming/1.txt"))
    try await daemon.among(mount, in: place)
    try await waitUntil("the callback", context: place.log) {
      try place.names(in: "disk/accepted").contains("1.txt.1.receipt")
    }
    try await waitForAlarm(Self.over, place)
    try expectOnce(place)
    try await daemon.stop()
  }

  @Test(
    "rights on a directory are taken away and given back: files stay where they are meanwhile, and none is taken twice",
    .enabled(if: Surroundings.mayGiveUpRights), arguments: ["incoming", "rejected", "accepted", "work"])
  func closed(directory: String) async throws {
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place, environment: Self.often, wrapper: Surroundings.withoutOverride)
    try await daemon.ready()
    let path = place.root + "/spool/" + directory
    try #require(chmod(path, 0o500) == 0)
    if directory == "incoming" { try #require(chmod(path, 0) == 0) }
    try place.drop(message(1), as: "good")
    try place.drop("no message", as: "bad")
    try await waitForAlarm(Self.trouble, place)
    if directory != "incoming" { #expect(try daemon.client().status().counts.open == 2) }
    try #require(chmod(path, 0o755) == 0)
    try await waitUntil("an empty spool, with its receipts", context: place.log) {
      try place.isSpoolEmpty && place.receipts.count == 2
    }
    try await waitForAlarm(Self.over, place)
    try expectOnce(place)
    #expect(try daemon.client().status().counts.open == 2)
    #expect(try place.names(in: "spool/rejected").count == 2)
    try await daemon.stop()
  }

  @Test(
    "no inode is left for receipts: everything is admitted once, and the receipts follow",
    .enabled(if: Surroundings.mayMount))
  func noInodes() async throws {
    let place = try Workplace(office)
    let accepted = place.root + "/spool/accepted"
    try #require(mkdir(accepted, 0o755) == 0)
    let wrapper = Surroundings.mounting("mount -t tmpfs -o nr_inodes=4 none '\(accepted)'")
    let daemon = try DaemonProcess(in: place, environment: Self.often, wrapper: wrapper)
    try await daemon.ready()
    for number in 1...20 { try place.drop(message(number), as: "\(number).txt") }
    try await waitForAlarm(Self.trouble, place)
    #expect(try daemon.client().status().counts.open == 20)
    #expect(try place.isSpoolEmpty)
    try await daemon.among("mount -o remount,nr_inodes=100 '\(accepted)'", in: place)
    try await waitUntil("all receipts", context: place.log) {
      try FileManager.default.contentsOfDirectory(atPath: daemon.seen(accepted)).count == 20
    }
    try await waitForAlarm(Self.over, place)
    #expect(try daemon.client().status().counts.open == 20)
    try await daemon.stop()
  }

  @Test("files that stay unfinished are told to the fallback once, also after a restart, and named nowhere")
  func stale() async throws {
    var office = office
    office.spool = #"stale_after = "2s""#
    let place = try Workplace(office)
    for name in ["jane-doe.part", ".jane-doe", "jane-doe.tmp"] { try place.drop(message(1), as: name) }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitForAlarm("callbackd: a file has been unfinished since", place)
    #expect(daemon.log.contains("3 files have been unfinished in incoming/"))
    try await daemon.stop()
    let next = try DaemonProcess(in: place)
    try await next.ready()
    try await waitUntil("another look at them", context: place.log) { next.log.contains("3 files have been") }
    try place.drop(message(2), as: "2.txt")
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    try await waitUntil("nothing waiting") { try next.client().status().noticesWaiting == 0 }
    let mails = try place.mails
    #expect(mails.count == 1)
    #expect(!(place.log + mails.map(\.text).joined()).contains("jane"))
    try await next.stop()
  }
}
