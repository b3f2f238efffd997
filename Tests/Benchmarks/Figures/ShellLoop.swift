import Foundation

/// What an administrator would write instead: a loop in the shell that reads each file, schedules with at(1), and moves it away
/// (Peers/shell-loop). callbackd keeps a history beside that, answers for each file, and loses none in a crash.
struct ShellLoop {
  var bench: Bench
  var files: Int

  func measure() throws {
    guard access("/usr/bin/at", X_OK) == 0 else {
      throw CannotMeasure("at(1) is not there: apt-get install at")
    }
    let (loop, daemon) = try (timeLoop(), timeDaemon())
    let times = loop / daemon
    bench.findings.add(
      Finding(
        figure: "a shell loop with at(1) over \(Printout.count(files)) files",
        measured: String(format: "callbackd is %.0f times as fast", times),
        goal: .atLeast(100, "100 times or more", measured: times),
        beside: String(format: "the loop: %.0f files/s; callbackd: %.0f", Double(files) / loop, Double(files) / daemon))
    )
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

  private func timeDaemon() throws -> Double {
    try Workplace.use(in: bench.directory) { place in
      try SampleMessage.write(files, into: place.incoming, synced: false)
      let start = ContinuousClock.now
      let daemon = try DaemonProcess(bench.daemon, in: place)
      let client = try daemon.answers()
      try daemon.waiting(for: "\(files) callbacks", every: .milliseconds(10)) {
        try client.status().counts.open == files && place.isSpoolEmpty
          && Workplace.count(in: place.accepted, atMost: files) == files ? true : nil
      }
      let seconds = start.duration(to: .now) / .seconds(1)
      try daemon.stop()
      return seconds
    }
  }
}
