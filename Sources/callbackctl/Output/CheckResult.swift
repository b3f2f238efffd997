import CallbackControl
import CallbackRules
import Foundation

/// What a plug-in says (Monitoring Plugins Development Guidelines): a state, one line, performance data.
struct CheckResult: Encodable {
  var state: State
  /// What there is to say, the worst first.
  var text: String
  var performance: [Value]

  enum State: String, Encodable, Comparable {
    case ok, warning, critical, unknown

    /// The exit code.
    var code: Int32 {
      switch self {
      case .ok: 0
      case .warning: 1
      case .critical: 2
      case .unknown: 3
      }
    }

    static func < (left: State, right: State) -> Bool { left.code < right.code }
  }

  /// One value for graphs.
  struct Value: Encodable {
    var name: String
    var value: Int
    /// `s` for seconds; nothing for a count.
    var unit = ""
    var warning: String?
    var critical: String?

    fileprivate var text: String { "'\(name)'=\(value)\(unit);\(warning ?? "");\(critical ?? "");0" }
  }

  /// For what it alerts.
  struct Limits {
    var overdueWarning = AlertRange(above: 0)
    var overdueCritical = AlertRange(above: 4)
    var lateWarning: TimeSpan?
    var lateCritical: TimeSpan? = TimeSpan(seconds: 4 * 3600)
    var waitingWarning: AlertRange?
    var waitingCritical: AlertRange?
  }

  init(_ state: State, _ text: String, performance: [Value] = []) {
    self.state = state
    self.text = text
    self.performance = performance
  }

  /// The daemon gave no answer, or none that says how it does.
  init(_ error: ControlError) {
    switch error {
    case .unreachable(_, EACCES), .unreachable(_, EPERM), .cannotListen, .garbled:
      self.init(.unknown, error.description)
    case .unreachable, .timedOut, .brokenOff, .failed(.tryAgain): self.init(.critical, error.description)
    case .failed: self.init(.unknown, error.description)
    }
  }

  init(_ report: StatusReport, limits: Limits) {
    let counts = report.counts
    let late = report.oldestOverdueSeconds ?? 0
    var findings: [(state: State, text: String)] = Self.stages(report)
    func compare(_ value: Int, _ warning: AlertRange?, _ critical: AlertRange?, _ text: String) {
      if critical?.alerts(value) ?? false {
        findings.append((.critical, text))
      } else if warning?.alerts(value) ?? false {
        findings.append((.warning, text))
      }
    }
    compare(counts.overdue, limits.overdueWarning, limits.overdueCritical, "\(counts.overdue) overdue")
    compare(
      late, limits.lateWarning.map { AlertRange(above: $0.seconds) },
      limits.lateCritical.map { AlertRange(above: $0.seconds) },
      "one is overdue by \(WallClock.span(seconds: late))")
    let waits = report.noticesWaiting == 1 ? "1 notice waits" : "\(report.noticesWaiting) notices wait"
    compare(report.noticesWaiting, limits.waitingWarning, limits.waitingCritical, waits)
    let worst = findings.enumerated().sorted { ($1.element.state, $0.offset) < ($0.element.state, $1.offset) }
    let counted = "\(counts.open) open, \(counts.unowned) nobody's, \(counts.overdue) overdue, \(waits)"
    self.init(
      findings.map(\.state).max() ?? .ok,
      (worst.map(\.element.text) + [counted]).joined(separator: "; "),
      performance: [
        Value(
          name: "overdue", value: counts.overdue, warning: limits.overdueWarning.text,
          critical: limits.overdueCritical.text),
        Value(
          name: "oldest_overdue", value: late, unit: "s", warning: limits.lateWarning.map { "\($0.seconds)" },
          critical: limits.lateCritical.map { "\($0.seconds)" }),
        Value(name: "open", value: counts.open), Value(name: "unowned", value: counts.unowned),
        Value(
          name: "notices_waiting", value: report.noticesWaiting, warning: limits.waitingWarning?.text,
          critical: limits.waitingCritical?.text),
      ])
  }

  /// Without intake, timer or store promises are broken unseen; a hand-over that fails is tried again, and who has answered by
  /// mail in vain is reminded.
  private static func stages(_ report: StatusReport) -> [(State, String)] {
    let stages = report.stages
    let all: [(String, StatusReport.Stage, State)] = [
      ("store", stages.store, .critical), ("timer", stages.timer, .critical), ("intake", stages.intake, .critical),
      ("delivery", stages.delivery, .warning), ("answers", stages.answers, .warning),
      ("control", stages.control, .warning),
    ]
    return all.filter { !$0.1.ok }.map { name, stage, state in
      (state, "trouble in \(name)" + (stage.detail.map { ": " + $0.harmless.cut(to: 200) } ?? ""))
    }
  }

  /// One line, in which a "|" stands only where performance data begins.
  var line: String {
    let said = text.harmless.replacing("|", with: "/").cut(to: 1000)
    let data = performance.map(\.text).joined(separator: " ")
    return "CALLBACKD \(state.rawValue.uppercased()) - \(said)" + (data.isEmpty ? "" : " | \(data)")
  }
}
