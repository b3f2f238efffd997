import ArgumentParser

struct Acknowledge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Say that you have it and will ring back.",
    discussion: """
      Example:
        callbackctl ack 12 --note "ringing after rounds"
      """)

  @Flag(help: "Also from the one who has it.")
  var take = false

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  @OptionGroup var options: ActOptions

  func run() throws {
    try options.act(.acknowledge(take: take), note: note)
  }
}
