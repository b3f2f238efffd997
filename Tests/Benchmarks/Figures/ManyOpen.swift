import CallbackControl
import Foundation

/// What it costs to have many callbacks open: starting, memory, what people ask, and doing nothing.
struct ManyOpen {
  var bench: Bench
  /// 0: an empty store.
  var open: Int
  var runs: Int
  var idleSeconds: Int

  func measure() throws {
    try Workplace.use(in: bench.directory) { place in
      try place.fill(open, by: bench.daemon)
      try measureStarts(place)
      let daemon = try DaemonProcess(bench.daemon, in: place)
      _ = try daemon.answers()
      try daemon.settles()
      let resident = try daemon.facts.residentBytes()
      let limit = open == 0 ? 24e6 : 40e6
      bench.findings.add(
        Finding(
          figure: "memory resident, \(Printout.count(open)) open", measured: Printout.megabytes(resident),
          goal: .below(limit, "\(Int(limit / 1e6)) MB or less", measured: Double(resident)),
          beside:
            "of it its own: \(Printout.megabytes(try daemon.facts.ownBytes())); the rest is its program and libraries"))
      if open > 0 {
        try measureCommands(place)
        try daemon.settles()
        try measureIdleness(daemon)
      }
      try daemon.stop()
    }
  }

  private func measureStarts(_ place: Workplace) throws {
    let seconds = try (1...runs).map { run in
      Progress.show("start \(run) of \(runs) with \(open) open")
      let ready = try ReadySocket(path: "\(place.root)/ready")
      let start = ContinuousClock.now
      let daemon = try DaemonProcess(bench.daemon, in: place, notify: ready.path)
      try ready.wait()
      let seconds = start.duration(to: .now) / .seconds(1)
      try daemon.stop()
      return seconds
    }
    let median = Distribution(seconds).median
    let limit = open == 0 ? 0.060 : 0.120
    bench.findings.add(
      Finding(
        figure: "start to READY, \(Printout.count(open)) open (median of \(runs))",
        measured: Printout.milliseconds(median),
        goal: .below(limit, "\(Int(limit * 1000)) ms or less", measured: median),
        beside: "a program that does nothing: \(Printout.milliseconds(try Self.emptyProgram(runs)))"))
  }

  /// Seconds, so that starting a process is not taken for what the daemon does.
  private static func emptyProgram(_ runs: Int) throws -> Double {
    Distribution(try (1...runs).map { _ in try Program(path: "/bin/true", arguments: []).time() }).median
  }

  private func measureCommands(_ place: Workplace) throws {
    let each = max(runs * 4, 10)
    let nothing = try Self.emptyProgram(each)
    func time(_ name: String, _ words: (Int) -> [String]) throws {
      let seconds = try (1...each).map { run in
        try Program(
          path: bench.control, arguments: words(run) + ["--socket", place.control], environment: ["LANG": "C.UTF-8"]
        ).time()
      }
      let all = Distribution(seconds)
      bench.findings.add(
        Finding(
          figure: "callbackctl \(name), \(Printout.count(open)) open, its start included (\(each) times)",
          measured: Printout.spread(all), goal: .below(0.020, "p50 under 20 ms", measured: all.median),
          beside: "a program that does nothing: \(Printout.milliseconds(nothing))"))
    }
    try time("list") { _ in ["list"] }
    try time("show") { run in ["show", String(open / 2 + run)] }
    try time("ack") { run in ["ack", String(open / 3 + run), "--as", "rivera"] }
  }

  private func measureIdleness(_ daemon: DaemonProcess) throws {
    Progress.show("letting callbackd rest for \(idleSeconds) s")
    let used = try daemon.facts.processorSeconds()
    let wakes = Double(try daemon.facts.wakeUps(within: idleSeconds)) / Double(idleSeconds)
    let seconds = try daemon.facts.processorSeconds() - used
    let span = "at rest with \(Printout.count(open)) open for \(idleSeconds) s"
    bench.findings.add(
      Finding(
        figure: span + ": processor time", measured: String(format: "%.2f s", seconds),
        goal: .below(0.05 * max(Double(idleSeconds) / 600, 0.2), "0.05 s in 10 minutes", measured: seconds)))
    bench.findings.add(
      Finding(
        figure: span + ": wake-ups", measured: String(format: "%.2f a second", wakes),
        goal: .below(1, "under 1 a second", measured: wakes)))
  }
}
