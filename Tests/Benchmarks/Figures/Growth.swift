import CallbackControl
import Foundation

/// How the cost of a file and of a deadline grows with what is open.
struct Growth {
  var bench: Bench
  var sizes: [Int]
  /// So many files, and so many deadlines, at each size.
  var count: Int

  func measure() throws {
    try report("a file", try sizes.map { open in try fileSeconds(open: open) })
    try report(
      "a deadline",
      try sizes.map { open in try SameSecond(bench: bench, deadlines: count, open: open).run() / Double(count) })
  }

  private func fileSeconds(open: Int) throws -> Double {
    try Workplace.use(in: bench.directory, Workplace.Office(receipts: false)) { place in
      try place.fill(open, by: bench.daemon)
      let daemon = try DaemonProcess(bench.daemon, in: place)
      let client = try daemon.answers()
      try daemon.settles()
      let before = try client.status().counts.open
      try SampleMessage.write(count, into: place.written, synced: false)
      Progress.show("\(count) files beside \(open) open")
      let start = ContinuousClock.now
      for number in 0..<count {
        try done(
          rename("\(place.written)/\(number).txt", "\(place.incoming)/\(number).txt"), "rename a file into the spool")
      }
      try daemon.waiting(for: "\(count) more callbacks", every: .milliseconds(5)) {
        try client.status().counts.open == before + count ? true : nil
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      try daemon.stop()
      return seconds / Double(count)
    }
  }

  private func report(_ what: String, _ seconds: [Double]) throws {
    guard let first = seconds.first, let most = seconds.max(), first > 0 else { return }
    let texts = zip(sizes, seconds).map { size, each in
      String(format: "%.0f µs at %@", each * 1e6, Printout.count(size))
    }
    let growth = most / first
    bench.findings.add(
      Finding(
        figure: "cost of \(what) as open callbacks grow", measured: texts.joined(separator: ", "),
        goal: .below(2, "less than 2 times", measured: growth), beside: String(format: "%.2f times", growth)))
  }
}
