import CallbackControl
import Foundation

/// How quickly a daemon that was down catches up: files a second, from its start until all that waited are admitted, gone from the
/// spool and, with receipts on, answered for; and how much memory that takes.
///
/// Beside each run the limit program (Limit/main.c) takes in as many equal files, in turn before and after it. The files are
/// written right before each; the kernel has not written them back yet, unless asked to.
struct Backlog {
  var bench: Bench
  var files: Int
  var runs: Int
  var receipts: Bool
  var synced: Bool

  private static let goalOfLimit = 0.6
  private static let goalBytes = 64e6
  /// As many files as callbackd takes in one transaction.
  private static let filesTogether = 256

  private struct Run {
    var seconds: Double
    var peakBytes: Int
    var limitSeconds: Double
  }

  func measure() throws {
    let measured = try (1...runs).map { number in
      Progress.show("backlog, receipts \(receipts ? "on" : "off"): run \(number) of \(runs)")
      if number.isMultiple(of: 2) {
        let limit = try limit()
        let (seconds, bytes) = try catchUp()
        return Run(seconds: seconds, peakBytes: bytes, limitSeconds: limit)
      }
      let (seconds, bytes) = try catchUp()
      return Run(seconds: seconds, peakBytes: bytes, limitSeconds: try limit())
    }
    report(measured)
  }

  /// Seconds that the limit program takes.
  private func limit() throws -> Double {
    try Workplace.use(in: bench.directory) { place in
      try place.admitOne(by: bench.daemon)
      try SampleMessage.write(files, into: place.incoming, synced: synced)
      Progress.show("the limit program")
      let words = [place.incoming, place.store, String(Self.filesTogether)] + (receipts ? [place.accepted] : [])
      let said = try Program(path: bench.limit, arguments: words).output().split(separator: " ")
      guard said.count == 2, Int(said[0]) == files, let seconds = Double(said[1].dropLast()) else {
        throw CannotMeasure("the limit program did not take in \(files) files")
      }
      return seconds
    }
  }

  private func catchUp() throws -> (seconds: Double, peakBytes: Int) {
    try Workplace.use(in: bench.directory, Workplace.Office(receipts: receipts)) { place in
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
      let peak = try daemon.facts.peakResidentBytes()
      try daemon.stop()
      return (seconds, peak)
    }
  }

  private func isPutAway(_ place: Workplace) throws -> Bool {
    guard try place.isSpoolEmpty else { return false }
    return try !receipts || Workplace.count(in: place.accepted, atMost: files) == files
  }

  private func report(_ measured: [Run]) {
    let rate = Distribution(measured.map { Double(files) / $0.seconds })
    let limit = Distribution(measured.map { Double(files) / $0.limitSeconds })
    let share = Distribution(measured.map { $0.limitSeconds / $0.seconds })
    let memory = Distribution(measured.map { Double($0.peakBytes) })
    let name = "backlog of \(Printout.count(files)) files, receipts \(receipts ? "on" : "off")"
    bench.findings.add(
      Finding(
        figure: name + (synced ? ", written back to the disk" : ""), measured: Printout.runs(rate, "files/s"),
        goal: .atLeast(Self.goalOfLimit, "0.6 of the limit program or more", measured: share.median),
        beside: "limit program \(Printout.runs(limit, "files/s")): callbackd reaches \(Printout.ratio(share)) of it"))
    bench.findings.add(
      Finding(
        figure: name + ": most memory resident", measured: Printout.megabytes(Int(memory.most)),
        goal: .below(Self.goalBytes, "64 MB or less", measured: memory.most)))
  }
}
