import Foundation

/// What an administrator would write instead: a loop in the shell that reads each file, schedules with at(1), and moves it away
/// (Peers/shell-loop). callbackd keeps a history beside that, and loses none in a crash. The loop answers for no file, so what is
/// compared is callbackd without receipts; with them is said beside it.
struct ShellLoop {
  var bench: Bench
  var files: Int

  func measure() throws {
    guard access("/usr/bin/at", X_OK) == 0 else {
      throw CannotMeasure("at(1) is not there: apt-get install at")
    }
    let loop = try timeLoop()
    let (daemon, answering) = try (timeDaemon(receipts: false), timeDaemon(receipts: true))
    let times = loop / daemon
    func rate(_ seconds: Double) -> String { String(format: "%.0f", Double(files) / seconds) }
    bench.findings.add(
      Finding(
        figure: "a shell loop with at(1) over \(Printout.count(files)) files",
        measured: String(format: "callbackd is %.0f times as fast", times),
        goal: .atLeast(100, "100 times or more", measured: times),
        beside:
          "files/s: the loop \(rate(loop)), callbackd \(rate(daemon)), with receipts, which the loop does not write, \(rate(answering))"
      ))
  }

  /// Seconds a run of the loop takes, over a fiftieth of the files, for all of them.
  private func timeLoop() throws -> Double {
    let share = max(files / 50, 50)
    return try Workplace.use(in: bench.directory) { place in
      try SampleMessage.write(share, into: place.incoming, synced: false)
      Progress.show("the shell loop")
      let loop = Program(path: bench.peers + "/shell-loop", arguments: [place.incoming, place.accepted])
      let seconds = try loop.time()
      // What it has scheduled is for this program alone.
      try Program(path: bench.peers + "/shell-loop", arguments: ["--forget"]).time()
      return seconds * Double(files) / Double(share)
    }
  }

  private func timeDaemon(receipts: Bool) throws -> Double {
    try Workplace.use(in: bench.directory, Workplace.Office(receipts: receipts)) { place in
      try SampleMessage.write(files, into: place.incoming, synced: false)
      let start = ContinuousClock.now
      let daemon = try DaemonProcess(bench.daemon, in: place)
      let client = try daemon.answers()
      try daemon.waiting(for: "\(files) callbacks", every: .milliseconds(10)) {
        try client.status().counts.open == files && place.isSpoolEmpty
          && (!receipts || Workplace.count(in: place.accepted, atMost: files) == files) ? true : nil
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      try daemon.stop()
      return seconds
    }
  }
}
