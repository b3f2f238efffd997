import ArgumentParser
import CallbackControl
import Foundation

struct OnCall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oncall",
    abstract: "Say who is on call, and until when.",
    discussion: """
      Example:
        callbackctl oncall
        callbackctl oncall --at "2026-11-26 08:00" --days 14
      """)

  @Option(
    help: ArgumentHelp(
      "Then instead of now: 2026-11-26, \"2026-11-26 08:00\", or with a zone: 2026-11-26T13:00:00Z.", valueName: "time"),
    transform: Self.moment)
  var at: Date?

  @Option(help: ArgumentHelp("Every shift of so many days, gaps included; 1 to 366.", valueName: "count"))
  var days: Int?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard days.map((1...ControlCall.OnCallQuery.mostDays).contains) ?? true else {
      throw ValidationError("--days is 1 to \(ControlCall.OnCallQuery.mostDays).")
    }
  }

  func run() throws {
    let query = ControlCall.OnCallQuery(at: at, days: days)
    let reply = try global.ask { client throws(ControlError) in try client.onCall(query) }
    if global.json {
      try global.printJSON(reply.shifts)
    } else if reply.shifts.isEmpty {
      print("There are no rotations.")
    } else {
      let table = ShiftTable(rows: reply.shifts, names: reply.names, at: at, clock: .local).table
      print(table.rendered(width: Terminal.width, colour: Terminal.hasColour), terminator: "")
    }
  }

  @Sendable private static func moment(_ text: String) throws -> Date {
    guard let moment = WallClock.local.time(text) else {
      throw ValidationError("Write 2026-11-26, \"2026-11-26 08:00\", or with a zone: 2026-11-26T13:00:00Z.")
    }
    return moment
  }
}
