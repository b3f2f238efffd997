import CallbackRules
import Foundation
import Testing

/// The history alone says what a callback says of itself.
@Suite("Replay of a history")
struct ReplayTests {
  @Test("over a month of whatever people do, the history says who has it, since when, and how far it has come")
  func month() {
    for seed in 0..<60 {
      var random = SeededGenerator(seed: seed)
      let office = TestOffice.random(using: &random)
      var walk = Walk(office, .random(using: &random), arrival: "14:00")
      var time = at("14:00")
      while time < at("14:00").addingTimeInterval(30 * 86_400) {
        time.addTimeInterval(Double(Int.random(in: 60...100_000, using: &random)))
        walk.run(until: time)
        act(in: &walk, at: time, using: &random)
        let replay = Replay(walk.events)
        #expect(replay == Replay(of: walk.callback), "seed \(seed)")
        guard replay == Replay(of: walk.callback) else { return }
      }
    }
  }

  private func act(in walk: inout Walk, at time: Date, using random: inout SeededGenerator) {
    do {
      let person = random.pick(["rivera", "chen", "lee", "manager"])
      try walk.apply(.random(closing: random.chance(20), using: &random), by: person, at: time)
    } catch {
      // Refused, as people are; nothing happened then.
    }
  }

  @Test("what is reopened is nobody's, and was tried as often as before")
  func reopened() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.attempt(.busy), by: "chen", at: "14:05")
    try walk.apply(.done, by: "chen", at: "14:10")
    #expect(Replay(walk.events).closedBy == "chen")
    try walk.apply(.reopen, by: "rivera", at: "14:20")
    let replay = Replay(walk.events)
    #expect(replay.state == .open)
    #expect(replay.owner == nil)
    #expect(replay.closedBy == nil)
    #expect(replay.attempts == 2)
    #expect(replay.attemptedAt == at("14:05"))
  }
}
