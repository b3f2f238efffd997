import CallbackControl
import CallbackRules
import CallbackStore
import Foundation
import Testing

@testable import CallbackDaemon

/// Where Prometheus is installed.
private let promtoolPath = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("Metrics")
struct MetricsTests {
  private static let now = StagesScene.now

  private func metrics(_ change: (inout Metrics) -> Void = { _ in }) -> Metrics {
    var counts = StoreCounts()
    (counts.open, counts.owned, counts.overdue, counts.noticesWaiting) = (12, 8, 3, 2)
    counts.oldestOverdueDue = Self.now.addingTimeInterval(-90)
    var metrics = Metrics(
      version: "1.2", startedAt: Date(timeIntervalSince1970: 17), now: Self.now, stages: .init(), counts: counts,
      oldestNoticeAt: Self.now.addingTimeInterval(-5), counters: EventCounters())
    metrics.counters.admitted = 40
    change(&metrics)
    return metrics
  }

  /// Each sample with its value.
  private func samples(_ text: String) -> [String: String] {
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
    return Dictionary(lines.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { first, _ in first })
  }

  @Test("Every figure has its place, with help and type")
  func values() {
    let text = metrics { $0.stages.delivery.ok = false }.text
    let samples = samples(text)
    #expect(samples["callbackd_build_info{version=\"1.2\"}"] == "1")
    #expect(samples["callbackd_callbacks_open"] == "12" && samples["callbackd_callbacks_unowned"] == "4")
    #expect(samples["callbackd_callbacks_overdue"] == "3" && samples["callbackd_oldest_overdue_seconds"] == "90")
    #expect(samples["callbackd_notices_waiting"] == "2" && samples["callbackd_oldest_notice_seconds"] == "5")
    #expect(samples["callbackd_messages_admitted_total"] == "40" && samples["callbackd_start_time_seconds"] == "17")
    #expect(
      samples["callbackd_stage_ok{stage=\"delivery\"}"] == "0" && samples["callbackd_stage_ok{stage=\"store\"}"] == "1")
    // Each stage that `status` shows.
    for stage in Mirror(reflecting: Health().report).children.compactMap(\.label) {
      #expect(samples["callbackd_stage_ok{stage=\"\(stage)\"}"] != nil, "\(stage)")
    }
    for name in Set(samples.keys.map { $0.prefix { $0 != "{" } }) {
      #expect(text.contains("# HELP \(name) ") && text.contains("# TYPE \(name) "))
    }
  }

  @Test("Where the store can't be asked, what it knows is left out, and all else is there")
  func withoutStore() {
    let samples = samples(metrics { ($0.counts, $0.stages.store.ok) = (nil, false) }.text)
    #expect(samples["callbackd_callbacks_open"] == nil && samples["callbackd_stage_ok{stage=\"store\"}"] == "0")
    #expect(samples["callbackd_messages_admitted_total"] == "40")
  }

  @Test("What stands in a label can't end it")
  func label() {
    let text = metrics { $0.version = "a\"} 1\ncallbackd_x 2\\" }.text
    #expect(text.contains(#"callbackd_build_info{version="a\"} 1\ncallbackd_x 2\\"} 1"#))
    #expect(!text.contains("\ncallbackd_x"))
  }

  @Test("What rules do is counted: each step once, deadlines that passed, patients who were reached")
  func counters() {
    var counters = EventCounters()
    let callback = Callback(
      kind: .message, message: Message(takenAt: Self.now), recipient: "rivera", admittedAt: Self.now, dueAt: Self.now)
    let steps = [("rivera", 0), ("chen", 0), ("lee", 1)].map { person, step in
      Event(at: Self.now, .stepTaken, person: person, step: step)
    }
    let kinds: [Event.Kind] = [.overdue, .reached, .closed, .delivered]
    counters.count(Transition(callback, events: steps + kinds.map { Event(at: Self.now, $0) }))
    #expect((counters.steps, counters.broken, counters.reached) == (2, 1, 1))
  }

  @Test("Prometheus' own check finds nothing to say", .enabled(if: promtoolPath != nil))
  func promtool() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(promtoolPath))
    process.arguments = ["check", "metrics"]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(metrics().text.utf8))
    try input.fileHandleForWriting.close()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && said.isEmpty, "\(said)")
  }

  @Test("The file is replaced whole, readable by all, and a link in the place of the temporary one is not followed")
  func file() throws {
    let directory = NSTemporaryDirectory() + "/callbackd-metrics-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(atPath: directory) } catch { Issue.record(error) }
    }
    let file = ReplacedFile(path: directory + "/callbackd.prom")
    try file.replace(with: "one\n")
    try Data("kept".utf8).write(to: URL(fileURLWithPath: directory + "/victim"))
    try #require(symlink(directory + "/victim", directory + "/.callbackd.prom.tmp") == 0)
    umask(0o077)
    defer { umask(0o022) }
    try file.replace(with: "two\n")
    #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "two\n")
    #expect(try String(contentsOfFile: directory + "/victim", encoding: .utf8) == "kept")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["callbackd.prom", "victim"])
    var status = stat()
    #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o644)
    #expect(throws: (any Error).self) { try ReplacedFile(path: directory + "/none/x.prom").replace(with: "") }
  }
}
