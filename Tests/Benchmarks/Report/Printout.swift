import Foundation

/// How figures are told to people.
enum Printout {
  static func finding(_ finding: Finding) {
    Progress.clear()
    print("\n\(finding.figure)")
    print("  \(finding.measured)")
    if let goal = finding.goal { print("  goal: \(goal.text), \(goal.verdict)") }
    if !finding.beside.isEmpty { print("  beside: \(finding.beside)") }
    fflush(nil)  // What is known so far, also where it goes into a file.
  }

  static func milliseconds(_ seconds: Double) -> String {
    String(format: seconds < 0.01 ? "%.2f ms" : "%.1f ms", seconds * 1000)
  }

  /// p50 and p99 of seconds.
  static func spread(_ seconds: Distribution) -> String {
    "p50 \(milliseconds(seconds.median)), p99 \(milliseconds(seconds.percentile(0.99)))"
  }

  /// The median with the least and the most, without fractions.
  static func runs(_ values: Distribution, _ unit: String) -> String {
    values.isSingle
      ? String(format: "%.0f %@", values.median, unit)
      : String(format: "%.0f %@ (%.0f–%.0f)", values.median, unit, values.least, values.most)
  }

  /// A ratio with two places, with the least and the most where there were several runs.
  static func ratio(_ values: Distribution) -> String {
    values.isSingle
      ? String(format: "%.2f", values.median)
      : String(format: "%.2f (%.2f–%.2f)", values.median, values.least, values.most)
  }

  /// `20,000`.
  static func count(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(number).reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3) { text = "," + text }
      text = String(digit) + text
    }
    return text
  }

  static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
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
