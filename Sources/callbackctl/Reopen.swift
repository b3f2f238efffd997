import ArgumentParser

struct Reopen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reopen",
    abstract: "Open a closed callback again, with the deadline it had.",
    discussion: """
      Example:
        callbackctl reopen 12 --note "that was the wrong patient"
      """)

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  @OptionGroup var options: ActOptions

  func run() throws {
    try options.act(.reopen, note: note)
  }
}
