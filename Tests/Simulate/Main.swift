import ArgumentParser
import Foundation
import Simulation

/// Runs many seeds, on all cores, and says what came of them.
@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulates offices, seed by seed, until a promise is broken.")

  @Option(help: "How many seeds.")
  var seeds = 1000

  @Option(help: "The first seed.")
  var from: UInt64 = 1

  @Option(help: "How many lines of what happened a violation has.")
  var trace = 60

  @Option(help: "How many violations to print before it ends.")
  var violations = 1

  func run() throws {
    let tally = Tally(first: from, seeds: seeds, mostViolations: violations)
    let threads = (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
      let thread = Thread { [trace] in tally.work(Simulation(traceLength: trace)) }
      thread.stackSize = 8 << 20
      return thread
    }
    for thread in threads { thread.start() }
    tally.watch(workers: threads.count)
    tally.printFigures()
    if tally.isBroken { throw ExitCode.failure }
  }
}
