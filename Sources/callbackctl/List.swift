import ArgumentParser
import CallbackControl
import CallbackRules
import Foundation

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List callbacks, most urgent first.",
    discussion: """
      Example:
        callbackctl list --overdue --for oncall
        callbackctl list --closed --since 7d --json
      """)

  @Flag(help: "Only those past their deadline.")
  var overdue = false

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Only those that this person, team or rotation has or owes, a person's team and turn on call included.",
      valueName: "person"), completion: Completions.recipients)
  var forPerson: String?

  @Option(help: "Only those of this account.", completion: Completions.accounts)
  var account: String?

  @Flag(help: "The closed ones, the latest first.")
  var closed = false

  @Option(
    help: ArgumentHelp(
      "Only those taken since; with --closed: closed since. A span such as 7d, or a date: 2026-11-23, \"2026-11-23 14:00\".",
      valueName: "time"),
    transform: Self.moment)
  var since: Date?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    var query = ControlCall.ListQuery()
    query.overdue = overdue
    query.forPerson = forPerson
    query.account = account
    query.closed = closed
    query.since = since
    if global.json {
      try printAll(query)
    } else {
      try printTable(query)
    }
  }

  /// Prints every row, a line each, page by page: there may be more than fit in memory.
  private func printAll(_ first: ControlCall.ListQuery) throws {
    try global.ask { client throws(ControlError) in
      var query = first
      var separator = "["
      repeat {
        let page = try client.list(query)
        for row in page.callbacks {
          print(separator, terminator: "\n")
          print(Self.line(row), terminator: "")
          separator = ","
        }
        query.after = page.next
      } while query.after != nil
      print(separator == "[" ? "[]" : "\n]")
    }
  }

  private static func line(_ row: CallbackRow) -> String {
    do {
      return String(decoding: try ControlCoding.encode(row), as: UTF8.self)
    } catch {
      preconditionFailure("a row could not be encoded: \(error)")
    }
  }

  /// More than anybody reads, and few enough to be there at once.
  private static let tableRows = 100

  private func printTable(_ query: ControlCall.ListQuery) throws {
    var query = query
    query.limit = Self.tableRows
    let page = try global.ask { client throws(ControlError) in try client.list(query) }
    guard !page.callbacks.isEmpty else {
      let narrowed = overdue || forPerson != nil || account != nil || since != nil
      return print("No \(closed ? "closed" : "open") callbacks\(narrowed ? " of these" : "").")
    }
    let table = CallbackTable(rows: page.callbacks, names: page.names, clock: .local).table(width: Terminal.width)
    print(table.rendered(width: Terminal.width, colour: Terminal.hasColour), terminator: "")
    if page.next != nil {
      Terminal.complain("These are the first \(page.callbacks.count); narrow the list, or use --json for all.")
    }
  }

  @Sendable private static func moment(_ text: String) throws -> Date {
    guard let moment = WallClock.local.moment(text) else {
      throw ValidationError("Write a span such as 90m or 7d, or a date: 2026-11-23, \"2026-11-23 14:00\".")
    }
    return moment
  }
}
