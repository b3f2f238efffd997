import CallbackRules
import Simulation
import Testing

/// The simulation can fail: rules with a flaw break a promise before long.
@Suite("What the simulation notices")
struct FlawTests {
  private static let mostSeeds: UInt64 = 60

  @Test("rules with a flaw are caught", arguments: Flaw.allCases)
  func caught(_ flaw: Flaw) throws {
    let simulation = Simulation { FlawedRules(flaw, office: $0) }
    for seed in 1...Self.mostSeeds {
      guard let violation = try simulation.run(seed: seed).violation else { continue }
      print("\(flaw.rawValue): seed \(seed), \(violation.promise)")
      return
    }
    Issue.record("\(flaw.rawValue) was not noticed in \(Self.mostSeeds) seeds")
  }
}
