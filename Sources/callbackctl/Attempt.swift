import ArgumentParser
import CallbackConfiguration
import CallbackRules

struct Attempt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attempt",
    abstract: "Say what came of one try to reach the patient.",
    discussion: """
      Example:
        callbackctl attempt 12 no-answer
      """)

  @OptionGroup var options: ActOptions

  @Argument(
    help: "reached, no-answer, busy, voicemail, wrong-number or declined.",
    completion: .list(AttemptOutcome.allCases.map(\.rawValue)), transform: Self.outcome)
  var outcome: AttemptOutcome

  @Option(help: ArgumentHelp("Words for the history.", valueName: "text"))
  var note: String?

  func run() throws {
    try options.act(.attempt(outcome), note: note)
  }

  @Sendable private static func outcome(_ word: String) throws -> AttemptOutcome {
    if let outcome = AttemptOutcome(rawValue: word.lowercased()) { return outcome }
    let words = AttemptOutcome.allCases.map(\.rawValue)
    if let near = nearest(to: word, among: words) { throw ValidationError("Did you mean \(near)?") }
    throw ValidationError("It is one of \(words.joined(separator: ", ")).")
  }
}
