import CallbackControl
import Foundation
import Testing

/// The disk with the state fills up, and gets room again.
@Suite("trouble with the store", .fewAtOnce, .enabled(if: Surroundings.mayMount))
struct StorageTroubleTests {
  private static let trouble = "callbackd: the store has taken nothing since"
  private static let over = "callbackd: the store is in order again"

  /// An office whose fallback has mail and a pager, on a state directory of a few megabytes.
  private func start(_ place: Workplace) async throws -> DaemonProcess {
    let state = place.root + "/state"
    try #require(mkdir(state, 0o700) == 0)
    let wrapper = Surroundings.mounting("mount -t tmpfs -o size=4m,mode=700 none '\(state)'")
    let daemon = try DaemonProcess(in: place, environment: SpoolTroubleTests.often, wrapper: wrapper)
    try await daemon.ready()
    return daemon
  }

  private func office(_ pager: String) -> OfficeText {
    var office = OfficeText(announce: "[]")
    (office.poll, office.alarmAfter) = ("1s", "1s")
    office.chen = #"channels = ["mail", "pager"]"#
    office.further = """
      [[channel]]
      id = "pager"
      kind = "command"
      run = ["\(pager)"]
      """
    return office
  }

  private func fill(_ daemon: DaemonProcess, _ place: Workplace) throws {
    let descriptor = open(daemon.seen(place.root + "/state/fill"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let block = [UInt8](repeating: 0, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    try #require(errno == ENOSPC)
  }

  private func drop(_ numbers: ClosedRange<Int>, _ place: Workplace) throws {
    // Long, so that even what is left of the log's room does not do.
    let body = String(repeating: "Please ring. ", count: 500)
    for number in numbers {
      try place.drop("Caller: C\(number)\nCallback: 555-010-\(1000 + number)\n\n\(body)\n", as: "\(number).txt")
    }
  }

  private func wait(for subject: String, _ place: Workplace) async throws {
    try await waitUntil("a mail “\(subject)”", context: place.log) {
      try place.mails(to: OfficeText.chen).contains { $0.subject.hasPrefix(subject) }
    }
  }

  @Test("the alarm goes out by every channel though nothing can be stored; then each file is admitted once")
  func full() async throws {
    let place = try Workplace()
    let pager = place.root + "/page"
    try place.script("page", "#!/bin/sh\ncat >>'\(place.root)/paged'\n")
    try place.configure(office(pager))
    let daemon = try await start(place)
    try drop(1...5, place)
    try await waitUntil("the callbacks", context: place.log) { try place.receipts.count == 5 }
    try fill(daemon, place)
    try drop(6...105, place)
    try await wait(for: Self.trouble, place)
    // The script makes the file before it writes.
    try await waitUntil("the page", context: place.log) {
      try place.exists("paged") && place.text("paged").hasSuffix("\n")
    }
    let paged = try place.text("paged")
    #expect(paged.contains(#""reason":"storage-trouble""#) && paged.contains(#""notice":0"#))
    #expect(try place.names(in: "spool/incoming").count == 100, "files stay where they are")
    let status = try daemon.client().status()
    #expect(!status.stages.store.ok && status.stages.intake.ok && status.counts.open == 5)
    #expect(status.alarms.map(\.kind).contains("storage-trouble"))
    #expect(daemon.manager.received.contains { $0.value("STATUS")?.contains("trouble in store") == true })
    #expect(daemon.log.contains("disk is full"))
    // What is asked for is answered.
    #expect(try daemon.client().list(ControlCall.ListQuery()).callbacks.count == 5)

    try #require(unlink(daemon.seen(place.root + "/state/fill")) == 0)
    try await waitUntil("an empty spool", context: place.log) { try place.isSpoolEmpty && place.receipts.count == 105 }
    try await wait(for: Self.over, place)
    let callers = try daemon.client().list(ControlCall.ListQuery()).callbacks.map(\.caller)
    #expect(callers.count == 105 && Set(callers).count == 105)
    let alarms = try place.mails(to: OfficeText.chen).map(\.subject).filter { $0.contains("store") }
    #expect(alarms.count == 2, "\(alarms)")
    try await daemon.stop()
  }

  @Test("the heartbeat stands still while the store takes nothing, though systemd hears of life, and then goes on")
  func heartbeat() async throws {
    let place = try Workplace()
    var office = office("/bin/true")
    office.further += "\n[metrics]\nheartbeat = \"\(place.root)/heartbeat\"\n"
    try place.configure(office)
    let daemon = try await start(place)
    /// Another one at each beat, as the file is replaced.
    func inode() -> ino_t? {
      var status = stat()
      return stat(place.root + "/heartbeat", &status) == 0 ? status.st_ino : nil
    }
    func beats(after first: ino_t?) async throws {
      try await waitUntil("a heartbeat", context: place.log) { inode() != first }
    }
    try await beats(after: nil)
    #expect(try place.text("heartbeat").wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n/) != nil)
    try await beats(after: inode())

    try fill(daemon, place)
    try drop(1...100, place)
    try await waitUntil("the trouble", context: place.log) { try !daemon.client().status().stages.store.ok }
    func watchdogs() -> Int { daemon.manager.received.count { $0.lines.contains("WATCHDOG=1") } }
    // One may be under way.
    var told = watchdogs()
    try await waitUntil("a further tick", context: place.log) { watchdogs() > told + 1 }
    let last = inode()
    told = watchdogs()
    try await waitUntil("further ticks", context: place.log) { watchdogs() > told + 3 }
    #expect(inode() == last)

    try #require(unlink(daemon.seen(place.root + "/state/fill")) == 0)
    try await beats(after: last)
    try await daemon.stop()
  }

  @Test("what the disk has no room for keeps nothing smaller out, and is admitted once when there is room")
  func nearlyFull() async throws {
    let place = try Workplace()
    try place.configure(office("/bin/true"))
    let daemon = try await start(place)
    try drop(1...1, place)
    try await waitUntil("the callback", context: place.log) { try place.receipts.count == 1 }
    try fill(daemon, place)
    // As much as a few messages need.
    let filled = daemon.seen(place.root + "/state/fill")
    var status = stat()
    try #require(stat(filled, &status) == 0 && truncate(filled, status.st_size - (512 << 10)) == 0)
    // All in one look.
    try daemon.send(SIGSTOP)
    let large = (0..<2000).map {
      #"{"caller": "L\#($0)", "callback": "555-020-\#(1000 + $0)", "body": "Please ring back."}"#
    }
    try place.drop("[\(large.joined(separator: ",\n"))]", as: "large.json")
    try drop(2...6, place)
    try daemon.send(SIGCONT)
    try await waitUntil("the small ones", context: place.log) { try place.receipts.count == 6 }
    #expect(try place.names(in: "spool/incoming") == ["large.json"])
    #expect(try !daemon.client().status().stages.store.ok)
    try #require(unlink(filled) == 0)
    try await waitUntil("the large one", context: place.log) { try place.isSpoolEmpty && place.receipts.count == 7 }
    #expect(try daemon.client().status().counts.open == 2006)
    try await daemon.stop()
  }

  @Test("where the first channel needs room too, the next one is taken, and it is tried again until one is reached")
  func mailFails() async throws {
    let place = try Workplace()
    try place.configure(office(place.root + "/page"))
    try place.script("page", "#!/bin/sh\ncat >>'\(place.root)/paged'\n")
    try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.chen: .exitsUnread]))
    let daemon = try await start(place)
    try fill(daemon, place)
    try drop(1...100, place)
    try await waitUntil("the page", context: place.log) { place.exists("paged") }
    try await waitUntil("a word about the mail", context: place.log) {
      daemon.log.contains("The alarm about the store did not go out: ")
    }
    #expect(try place.mails.isEmpty)
    try await daemon.stop()
  }

