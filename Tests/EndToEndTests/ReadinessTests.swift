import CallbackControl
import Foundation
import Testing

@Suite("callbackd and the service manager", .fewAtOnce)
struct ReadinessTests {
  @Test("READY=1 comes when the socket answers and what lay in the spool is in")
  func readyMeansReady() async throws {
    let place = try Workplace()
    for number in 1...20 { try place.drop("Caller: C\(number)\nCallback: 555-010-1\(100 + number)\n", as: "\(number)") }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    // At once, without waiting for anything.
    let status = try daemon.client().status()
    #expect(status.counts.open == 20)
    #expect(daemon.manager.received.filter { $0.lines.contains("READY=1") }.count == 1)
    try await daemon.stop()
  }

  @Test("systemd is asked for time while a store of an older version is brought up to date, and only then")
  func olderStore() async throws {
    let place = try Workplace()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    let first = try DaemonProcess(in: place)
    try await first.ready()
    try await first.stop()
    #expect(first.manager.received.allSatisfy { $0.value("EXTEND_TIMEOUT_USEC") == nil })

    // As version 6 left it.
    let script = """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1])
      store.executescript("DROP INDEX callback_taken; DELETE FROM grdb_migrations WHERE identifier = '7'")
      """
    let run = try await Run("/usr/bin/python3", ["-c", script, place.root + "/state/callbackd.db"], in: place)
    try #require(run.status == 0, "\(run.errors)")

    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let messages = daemon.manager.received
    let asked = try #require(messages.firstIndex { $0.value("EXTEND_TIMEOUT_USEC") == "120000000" })
    let ready = try #require(messages.firstIndex { $0.lines.contains("READY=1") })
    #expect(asked < ready)
    #expect(messages[..<ready].contains { $0.value("STATUS")?.hasPrefix("bringing the database up to date") == true })
    #expect(daemon.log.contains("is brought up to date"))
    #expect(try daemon.client().status().counts.open == 1)
    try await daemon.stop()
  }

  @Test("with --verbose each step is logged, by numbers alone; without, only what happened")
  func verbose() async throws {
    for arguments in [["--verbose"], []] {
      let place = try Workplace()
      try place.drop("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n", as: "jane-doe.txt")
      let daemon = try DaemonProcess(in: place, arguments: arguments)
      try await daemon.ready()
      try await waitUntil("the mail") { try place.mails(to: OfficeText.rivera).count == 1 }
      _ = try daemon.client().show(1)
      try await daemon.stop()
      for step in [
        "Looked through the spool: files to take in: 1", "The next look at a callback is at 20",
        "Notice 1: try 1 by channel 1 of its person begins.", "Uid \(geteuid()) asks: show 1.",
      ] { #expect(daemon.log.contains(step) == !arguments.isEmpty, "\(step): \(daemon.log)") }
      #expect(!daemon.log.lowercased().contains("doe"))
    }
  }

  @Test("STATUS= counts callbacks and notices, and names nobody")
  func status() async throws {
    let place = try Workplace(OfficeText(callBackWithin: "1s"))
    try place.drop("To: Rivera\nCaller: Jane Doe\nPatient: Sam Doe\nCallback: 555-010-4477\n", as: "jane-doe.txt")
    let daemon = try DaemonProcess(in: place)
    let ready = try await daemon.ready()
    let line = try #require(ready.value("STATUS"))
    #expect(line.hasPrefix("1 open, "))
    try await waitUntil("the callback is overdue") { try daemon.client().status().counts.overdue == 1 }
    try daemon.send(SIGHUP)
    let later = try await waiting(for: "a status after the deadline") {
      daemon.manager.received.compactMap { $0.value("STATUS") }.first { $0.hasPrefix("1 open, 1 overdue") }
    }
    for word in ["Jane", "Doe", "Sam", "4477", "Rivera", "rivera"] { #expect(!(line + later).contains(word)) }
    try await daemon.stop()
  }

  @Test("WATCHDOG=1 keeps coming at half the interval that is asked for", arguments: [true, false])
  func watchdog(namesItself: Bool) async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place, environment: ["WATCHDOG_USEC": "1000000"], namesItself: namesItself)
    try await daemon.ready()
    let start = ContinuousClock.now
    for count in 1...3 {
      try await waitUntil("\(count) WATCHDOG=1") {
        daemon.manager.received.filter { $0.lines.contains("WATCHDOG=1") }.count >= count
      }
    }
    // Half a second each; a second each would be too late for a manager that waits a second.
    #expect(ContinuousClock.now - start < .seconds(3))
    try await daemon.stop()
  }

