import ArgumentParser
import CallbackControl
import CallbackRules
import Foundation

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write out the callbacks that came in within a span, with their histories.",
    discussion: """
      JSON is an array with a line for each callback, as `show --json` gives it. CSV is a line for each callback, or with \
      --events for each event; what a spreadsheet would take for a formula gets an apostrophe before it.

      Example:
        callbackctl export --since 30d --format csv > callbacks.csv
        callbackctl export --since 2026-11-01 --format json > november.json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, json
  }

  @Option(
    help: ArgumentHelp("Those that came in since: a span such as 30d, or a date.", valueName: "time"),
    transform: Self.moment)
  var since: Date

  @Option(
    help: ArgumentHelp("Those that came in before. (default: now)", valueName: "time"), transform: Self.moment)
  var until: Date?

  @Option(help: "csv or json.")
  var format: Format?

  @Flag(help: "As CSV: a line for each event.")
  var events = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let until, until <= since { throw ValidationError("--until is not after --since: nothing came in between.") }
    if events, isJSON { throw ValidationError("JSON has the events with each callback: leave out --events.") }
    if global.json, format == .csv { throw ValidationError("Leave out --json, or --format csv.") }
  }

  private var isJSON: Bool { format == .json || global.json }

  func run() throws {
    let isForPeople = isatty(STDOUT_FILENO) == 1
    try global.ask { client throws(ControlError) in
      var query = ControlCall.ExportQuery(since: since, until: until)
      // Before anything is written: it may be refused.
      var page = try client.export(query)
      write(isJSON ? "" : ExportTable.heading(events ? ExportTable.eventColumns : ExportTable.callbackColumns), false)
      var separator = "["
      while true {
        for detail in page.callbacks {
          if isJSON {
            write(separator + "\n" + Self.json(detail), isForPeople)
            separator = ","
          } else if events {
            for event in detail.events { write(ExportTable.line(event, of: detail.callback.id), isForPeople) }
          } else {
            write(ExportTable.line(detail), isForPeople)
          }
        }
        guard let next = page.next else { break }
        // Page by page: there may be more than fit in memory.
        query.after = next
        page = try client.export(query)
      }
      if isJSON { write(separator == "[" ? "[]\n" : "\n]\n", false) }
    }
  }

  /// To a file or pipe as it is, to a terminal harmless.
  private func write(_ text: String, _ isForPeople: Bool) {
    if isForPeople {
      print(text.harmlessLines(width: nil).joined(separator: "\n"), terminator: "")
    } else {
      print(text, terminator: "")
    }
  }

  private static func json(_ detail: CallbackDetail) -> String {
    do {
      return String(decoding: try ControlCoding.encode(detail), as: UTF8.self)
    } catch {
      preconditionFailure("a callback could not be encoded: \(error)")
    }
  }

  @Sendable private static func moment(_ text: String) throws -> Date {
    guard let moment = WallClock.local.moment(text) else {
      throw ValidationError("Write a span such as 90m or 7d, or a date: 2026-11-23, \"2026-11-23 14:00\".")
    }
    return moment
  }
}
