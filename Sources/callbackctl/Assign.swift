import ArgumentParser

struct Assign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assign",
    abstract: "Have somebody else owe the call; until that one acknowledges, nobody has it.",
    discussion: """
      Example:
        callbackctl assign 12 chen --note "knows the patient"
      """)

  @OptionGroup var options: ActOptions

  @Argument(help: "A person, team or rotation, as a message would name it.", completion: Completions.recipients)
  var person: String

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  func run() throws {
    try options.act(.assign(to: person), note: note)
  }
}
