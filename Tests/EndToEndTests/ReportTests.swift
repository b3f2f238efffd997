import CallbackControl
import CallbackReports
import CallbackRules
import Foundation
import Testing

/// Reports and figures of the real callbackd, by the real callbackctl.
@Suite("reports and monitoring", .fewAtOnce)
struct ReportTests {
  private func ctl(_ arguments: [String], in place: Workplace) async throws -> Run {
    try await Run(try Binary.callbackctl.path, arguments + ["--socket", place.control], in: place)
  }

  /// A daemon with one callback that was reached, and one that is open.
  private func working(in place: Workplace) async throws -> DaemonProcess {
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nPatient: Sam Doe\nCallback: 555-010-4477\n", as: "one")
    try place.drop("Caller: Max Roe\nCallback: 555-010-4478\n", as: "two")
    try await waitUntil("both callbacks", context: place.log) { try place.mails.count == 2 }
    #expect(try await ctl(["done", "1", "--as", "rivera"], in: place).status == 0)
    return daemon
  }

  @Test("a report counts what was done, in every form, and has no word of a patient")
  func report() async throws {
    let place = try Workplace()
    let daemon = try await working(in: place)
    let json = try await ctl(["report", "--since", "1h", "--by", "person", "--json"], in: place).output
    let report = try ControlCoding.decode(Report.self, from: Data(json.utf8))
    #expect((report.total.taken, report.total.kept, report.total.pending) == (2, 1, 1))
    #expect((report.now.open, report.now.unowned) == (1, 1))
    #expect(report.total.times.told.count == 2 && report.total.times.reached.count == 1)
    #expect(report.names["rivera"] == "Dr. Rivera")
    #expect(report.days.reduce(0) { $0 + $1.taken } == 2 && report.hours.reduce(0) { $0 + $1.taken } == 2)
    for format in ["text", "csv", "html", "json"] {
      let run = try await ctl(["report", "--since", "1h", "--by", "person", "--format", format], in: place)
      #expect(run.status == 0 && run.errors.isEmpty)
      for word in ["Jane", "Sam Doe", "Roe", "555"] { #expect(!run.output.contains(word), "\(format)") }
    }
    let never = try await ctl(["report", "--since", "2100-01-01", "--until", "2100-01-02"], in: place)
    #expect(never.status == 0 && never.output.contains("0 calls were taken."))
    #expect(try await ctl(["report", "--since", "2000-01-01"], in: place).status == 65)
    try await daemon.stop()
  }

  /// Where Chromium is installed.
  static let hasChromium = ["chromium", "chromium-browser", "google-chrome"].contains {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
  }

  @Test(
    "the page shows its charts and the figures of the JSON, asks for nothing and complains of nothing",
    .enabled(if: hasChromium))
  func page() async throws {
    let place = try Workplace()
    let daemon = try await working(in: place)
    for format in ["html", "json"] {
      let arguments = ["report", "--since", "1d", "--by", "account", "--format", format]
      let run = try await ctl(arguments, in: place)
      try Data(run.output.utf8).write(to: URL(filePath: "\(place.root)/report.\(format)"))
    }
    let look = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../look-at-report")
    let run = try await Run(
      "/usr/bin/env",
      ["python3", look.standardizedFileURL.path, place.root + "/report.html", place.root + "/report.json", place.root],
      in: place, upTo: .seconds(300))
    #expect(run.status == 0, "\(run.errors)")
    try await daemon.stop()
  }

  @Test("a report goes by mail to whoever is named; a mail program that fails is said so")
  func mail() async throws {
    let place = try Workplace()
    let daemon = try await working(in: place)
    let sent = try await ctl(["report", "--since", "7d", "--mail", "Dr. Chen"], in: place)
    #expect(sent.status == 0 && sent.output == "The report went to Dr. Chen.\n", "\(sent.errors)")
    let mail = try #require(place.mails(to: OfficeText.chen).last)
    let text = String(decoding: mail.bytes, as: UTF8.self)
    #expect(text.contains("1 of 1 promise was kept") && text.contains("filename=\"promises-"), "\(text.prefix(1500))")
    #expect(try await ctl(["report", "--mail", "Dr. Who"], in: place).status == 65)
    try place.sendmail(script: "#!/bin/sh\nexit 75\n")
    let failed = try await ctl(["report", "--mail", "chen"], in: place)
    #expect(failed.status == 75 && failed.errors.contains("The report did not go out"), "\(failed.errors)")
    try await daemon.stop()
  }

  @Test("the report of the week goes out once, also when the daemon was down at its time, and not for the time before")
  func weekly() async throws {
    var office = OfficeText()
    // A minute ago, by the clock of this test.
    let time = Zone.utc.civilTime(at: Date().addingTimeInterval(-60))
    office.further = "[report]\nmail = [\"chen\"]\nat = \"\(time.weekdayText) \(time.clockText)\""
    let place = try Workplace(office)
    try await DaemonProcess(in: place).readyThenStopped()
    #expect(try place.mails.isEmpty)
    try await ageReports(in: place)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("the report", context: place.log) { try place.mails(to: OfficeText.chen).count == 1 }
    #expect(String(decoding: try #require(place.mails.first).bytes, as: UTF8.self).contains("Subject: Promises kept "))
    try await waitUntil("that it is noted", context: place.log) { place.log.contains("The report of the week went to") }
    try await daemon.stop()
    try await DaemonProcess(in: place).readyThenStopped()
    #expect(try place.mails.count == 1)
  }

  @Test("where the mail program fails for one, the report of the week is tried again for that one alone")
  func weeklyAgain() async throws {
    var office = OfficeText()
    let time = Zone.utc.civilTime(at: Date().addingTimeInterval(-60))
    office.further = "[report]\nmail = [\"rivera\", \"chen\"]\nat = \"\(time.weekdayText) \(time.clockText)\""
    let place = try Workplace(office)
    try await DaemonProcess(in: place).readyThenStopped()
    try await ageReports(in: place)
    let keeping = ScriptedSendmail().script(keepingIn: place.root + "/mails")
    let failing = keeping.replacing("#!/bin/sh\n", with: "#!/bin/sh\ncase $* in *rivera@*) exit 75;; esac\n")
    try #require(failing != keeping)
    try place.sendmail(script: failing)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("the first try", context: place.log) { place.log.contains("The report of the week waits") }
    #expect(try place.mails(to: OfficeText.chen).count == 1)
    try place.sendmail(script: keeping)
    try await waitUntil("the second", context: place.log) { try place.mails(to: OfficeText.rivera).count == 1 }
    try await waitUntil("its end", context: place.log) {
      place.log.contains("The report of the week went to 2 people.")
    }
    #expect(try place.mails(to: OfficeText.chen).count == 1)
    try await daemon.stop()
  }

  /// As if the reports of the week had been sent last a week ago.
  private func ageReports(in place: Workplace) async throws {
    let aging =
      "import sqlite3; c = sqlite3.connect('\(place.root)/state/callbackd.db'); "
      + "c.execute(\"UPDATE mark SET at = at - 600000 WHERE name LIKE 'report:%'\"); c.commit()"
    try #require(try await Run("/usr/bin/env", ["python3", "-c", aging], in: place).status == 0)
  }

  @Test("figures for Prometheus come over the socket and in a file; the plug-in says what they say")
  func monitoring() async throws {
    var office = OfficeText()
    office.further = "[metrics]\nfile = \"@ROOT@/callbackd.prom\""
    let place = try Workplace(office)
    try place.configure(text: office.text(root: place.root).replacing("@ROOT@", with: place.root))
    let daemon = try await working(in: place)
    let metrics = try await ctl(["status", "--metrics"], in: place)
    #expect(metrics.status == 0)
    for line in [
      "callbackd_callbacks_open 1", "callbackd_messages_admitted_total 2",
      "callbackd_patients_reached_total 1", "callbackd_stage_ok{stage=\"store\"} 1",
    ] { #expect(metrics.output.contains(line + "\n"), "\(line)") }
    // The third is the mail that shows that mails go out.
    #expect(metrics.output.contains(/callbackd_notices_delivered_total [23]\n/))
    #expect(try place.text("callbackd.prom").contains("# TYPE callbackd_callbacks_open gauge\n"))
    let check = try await ctl(["check"], in: place)
    #expect(
      check.status == 0 && check.output.hasPrefix("CALLBACKD OK - 1 open, 1 nobody's, 0 overdue"), "\(check.output)")
    try await daemon.stop()
    #expect(try await ctl(["check"], in: place).status == 2)
  }
}

extension DaemonProcess {
  fileprivate func readyThenStopped() async throws {
    try await ready()
    try await stop()
  }
}
