import CallbackControl
import Foundation
import Testing

/// Hints that don't come, or not all: the spool is looked through all the same.
@Suite("a spool that can't be watched", .fewAtOnce)
struct UnwatchedTests {
  private func message(_ number: Int) -> String { "Caller: C\(number)\nCallback: 555-\(1_000_000 + number)\n" }

  @Test(
    "without inotify, or with too few watches, the poll finds files and folders", .enabled(if: Surroundings.mayLimit),
    arguments: ["max_inotify_instances", "max_inotify_watches"])
  func limits(name: String) async throws {
    var office = OfficeText(announce: "[]")
    office.poll = "1s"
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place, wrapper: Surroundings.limiting(name, to: 0))
    try await daemon.ready()
    try place.drop(message(1), as: "1.txt")
    try #require(mkdir(place.root + "/spool/incoming/night-desk", 0o755) == 0)
    try place.drop(message(2), as: "night-desk/2.txt")
    try await waitUntil("both callbacks", context: place.log) { try place.receipts.count == 2 }
    let services = try daemon.client().list(ControlCall.ListQuery()).callbacks.map(\.service)
    #expect(services.contains("night-desk"))
    #expect(daemon.log.contains("raise fs.inotify.max_user_\(name.hasSuffix("watches") ? "watches" : "instances")"))
    #expect(try daemon.client().status().stages.intake.ok)
    try await daemon.stop()
  }

  @Test("a service's folder that is made while it runs is found at once, and so is what comes into it later")
  func folder() async throws {
    // No poll helps.
    var office = OfficeText(announce: "[]")
    office.poll = "1h"
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try #require(mkdir(place.root + "/spool/incoming/night-desk", 0o755) == 0)
    for number in 1...3 {
      try place.drop(message(number), as: "night-desk/\(number).txt")
      try await waitUntil("callback \(number)", context: place.log) { try place.receipts.count == number }
    }
    let rows = try daemon.client().list(ControlCall.ListQuery()).callbacks
    #expect(rows.allSatisfy { $0.service == "night-desk" } && rows.count == 3)
    try await daemon.stop()
  }

  private static let queueLength = "/proc/sys/fs/inotify/max_queued_events"

  /// CALLBACKD_FLOOD says how many files there are.
  @Test("a flood, with a queue of 16 hints and one file in ten bad: each is answered for, in bounded memory")
  func flood() async throws {
    let count = ProcessInfo.processInfo.environment["CALLBACKD_FLOOD"].flatMap { Int($0) } ?? 10_000
    var office = OfficeText(announce: "[]")
    office.poll = "1h"
    let place = try Workplace(office)
    // What was the limit when the queue was made holds for it. Without the right to set it, the flood itself may overflow it.
    let usual = FileManager.default.contents(atPath: Self.queueLength)
    let isSet = access(Self.queueLength, W_OK) == 0 && set(queueLength: Data("16".utf8))
    if !isSet { print("the queue of inotify keeps its usual length: only root may set it") }
    let daemon: DaemonProcess
    do {
      defer { if isSet, let usual { #expect(set(queueLength: usual)) } }
      daemon = try DaemonProcess(in: place)
      try await daemon.ready()
    }
    let start = ContinuousClock.now
    for number in 1...count {
      // Of the second half it is sure that it gets no hint but the first 16.
      if number == count / 2 { try daemon.send(SIGSTOP) }
      try dropQuickly(number.isMultiple(of: 10) ? "only \(number)" : message(number), as: "\(number)", in: place)
    }
    try daemon.send(SIGCONT)
    try await waitUntil("all receipts", upTo: .seconds(30 + count / 50), context: String(place.log.suffix(2000))) {
      try place.isSpoolEmpty && place.receipts.count == count
    }
    #expect(try daemon.client().status().counts.open == count)
    #expect(try place.names(in: "spool/rejected").count == count / 10 * 2)
    let peak = try #require(try peakKibibytes(of: daemon))
    print("\(count) files, one in ten bad: \(peak) KiB at most, \(ContinuousClock.now - start)")
    #expect(peak < 250_000)
    try await daemon.stop()
  }

  private func dropQuickly(_ text: String, as name: String, in place: Workplace) throws {
    let (hidden, final) = (place.root + "/drop/\(name)", place.root + "/spool/incoming/\(name)")
    let descriptor = open(hidden, O_WRONLY | O_CREAT | O_EXCL, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(write(descriptor, text, text.utf8.count) == text.utf8.count)
    try #require(rename(hidden, final) == 0)
  }

  private func set(queueLength: Data) -> Bool {
    do {
      try queueLength.write(to: URL(fileURLWithPath: Self.queueLength))
      return true
    } catch {
      return false
    }
  }

  /// The most memory that a process has had in use (proc(5), VmHWM).
  private func peakKibibytes(of daemon: DaemonProcess) throws -> Int? {
    let status = try String(contentsOfFile: "/proc/\(daemon.pid)/status", encoding: .utf8)
    return status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      .flatMap { Int($0.split(separator: " ").dropLast().last ?? "") }
  }
}
