import ArgumentParser

struct Done: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "done",
    abstract: "Say that the patient was reached; closes the callback.",
    discussion: """
      Example:
        callbackctl done 12
      """)

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  @OptionGroup var options: ActOptions

  func run() throws {
    try options.act(.done, note: note)
  }
}
