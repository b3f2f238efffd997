import Foundation
import Simulation

/// Which seeds are still to be run, and what came of the others. Shared by the threads that run them, under a lock.
final class Tally: @unchecked Sendable {
  private let condition = NSCondition()
  private var next: UInt64
  private let end: UInt64
  private let mostViolations: Int
  private var figures = Figures()
  private var working = 0
  private var failure: String?
  private let start = Date()

  init(first: UInt64, seeds: Int, mostViolations: Int) {
    next = first
    end = first + UInt64(seeds)
    self.mostViolations = mostViolations
  }

  var isBroken: Bool { condition.withLock { figures.violations > 0 || failure != nil } }

  /// Runs seeds until none is left.
  func work(_ simulation: Simulation) {
    while let seed = take() {
      do {
        let outcome = try simulation.run(seed: seed)
        condition.withLock { add(outcome) }
      } catch {
        condition.withLock { failure = "Seed \(seed) could not be simulated: \(error)" }
      }
    }
    condition.withLock {
      working += 1
      condition.broadcast()
    }
  }

  private func take() -> UInt64? {
    condition.withLock {
      guard next < end, failure == nil, figures.violations < mostViolations else { return nil }
      defer { next += 1 }
      return next
    }
  }

  private func add(_ outcome: Outcome) {
    figures.add(outcome.figures)
    guard let violation = outcome.violation else { return }
    print("\nseed \(outcome.seed)\n\(violation)\nagain: make simulate FROM=\(outcome.seed) SEEDS=1\n")
  }

  /// Says every few seconds how far it is, until all workers have ended.
  func watch(workers: Int) {
    condition.withLock {
      while working < workers {
        guard !condition.wait(until: Date().addingTimeInterval(5)) else { continue }
        print(progress)
        fflush(nil)  // Also where it goes into a file.
      }
    }
  }

  private var progress: String {
    let seconds = max(Date().timeIntervalSince(start), 0.001)
    let rate = Double(figures.seeds) / seconds
    return "\(figures.seeds) seeds, \(rate.rounded()) a second, \(figures.simulatedYears.rounded()) years"
  }

  func printFigures() {
    condition.withLock {
      print(progress)
      print("messages \(figures.messages), callbacks \(figures.callbacks), notices \(figures.notices)")
      print("hand-overs \(figures.handOvers), commands \(figures.commands)")
      for fault in Fault.allCases { print("  \(fault.name): \(figures.faults[fault.rawValue])") }
      print("violations: \(figures.violations)")
      if let failure { print(failure) }
    }
  }
}
