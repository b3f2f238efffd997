import ArgumentParser

struct Note: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Add words to a callback's history.",
    discussion: """
      Example:
        callbackctl note 12 "her daughter will pick up"
      """)

  @OptionGroup var options: ActOptions

  @Argument(help: "The words.")
  var text: String

  func run() throws {
    try options.act(.note(text))
  }
}
