import ArgumentParser
import CallbackControl

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Show the open callbacks as they change, and work them with single keys.",
    discussion: """
      Example:
        callbackctl watch
        callbackctl watch --for oncall --as rivera

      Press ? for the keys, q to quit. With --json it needs no terminal: it prints a line for each reply of the daemon, the \
      first with those that are open, the others with what has changed, until the daemon hangs up.
      """)

  @Flag(help: "Only those past their deadline.")
  var overdue = false

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Only those that this person, team or rotation has or owes.", valueName: "person"),
    completion: Completions.recipients)
  var forPerson: String?

  @Option(help: "Only those of this account.", completion: Completions.accounts)
  var account: String?

  @Option(
    name: .customLong("as"), help: ArgumentHelp("Act as this person.", valueName: "person"),
    completion: Completions.people)
  var asPerson: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if global.json, asPerson != nil { throw ValidationError("With --json nothing is done: leave out --as.") }
  }

  func run() throws {
    var query = ControlCall.WatchQuery()
    (query.overdue, query.forPerson, query.account) = (overdue, forPerson, account)
    let path = try global.places.controlSocket()
    if global.json { return try ChangeLines(path: path, query: query).print() }
    var session = try BoardSession(path: path, query: query, asPerson: asPerson)
    try session.run()
  }
}
