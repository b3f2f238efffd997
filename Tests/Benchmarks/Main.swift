import ArgumentParser
import Foundation

/// Benchmarks: measures the real callbackd from outside, as its users meet it.
///
/// Starts the callbackd that was built beside it in a directory of its own, and prints each figure with its goal, and with what
/// the machine itself can do at that moment, so that figures of different machines can be compared. A goal that is missed is said
/// in words; only what could not be measured ends it with another status than 0.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks", abstract: "Measures callbackd: receipts, deadlines, a backlog.")

  enum Figure: String, CaseIterable, ExpressibleByArgument {
    case receipts, deadlines, backlog
  }

  @Argument(help: "What to measure.")
  var figures: [Figure] = Figure.allCases

  @Option(help: "Where to work: on the disk that the spool and the state will be on.")
  var dir = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"

  @Option(help: "The callbackd to measure (default: the one beside this program).")
  var daemon: String?

  @Option(help: "What it was built of, for the heading.")
  var commit = "unknown"

  @Flag(help: "One run, with fewer files.")
  var quick = false

  @Flag(help: "Have a backlog's files written back to the disk before it is measured; removing those costs far more.")
  var synced = false

  func run() throws {
    let daemon = try daemon ?? Self.callbackdBesideThis()
    try Scratch.use(in: dir) { directory in
      Machine(directory: directory).printHeading(commit: commit, daemon: daemon)
      try measure(Bench(daemon: daemon, directory: directory), quick ? .quick : .full)
      print("\nload at the end: \(Machine.load)")
    }
  }

  private func measure(_ bench: Bench, _ scale: Scale) throws {
    for figure in figures {
      fflush(nil)  // What is known so far, also where it goes into a file.
      switch figure {
      case .receipts: try ReceiptLatency(bench: bench, files: scale.receiptFiles).measure()
      case .deadlines: try DeadlineLateness(bench: bench, scale: scale).measure()
      case .backlog:
        for receipts in [false, true] {
          try Backlog(bench: bench, files: scale.backlogFiles, runs: scale.runs, receipts: receipts, synced: synced)
            .measure()
        }
      }
    }
  }

  private static func callbackdBesideThis() throws -> String {
    let this = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(fileURLWithPath: this).deletingLastPathComponent().appendingPathComponent("callbackd").path
    guard access(path, X_OK) == 0 else {
      throw CannotMeasure("\(path) is not there; build it (make release), or name one with --daemon.")
    }
    return path
  }
}

/// What every figure needs.
struct Bench {
  /// The path of callbackd.
  var daemon: String
  /// Where workplaces are made.
  var directory: String
}

/// How much is measured.
struct Scale {
  var receiptFiles: Int
  var deadlines: Int
  var deadlineSeconds: Int
  var backlogFiles: Int
  var runs: Int

  static let full = Scale(receiptFiles: 500, deadlines: 100, deadlineSeconds: 10, backlogFiles: 20_000, runs: 3)
  static let quick = Scale(receiptFiles: 100, deadlines: 20, deadlineSeconds: 4, backlogFiles: 5_000, runs: 1)
}
