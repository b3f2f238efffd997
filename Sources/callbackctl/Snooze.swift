import ArgumentParser
import CallbackRules

struct Snooze: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snooze",
    abstract: "Not now: be left alone for a while with what you have.",
    discussion: """
      Example:
        callbackctl snooze 12 10m

      The deadline stays. A snooze past it tells those of the last step.
      """)

  @OptionGroup var options: ActOptions

  @Argument(help: "For how long, such as 10m or 1h30m; at most what the policy allows.", transform: Self.span)
  var span: TimeSpan

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  func run() throws {
    try options.act(.snooze(span), note: note)
  }

  @Sendable private static func span(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else { throw ValidationError("A span is a number and its unit: 90s, 10m, 1h30m.") }
    return span
  }
}
