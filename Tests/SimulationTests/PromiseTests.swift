import Simulation
import Testing

/// The promises, in offices that are simulated; `make simulate` runs more of them.
@Suite("Promises in simulated offices")
struct PromiseTests {
  private static let seeds: UInt64 = 200
  /// Each runs a share of the seeds.
  private static let workers: UInt64 = 2

  @Test("every promise is kept, whatever goes wrong")
  func kept() async throws {
    let outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
      for worker in 1...Self.workers {
        group.addTask {
          try stride(from: worker, through: Self.seeds, by: Int(Self.workers)).map { try Simulation().run(seed: $0) }
        }
      }
      return try await group.reduce([], +)
    }
    for outcome in outcomes {
      if let violation = outcome.violation { Issue.record("seed \(outcome.seed)\n\(violation)") }
    }
    var figures = Figures()
    for outcome in outcomes { figures.add(outcome.figures) }
    #expect(figures.seeds == Int(Self.seeds))
    for fault in Fault.allCases { #expect(figures.faults[fault.rawValue] > 0, "no \(fault.name) in all seeds") }
  }

  @Test("a seed always does the same")
  func sameAgain() throws {
    for seed in [3, 8] as [UInt64] {
      #expect(try Simulation().run(seed: seed).figures == Simulation().run(seed: seed).figures)
    }
  }
}