  @Test("no WATCHDOG=1 for another process's watchdog")
  func othersWatchdog() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(
      in: place, environment: ["WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "\(getpid())"])
    try await daemon.ready()
    try daemon.send(SIGHUP)
    _ = try await waiting(for: "RELOADING=1") { daemon.manager.first("RELOADING=1") }
    try await daemon.stop()
    #expect(daemon.manager.first("WATCHDOG=1") == nil)
  }

  @Test("where too few files may be open it says so instead of starting; a low soft limit is raised")
  func descriptors() async throws {
    let place = try Workplace()
    let refused = try await Run(
      "/bin/sh",
      ["-c", #"ulimit -n 256; exec "$@""#, "sh", try Binary.callbackd.path, "--config", place.configuration], in: place)
    #expect(refused.status == 69)
    #expect(refused.errors.contains("256 files open"))

    let daemon = try DaemonProcess(in: place, softDescriptorLimit: 256)
    try await daemon.ready()
    let limits = try String(contentsOfFile: "/proc/\(daemon.pid)/limits", encoding: .utf8)
    let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
    #expect(line.split(separator: " ")[3] == "1024")
    try await daemon.stop()
  }

  @Test("SIGHUP: RELOADING=1 with the monotonic time, then READY=1")
  func reload() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let before = daemon.manager.received.count
    let sent = monotonicMicroseconds()
    try daemon.send(SIGHUP)
    _ = try await waiting(for: "READY=1 again") { daemon.manager.first("READY=1", after: before) }
    let messages = daemon.manager.received.dropFirst(before)
    let reloading = try #require(messages.firstIndex { $0.lines.contains("RELOADING=1") })
    let ready = try #require(messages.firstIndex { $0.lines.contains("READY=1") })
    #expect(reloading < ready)
    let time = try #require(messages[reloading].value("MONOTONIC_USEC").flatMap { Int64($0) })
    #expect((sent...monotonicMicroseconds()).contains(time))
    try await daemon.stop()
  }

  @Test("once it says that it is ready, a SIGTERM ends it, however soon")
  func stopsAtOnce() async throws {
    let place = try Workplace()
    for _ in 0..<40 {
      let daemon = try DaemonProcess(in: place)
      // The log says so a moment before systemd is told.
      try await daemon.spin { daemon.log.contains("is ready") }
      try await daemon.stop()
    }
  }

  @Test("SIGTERM: STOPPING=1, exit 0 and no socket left, within two seconds")
  func stop() async throws {
    // The machine may be busy with other tests: the best of three shows what the daemon itself takes.
    var quickest = Duration.seconds(60)
    for _ in 0..<3 {
      let place = try Workplace()
      let daemon = try DaemonProcess(in: place)
      try await daemon.ready()
      quickest = min(quickest, try await ContinuousClock().measure { try await daemon.stop() })
      #expect(daemon.manager.first("STOPPING=1") != nil)
      #expect(!FileManager.default.fileExists(atPath: place.control))
    }
    #expect(quickest < .seconds(2), "took \(quickest)")
  }

  @Test(
    "SIGTERM ends it within two seconds while sendmail hangs, and the notice goes out after the next start",
    arguments: [ScriptedSendmail.Misbehaviour.hangs, .ignoresTERM])
  func stopWhileHanging(_ misbehaviour: ScriptedSendmail.Misbehaviour) async throws {
    var quickest = Duration.seconds(60)
    for _ in 0..<3 {
      let place = try Workplace()
      try place.sendmail(ScriptedSendmail(misbehaviour: [OfficeText.rivera: misbehaviour]))
      try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
      let daemon = try DaemonProcess(in: place)
      try await daemon.ready()
      try await waitUntil("a hand-over under way") { try !place.notifications.isEmpty }
      quickest = min(quickest, try await ContinuousClock().measure { try await daemon.stop() })
      try place.sendmail(ScriptedSendmail())
      let next = try DaemonProcess(in: place)
      try await next.ready()
      try await waitUntil("the mail") { try place.mails(to: OfficeText.rivera).count == 1 }
      try await next.stop()
    }
    #expect(quickest < .seconds(2), "took \(quickest)")
  }

  private func monotonicMicroseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }
}
