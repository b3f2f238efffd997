import CallbackControl
import Foundation

/// How soon whoever dropped a message has a number to quote: from the file's rename into the spool until its receipt can be seen.
/// The callback is committed by then.
///
/// One file at a time, with a pause between them, so that each meets an idle daemon, as nearly all messages do.
struct ReceiptLatency {
  var bench: Bench
  var files: Int

  private static let pauseMilliseconds: UInt32 = 10

  func measure() throws {
    let (latency, limit) = try Workplace.use(in: bench.directory) { place in
      let daemon = try DaemonProcess(bench.daemon, in: place)
      let client = try daemon.answers()
      let measured = try drop(into: place)
      let open = try client.status().counts.open
      guard open == files else { throw CannotMeasure("of \(files) files, \(open) became callbacks") }
      try daemon.stop()
      return measured
    }
    let name = "one file renamed in, until committed with its receipt (\(Printout.count(files)) files)"
    let beside = "4 KiB appended and synced: \(Printout.spread(limit))"
    bench.findings.add(
      Finding(
        figure: name + ", p50", measured: Printout.milliseconds(latency.median),
        goal: .below(0.003, "under 3 ms", measured: latency.median), beside: beside))
    let p99 = latency.percentile(0.99)
    bench.findings.add(
      Finding(
        figure: name + ", p99", measured: Printout.milliseconds(p99),
        goal: .below(0.020, "under 20 ms", measured: p99)))
  }

  private func drop(into place: Workplace) throws -> (latency: Distribution, limit: Distribution) {
    let watch = try DirectoryWatch([(place.accepted, IN_MOVED_TO)])
    let limit = try SyncLimit(file: place.root + "/synced")
    var latencies: [Double] = []
    var syncs: [Double] = []
    for number in 0..<files {
      if number.isMultiple(of: 20) { Progress.show("file \(number) of \(files)") }
      let (written, dropped) = ("\(place.written)/\(number)", "\(place.incoming)/\(number).txt")
      try SampleMessage(number: number).write(to: written, synced: true)
      syncs.append(try limit.measure())
      usleep(Self.pauseMilliseconds * 1000)
      let start = ContinuousClock.now
      try done(rename(written, dropped), "rename a file into \(place.incoming)")
      let came = try watch.next(within: .seconds(30))
      latencies.append(start.duration(to: .now) / .seconds(1))
      guard came.count == 1, came[0].name.hasPrefix("\(number).txt.") else {
        throw CannotMeasure("for one file, \(came.count) receipts came within 30 s")
      }
    }
    return (Distribution(latencies), Distribution(syncs))
  }
}
