import CallbackControl
import Foundation

extension Workplace {
  /// Has the daemon admit one message and end, so that the store holds a row to copy; no deadline of it comes while something
  /// is measured.
  func admitOne(by program: String) throws {
    let daemon = try DaemonProcess(program, in: self)
    let client = try daemon.answers()
    let sample = SampleMessage(number: 999_999, promised: "")
    try sample.write(to: written + "/first")
    try done(rename(written + "/first", incoming + "/first.txt"), "rename a file into \(incoming)")
    try daemon.waiting(for: "a callback and an empty spool", every: .milliseconds(5)) {
      try client.status().counts.open == 1 && isSpoolEmpty ? true : nil
    }
    try daemon.stop()
  }

  /// Fills the store with so many open callbacks that are due over the next year.
  func fill(_ count: Int, by program: String) throws {
    guard count > 0 else { return }
    try admitOne(by: program)
    let due = Date(timeIntervalSinceNow: 7 * 86_400)
    try OpenCallbacks(first: 2, count: count, due: due, spreadSeconds: 360 * 86_400).fill(self)
  }
}
