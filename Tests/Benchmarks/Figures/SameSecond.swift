import CallbackControl
import Foundation

/// How long it takes until every transition is committed, where many deadlines pass in one second.
struct SameSecond {
  var bench: Bench
  var deadlines: Int
  /// How many callbacks are open beside them.
  var open = 0

  func measure() throws {
    let seconds = try run()
    bench.findings.add(
      Finding(
        figure: "\(Printout.count(deadlines)) deadlines in the same second, until all are committed",
        measured: String(format: "%.2f s", seconds), goal: .below(1, "1 s or less", measured: seconds)))
  }

  /// Seconds from the deadline until the daemon counts all as overdue.
  func run() throws -> Double {
    try Workplace.use(in: bench.directory, Workplace.Office(receipts: false)) { place in
      try place.fill(max(open, 1), by: bench.daemon)
      let due = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + lead).rounded(.up))
      let first = max(open, 1) + 10
      try OpenCallbacks(first: first, count: deadlines, due: due, spreadSeconds: 1).fill(place)
      let daemon = try DaemonProcess(bench.daemon, in: place)
      let client = try daemon.answers()
      try daemon.settles()
      guard due.timeIntervalSinceNow > 0 else {
        throw CannotMeasure("callbackd was not at rest before the deadlines passed")
      }
      Progress.show("waiting for \(deadlines) deadlines")
      usleep(UInt32(max(due.timeIntervalSinceNow, 0) * 1e6))
      try daemon.waiting(for: "\(deadlines) overdue", every: .milliseconds(5)) {
        try client.status().counts.overdue >= deadlines ? true : nil
      }
      let seconds = Date().timeIntervalSince(due)
      try daemon.stop()
      return seconds
    }
  }

  /// Until the deadlines: for filling, starting, and planning what is open anew.
  private var lead: Double { 8 + Double(open) / 8000 }
}
