import ArgumentParser
import CallbackControl
import CallbackRules
import Foundation

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how the daemon does.",
    discussion: """
      Example:
        callbackctl status
        callbackctl status --metrics
      """)

  @Flag(help: "Print the daemon's figures as Prometheus reads them; with --json: as a text.")
  var metrics = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    if metrics {
      let reply = try global.ask { client throws(ControlError) in try client.metrics() }
      return global.json ? try global.printJSON(reply) : print(reply.text, terminator: "")
    }
    let report = try global.ask { client throws(ControlError) in try client.status() }
    if global.json {
      try global.printJSON(report)
    } else {
      print(Self.text(report, clock: .local, colour: Terminal.hasColour), terminator: "")
    }
  }

  static func text(_ report: StatusReport, clock: WallClock, colour: Bool) -> String {
    let running = clock.span(report.startedAt, clock.now)
    var text = "callbackd \(report.version.harmless), since \(clock.absolute(report.startedAt)) (\(running))\n\n"
    let stages = [
      ("intake", report.stages.intake), ("answers", report.stages.answers), ("timer", report.stages.timer),
      ("store", report.stages.store), ("delivery", report.stages.delivery), ("control", report.stages.control),
    ]
    for (name, stage) in stages {
      let word = stage.ok ? "ok" : Style.late.applied(to: "trouble", colour: colour)
      let detail = stage.detail.map { ": " + $0.harmless } ?? ""
      text += "  \(name.padded(to: 10))\(word)\(detail)\n"
    }
    let counts = report.counts
    text += "\n\(counts.open) open: \(counts.unowned) nobody's, \(counts.owned) somebody's; \(counts.overdue) overdue"
    if let seconds = report.oldestOverdueSeconds { text += ", the oldest by \(WallClock.span(seconds: seconds))" }
    text +=
      ".\n\(report.noticesWaiting) \(report.noticesWaiting == 1 ? "notice waits" : "notices wait") to be handed over."
    if let next = report.nextWakeAt { text += " Next look at a callback: \(clock.absolute(next))." }
    text += "\n"
    for alarm in report.alarms { text += Self.sentence(alarm, clock: clock) + "\n" }
    return text
  }

  private static func sentence(_ alarm: AlarmRow, clock: WallClock) -> String {
    let times = "from \(clock.absolute(alarm.from)) to \(clock.absolute(alarm.until))"
    let passed = alarm.promisesPassed == 1 ? "1 promise" : "\(alarm.promisesPassed) promises"
    return switch Alarm.Kind(rawValue: alarm.kind) {
    case .downTime: "It was down \(times), and \(passed) passed meanwhile."
    case .clockSet: "The clock was set forward, \(times), and \(passed) passed by that."
    case .coverageGap: "Nobody is on call in \(alarm.rotation?.harmless ?? "a rotation") \(times)."
    case .spoolTrouble: "There has been trouble with the spool since \(clock.absolute(alarm.from))."
    case .spoolRestored: "There was trouble with the spool \(times)."
    case .storageTrouble: "The store has taken nothing since \(clock.absolute(alarm.from))."
    case .storageRestored: "There was trouble with the store \(times)."
    case .staleFiles: "A file in the spool has been unfinished since \(clock.absolute(alarm.from))."
    case .silentService:
      "The service \(alarm.service?.harmless ?? "") has sent nothing since \(clock.absolute(alarm.from))."
    case .channelTrouble:
      "Nothing has gone out by \(alarm.channel?.harmless ?? "a channel") since \(clock.absolute(alarm.from)); "
        + "\(alarm.notices) \(alarm.notices == 1 ? "notice waits" : "notices wait") for it."
    case .deliveryTrouble:
      "A notice has waited to be handed over since \(clock.absolute(alarm.from)); "
        + "\(alarm.notices) \(alarm.notices == 1 ? "notice waits" : "notices wait")."
    case .deliveryRestored: "Notices waited for too long \(times)."
    case .channelRestored: "Nothing went out by \(alarm.channel?.harmless ?? "a channel") \(times)."
    case .canary: "A mail was sent to see whether mails go out, \(clock.absolute(alarm.from))."
    case .strayAnswer: "A mail that may be somebody's answer belongs to no notice, \(times)."
    // A newer daemon's.
    case nil: "\(alarm.kind.harmless) \(times)."
    }
  }
}
