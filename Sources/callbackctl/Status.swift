import ArgumentParser
import CallbackControl
import Foundation

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how the daemon does.",
    discussion: """
      Example:
        callbackctl status
      """)

  @OptionGroup var global: GlobalOptions

  func run() throws {
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
      ("intake", report.stages.intake), ("timer", report.stages.timer), ("store", report.stages.store),
      ("delivery", report.stages.delivery), ("control", report.stages.control),
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
    return text + "\n"
  }
}