  @Test("a store that can't be opened at all is told once it has lasted, once for many starts, and its end too")
  func failingStarts() async throws {
    var office = office("/bin/true")
    office.alarmAfter = "1m"
    office.chen = ""
    let place = try Workplace(office)
    for directory in ["state", "run"] { try #require(mkdir(place.root + "/" + directory, 0o700) == 0) }
    let state = place.root + "/state"
    let full = Surroundings.mounting(
      "mount -t tmpfs -o size=1m,mode=700 none '\(state)'; cat /dev/zero >'\(state)/fill' 2>/dev/null || true")
    func fail() async throws {
      let daemon = try DaemonProcess(in: place, wrapper: full)
      #expect(try await daemon.ended() == .exited(75), "\(daemon.log)")
    }
    try await fail()
    try await fail()
    #expect(try place.mails.isEmpty)
    let time = timespec(tv_sec: Int(Date().timeIntervalSince1970) - 60, tv_nsec: 0)
    try #require(utimensat(AT_FDCWD, place.root + "/run/store-failed", [time, time], 0) == 0)
    for _ in 1...2 {
      try await fail()
      #expect(try place.mails.map(\.recipient) == [OfficeText.chen])
    }
    #expect(try place.mails[0].subject.hasPrefix(Self.trouble))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await wait(for: Self.over, place)
    try await daemon.stop()
    let next = try DaemonProcess(in: place)
    try await next.ready()
    try await waitUntil("nothing waiting") { try next.client().status().noticesWaiting == 0 }
    #expect(try place.mails.count == 2)
    try await next.stop()
  }

  @Test("it stops at once while an alarm past the store hangs")
  func hangs() async throws {
    let place = try Workplace()
    try place.configure(office(place.root + "/page"))
    try place.script("page", "#!/bin/sh\nexec sleep 30\n")
    let daemon = try await start(place)
    try fill(daemon, place)
    try drop(1...100, place)
    try await wait(for: Self.trouble, place)
    try await Task.sleep(for: .milliseconds(200))
    let took = try await ContinuousClock().measure { try await daemon.stop() }
    #expect(took < .seconds(5), "took \(took)")
  }
}
