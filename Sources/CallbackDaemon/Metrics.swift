import CallbackControl
import CallbackRules
import CallbackStore
import Foundation

/// What has happened since the daemon started: numbers that only grow.
struct EventCounters: Sendable, Equatable {
  /// Messages that became callbacks, or part of one.
  var admitted = 0
  /// Files and rows that could not be understood.
  var unreadable = 0
  var delivered = 0
  /// Notices that can't be handed over.
  var failed = 0
  /// Tries to hand a notice over that were to be made again.
  var delayed = 0
  /// Steps of the escalation that were taken.
  var steps = 0
  /// Deadlines that passed.
  var broken = 0
  /// Callbacks that were closed because the patient was reached.
  var reached = 0

  /// Counts what a rule did.
  mutating func count(_ transition: Transition) {
    // Each step has an event for everybody whom it tells.
    steps += Set(transition.events.filter { $0.kind == .stepTaken }.map(\.step)).count
    for event in transition.events {
      switch event.kind {
      case .overdue: broken += 1
      case .reached: reached += 1
      default: continue
      }
    }
  }
}

/// The daemon's figures as Prometheus reads them (text exposition format 0.0.4). No names and no patients' data: anybody may see
/// them.
struct Metrics {
  var version: String
  var startedAt: Date
  var now: Date
  var stages: StatusReport.Stages
  /// Nil where the store can't be asked.
  var counts: StoreCounts?
  /// Since when the notice waits that has waited the longest.
  var oldestNoticeAt: Date?
  var counters: EventCounters

  var text: String {
    var lines: [String] = []
    func metric(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int)]) {
      lines += ["# HELP callbackd_\(name) \(help)", "# TYPE callbackd_\(name) \(type)"]
      lines += samples.map { "callbackd_\(name)\($0.labels) \($0.value)" }
    }
    func gauge(_ name: String, _ help: String, _ value: Int) { metric(name, "gauge", help, [("", value)]) }
    func counter(_ name: String, _ help: String, _ value: Int) {
      metric("\(name)_total", "counter", "\(help), since the daemon started.", [("", value)])
    }
    metric("build_info", "gauge", "The version that runs.", [("{version=\"\(Self.escaped(version))\"}", 1)])
    gauge("start_time_seconds", "When the daemon started.", Int(startedAt.timeIntervalSince1970))
    metric(
      "stage_ok", "gauge", "Whether a stage works: 1, or 0 for trouble.",
      [
        ("intake", stages.intake), ("answers", stages.answers), ("timer", stages.timer), ("store", stages.store),
        ("delivery", stages.delivery), ("control", stages.control),
      ].map { ("{stage=\"\($0)\"}", $1.ok ? 1 : 0) })
    if let counts {
      func age(_ moment: Date?) -> Int { moment.map { max(0, Int(now.timeIntervalSince($0))) } ?? 0 }
      gauge("callbacks_open", "Callbacks that are not closed.", counts.open)
      gauge("callbacks_unowned", "Open callbacks that nobody has.", counts.open - counts.owned)
      gauge("callbacks_overdue", "Open callbacks past their deadline.", counts.overdue)
      gauge("oldest_overdue_seconds", "How late the latest callback is; 0 for none.", age(counts.oldestOverdueDue))
      gauge("notices_waiting", "Notices that are not handed over yet.", counts.noticesWaiting)
      gauge("oldest_notice_seconds", "How long the oldest of these has waited; 0 for none.", age(oldestNoticeAt))
    }
    counter("messages_admitted", "Messages that were taken in", counters.admitted)
    counter("messages_unreadable", "Messages that could not be understood", counters.unreadable)
    counter("notices_delivered", "Notices that were handed over", counters.delivered)
    counter("notices_delayed", "Tries to hand a notice over that are to be made again", counters.delayed)
    counter("notices_failed", "Notices that could not be handed over", counters.failed)
    counter("escalation_steps", "Steps of escalations that were taken", counters.steps)
    counter("promises_broken", "Deadlines that passed", counters.broken)
    counter("patients_reached", "Callbacks whose patient was reached", counters.reached)
    return lines.joined(separator: "\n") + "\n"
  }

  /// A label's value: "\", quotes and line ends would end it.
  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
