import CallbackControl
import Foundation

/// How quickly a daemon that was down catches up: files a second, from its start until all that waited are admitted, gone from the
/// spool and, with receipts on, answered for; and how much memory that takes.
///
/// Each run has limits measured right before it, on as many equal files: a loop that reads and removes them without
/// storing, and SQLite alone. The files are written right before each; the kernel has not written them back yet, unless asked to.
struct Backlog {
  var bench: Bench
  var files: Int
  var runs: Int
  var receipts: Bool
  var synced: Bool

  private static let goalFilesPerSecond = 8000.0
  private static let goalMegabytes = 64.0

  private struct Run {
    var seconds: Double
    var megabytes: Double
    var fileSeconds: Double
    var storeSeconds: Double
  }

  func measure() throws {
    let measured = try (1...runs).map { number in
      let (fileSeconds, storeSeconds) = try Workplace.use(in: bench.directory, receipts: receipts, limits)
      Progress.show("backlog, receipts \(receipts ? "on" : "off"): run \(number) of \(runs)")
      let (seconds, bytes) = try Workplace.use(in: bench.directory, receipts: receipts, catchUp)
      return Run(
        seconds: seconds, megabytes: Double(bytes) / 1e6, fileSeconds: fileSeconds, storeSeconds: storeSeconds)
    }
    report(measured)
  }

  private func limits(_ place: Workplace) throws -> (files: Double, store: Double) {
    try SampleMessage.write(files, into: place.incoming, synced: synced)
    Progress.show("the limits")
    let limit = FileLimit(directory: place.incoming, receipts: receipts ? place.written : nil)
    return (try limit.measure(files), try StoreLimit(file: place.root + "/limit.db").measure(files))
  }

  private func catchUp(_ place: Workplace) throws -> (seconds: Double, peakBytes: Int) {
    try SampleMessage.write(files, into: place.incoming, synced: synced)
    Progress.show("callbackd catches up")
    let start = ContinuousClock.now
    let daemon = try DaemonProcess(bench.daemon, in: place)
    let client = try daemon.answers()
    // Not so often that answering would slow it down.
    try daemon.waiting(for: "\(files) callbacks", every: .milliseconds(25)) {
      try client.status().counts.open == files ? true : nil
    }
    try daemon.waiting(for: "an empty spool and all receipts", every: .milliseconds(10)) {
      try isPutAway(place) ? true : nil
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    let peak = try daemon.peakResidentBytes()
    try daemon.stop()
    return (seconds, peak)
  }

  private func isPutAway(_ place: Workplace) throws -> Bool {
    guard try place.isSpoolEmpty else { return false }
    return try !receipts || Workplace.count(in: place.accepted, atMost: files) == files
  }

  private func report(_ measured: [Run]) {
    func rate(_ seconds: (Run) -> Double) -> Distribution { Distribution(measured.map { Double(files) / seconds($0) }) }
    let admitted = rate(\.seconds)
    let both = rate { $0.fileSeconds + $0.storeSeconds }
    let memory = Distribution(measured.map(\.megabytes))
    Printout.heading(
      """
      A backlog of \(files) files, \(synced ? "written back to the disk" : "freshly written"), receipts \
      \(receipts ? "on" : "off") (\(runs == 1 ? "1 run" : "median of \(runs) runs, least–most"))
      """)
    let goal =
      receipts
      ? "" : Printout.verdict("8000 files/s or more", isMet: admitted.median >= Self.goalFilesPerSecond)
    Printout.line("admitted and put away", Printout.runs(admitted, "files/s") + goal)
    Printout.line(
      "most memory resident",
      Printout.runs(memory, "MB") + Printout.verdict("under 64 MB", isMet: memory.most < Self.goalMegabytes))
    let calls = "openat, fstat, read, close, unlink" + (receipts ? ", and a file made" : "")
    Printout.line("files alone", Printout.runs(rate(\.fileSeconds), "files/s") + ": \(calls)")
    Printout.line("SQLite alone", Printout.runs(rate(\.storeSeconds), "rows/s") + ": one plain row a file")
    Printout.line(
      "both, one after the other",
      Printout.runs(both, "files/s") + "; callbackd reaches \(Printout.percent(admitted.median / both.median)) of that")
  }
}
