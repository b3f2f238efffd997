import ArgumentParser

struct Close: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Close a callback without having reached the patient.",
    discussion: """
      Example:
        callbackctl close 12 --reason "seen in the emergency department"
      """)

  @Option(help: ArgumentHelp("Why nobody need ring any more.", valueName: "text"))
  var reason: String

  @OptionGroup var options: ActOptions

  func run() throws {
    try options.act(.close(reason: reason))
  }
}
