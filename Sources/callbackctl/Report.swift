import ArgumentParser
import CallbackControl
import CallbackReports
import Foundation

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Say how promises were kept.",
    discussion: """
      Example:
        callbackctl report --since 30d --by account
        callbackctl report --since 2026-11-01 --format html > november.html
        callbackctl report --since 7d --mail manager

      About the callbacks whose calls were taken in the span. No word of a patient is in it.
      """)

  @Option(
    help: ArgumentHelp(
      "Calls taken since: a span such as 7d, or a date: 2026-11-23, \"2026-11-23 14:00\". (default: 30d)",
      valueName: "time"),
    transform: Self.moment)
  var since: Date?

  @Option(
    help: ArgumentHelp("Calls taken before; a time as for --since. (default: now)", valueName: "time"),
    transform: Self.moment)
  var until: Date?

  @Option(help: "Figures for each account, person, urgency, or hour of the day, too.")
  var by: Grouping?

  @Option(help: "How it is printed: text, json, csv, or html, which is one page with charts. (default: text)")
  var format: Format?

  @Option(
    help: ArgumentHelp(
      "Mail it, as text and as a page, to this person or team, and print nothing.", valueName: "person"))
  var mail: String?

  @OptionGroup var global: GlobalOptions

  /// A year of a large office takes seconds.
  private static let patience = Duration.seconds(120)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv, html
  }

  enum Grouping: String, ExpressibleByArgument, CaseIterable {
    case account, person, urgency, hour
  }

  func validate() throws {
    guard request.since < (until ?? .distantFuture) else { throw ValidationError("--until is a time after --since.") }
    if mail != nil, format != nil {
      throw ValidationError("--mail sends it as text and as a page: leave out --format.")
    }
    if global.json, let format, format != .json { throw ValidationError("Leave out --json, or --format.") }
  }

  func run() throws {
    if let mail {
      let reply = try global.ask(patience: Self.patience) { client throws(ControlError) in
        try client.mailReport(request, to: mail)
      }
      if global.json { return try global.printJSON(reply) }
      return print("The report went to \(reply.told.map { (reply.names[$0] ?? $0).harmless }.joined(separator: ", ")).")
    }
    let report = try global.ask(patience: Self.patience) { client throws(ControlError) in try client.report(request) }
    switch global.json ? .json : format ?? .text {
    case .text: print(report.text.harmlessLines(width: nil).joined(separator: "\n"), terminator: "")
    case .json: try global.printJSON(report)
    case .csv: print(report.csv, terminator: "")
    case .html: print(report.html, terminator: "")
    }
  }

  private var request: ControlCall.ReportRequest {
    ControlCall.ReportRequest(
      since: since ?? WallClock.local.now.addingTimeInterval(-30 * 86_400), until: until,
      grouping: by.flatMap { ReportQuery.Grouping(rawValue: $0.rawValue) })
  }

  @Sendable private static func moment(_ text: String) throws -> Date {
    guard let moment = WallClock.local.moment(text) else {
      throw ValidationError("Write a span such as 90m or 7d, or a date: 2026-11-23, \"2026-11-23 14:00\".")
    }
    return moment
  }
}
