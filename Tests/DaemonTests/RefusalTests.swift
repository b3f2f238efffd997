import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("What a person who was refused reads")
struct RefusalTests {
  @Test("names the zone of its times where the machine has another, in which a terminal shows all others")
  func zone() throws {
    let zone = try #require(Zone("America/New_York"))
    let refusal = Refusal.ownedByAnother("Dr. Chen", since: StagesScene.now)
    #expect(
      refusal.sentence(zone: zone, machine: "America/New_York")
        == "Dr. Chen has it since 14:20 on 2026-11-23; use --take to take it over.")
    #expect(
      refusal.sentence(zone: zone, machine: "Etc/UTC")
        == "Dr. Chen has it since 14:20 on 2026-11-23 America/New_York; use --take to take it over.")
  }
}
