import ArgumentParser
import Foundation

/// Benchmarks: measures the real callbackd from outside, as its users meet it.
///
/// Starts the callbackd that was built beside it in a directory of its own, and prints each figure with its goal, and with what
/// a peer or the machine itself does in the same run, so that figures of different machines can be compared. A goal that is missed
/// is said in words; only what could not be measured ends it with another status than 0.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks", abstract: "Measures callbackd beside what the machine and its peers can do.")

  enum Figure: String, CaseIterable, ExpressibleByArgument {
    case receipts, deadlines, second, backlog, shell, empty, open, notices, growth, sizes
  }

  @Argument(help: "What to measure.")
  var figures: [Figure] = Figure.allCases

  @Option(help: "Where to work: on the disk that the spool and the state will be on.")
  var dir = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"

  @Option(help: "The callbackd to measure (default: the one beside this program).")
  var daemon: String?

  @Option(help: "What it was built of, for the heading.")
  var commit = "unknown"

  @Option(help: "A folder with performance.md, which gets the figures, and performance.svg.")
  var write: String?

  @Option(help: "The folder of the programs that callbackd is compared with.")
  var peers = "Tests/Benchmarks/Peers"

  @Flag(help: "One run, with less of everything.")
  var quick = false

  @Flag(help: "Have a backlog's files written back to the disk before it is measured; removing those costs far more.")
  var synced = false

  func run() throws {
    let findings = Findings()
    let folder = try Self.folderOfThis()
    let peers = URL(fileURLWithPath: peers).path
    try Scratch.use(in: dir) { directory in
      let bench = Bench(
        daemon: daemon ?? folder + "/callbackd", control: folder + "/callbackctl", limit: folder + "/BacklogLimit",
        peers: peers, directory: directory, findings: findings)
      for program in [bench.daemon, bench.control, bench.limit] where access(program, X_OK) != 0 {
        throw CannotMeasure("\(program) is not there; build it: make bench")
      }
      var heading = Machine(directory: directory).heading(commit: commit, isQuick: quick)
      print(heading.joined(separator: "\n"))
      try measure(bench, quick ? .quick : .full)
      heading.append("load at the end: \(Machine.load)")
      print("\n\(heading[heading.count - 1])")
      if let write { try PerformancePage(folder: write, heading: heading, findings: findings.all).write() }
    }
  }

  private func measure(_ bench: Bench, _ scale: Scale) throws {
    for figure in figures {
      switch figure {
      case .receipts: try ReceiptLatency(bench: bench, files: scale.receiptFiles).measure()
      case .deadlines:
        for open in [0, scale.open] { try DeadlineLateness(bench: bench, scale: scale, open: open).measure() }
      case .second: try SameSecond(bench: bench, deadlines: scale.sameSecond).measure()
      case .backlog:
        for (files, receipts) in scale.backlogs.flatMap({ files in [false, true].map { (files, $0) } }) {
          try Backlog(bench: bench, files: files, runs: scale.runs, receipts: receipts, synced: synced).measure()
        }
      case .shell: try ShellLoop(bench: bench, files: scale.shellFiles).measure()
      case .empty:
        try ManyOpen(bench: bench, open: 0, runs: scale.runs, idleSeconds: 0).measure()
      case .open:
        try ManyOpen(bench: bench, open: scale.open, runs: scale.runs, idleSeconds: scale.idleSeconds).measure()
      case .notices: try ManyNotices(bench: bench, people: scale.people, runs: scale.runs).measure()
      case .growth: try Growth(bench: bench, sizes: scale.growth, count: scale.growthCount).measure()
      case .sizes: try Sizes(bench: bench).measure()
      }
    }
  }

  private static func folderOfThis() throws -> String {
    let this = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: this).deletingLastPathComponent().path
  }
}

/// What every figure needs.
struct Bench {
  /// The path of callbackd.
  var daemon: String
  /// The path of callbackctl.
  var control: String
  /// The path of the limit program.
  var limit: String
  /// Where the programs are that callbackd is compared with.
  var peers: String
  /// Where workplaces are made.
  var directory: String
  var findings: Findings
}

/// How much is measured.
struct Scale {
  var receiptFiles: Int
  /// Deadlines that pass alone in their second, and seconds in which ten pass.
  var lone: Int
  var tens: Int
  var backlogs: [Int]
  var runs: Int
  var sameSecond: Int
  var open: Int
  var idleSeconds: Int
  var shellFiles: Int
  var people: Int
  var growth: [Int]
  var growthCount: Int

  static let full = Scale(
    receiptFiles: 500, lone: 100, tens: 10, backlogs: [20_000, 200_000], runs: 5, sameSecond: 10_000,
    open: 1_000_000, idleSeconds: 600, shellFiles: 20_000, people: 1000, growth: [10_000, 100_000, 1_000_000],
    growthCount: 10_000)
  static let quick = Scale(
    receiptFiles: 100, lone: 10, tens: 2, backlogs: [10_000], runs: 1, sameSecond: 10_000,
    open: 100_000, idleSeconds: 10, shellFiles: 5000, people: 200, growth: [1000, 10_000], growthCount: 5000)
}
