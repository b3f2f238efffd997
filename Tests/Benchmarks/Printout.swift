import Foundation

/// How figures are told to people.
enum Printout {
  static func heading(_ text: String) {
    Progress.clear()
    print("\n\(text)")
  }

  /// One figure, or several of one kind.
  static func line(_ name: String, _ text: String) {
    Progress.clear()
    print("  " + name.padding(toLength: 26, withPad: " ", startingAt: 0) + text)
  }

  /// Says whether a goal was met.
  static func verdict(_ goal: String, isMet: Bool) -> String { "  goal: \(goal), \(isMet ? "met" : "NOT met")" }

  static func milliseconds(_ seconds: Double) -> String { String(format: "%.2f ms", seconds * 1000) }

  /// p50 and p99 of seconds.
  static func spread(_ seconds: Distribution) -> String {
    "p50 \(milliseconds(seconds.median)), p99 \(milliseconds(seconds.percentile(0.99)))"
  }

  /// The median with the least and the most, without fractions.
  static func runs(_ values: Distribution, _ unit: String) -> String {
    String(format: "%.0f %@ (%.0f–%.0f)", values.median, unit, values.least, values.most)
  }

  static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}

/// Says on a terminal what is being done, on one line that is replaced.
enum Progress {
  private static let isShown = isatty(STDERR_FILENO) == 1

  static func show(_ text: String) { write("\r\u{1B}[K\(text)…") }

  static func clear() { write("\r\u{1B}[K") }

  private static func write(_ text: String) {
    guard isShown else { return }
    FileHandle.standardError.write(Data(text.utf8))
  }
}
