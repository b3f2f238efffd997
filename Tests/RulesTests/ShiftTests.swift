import CallbackRules
import Foundation
import Testing

/// Who has a callback for a rotation has it until the end of the shift.
@Suite("Shifts")
struct ShiftTests {
  /// Chen until 14:20, then Lee, by turns of a day.
  private var office: TestOffice {
    var office = TestOffice()
    office.rotations = [
      Rotation(id: "oncall", members: ["chen", "lee"], starts: civil(2026, 11, 22, 14, 20), every: TimeSpan(days: 1))
    ]
    return office
  }

  private func owned(to: String = "oncall", by person: String = "chen") throws -> Walk {
    var walk = Walk(office, urgentMessage(to: to))
    try walk.apply(.acknowledge(take: false), by: person, at: "14:05")
    return walk
  }

  @Test("at its end the next one is told, and must acknowledge")
  func handsOver() throws {
    var walk = try owned()
    #expect(walk.callback.ownedFor == "oncall")
    #expect(walk.callback.wakeAt == at("14:20"))
    walk.run(until: "14:20")
    #expect(walk.callback.owner == nil)
    #expect(walk.lines.last == "14:20 lee hand-off")
    #expect(walk.callback.ownBy == at("14:30"))
    walk.run(until: "14:25")
    // The finish clock of the first acknowledgement goes on.
    #expect(walk.history.contains(.notFinished))
  }

  @Test("who has it by name keeps it")
  func byName() throws {
    var walk = try owned(to: "Dr. Chen")
    #expect(walk.callback.ownedFor == nil)
    walk.run(until: "14:20")
    #expect(walk.callback.owner == "chen")
  }

  @Test("who came by keeps it")
  func cameBy() throws {
    var walk = try owned(by: "manager")
    walk.run(until: "14:21")
    #expect(walk.callback.owner == "manager")
  }

  @Test("who was told by a step as the one on call has it for the rotation")
  func byStep() throws {
    var office = office
    office.urgent.steps = [Policy.Step(after: -minutes(25), notify: ["oncall"])]
    var walk = Walk(office)
    walk.run(until: "14:05")
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:06")
    walk.run(until: "14:20")
    #expect(walk.callback.owner == nil)
    #expect(walk.lines.suffix(2) == ["14:20 lee hand-off", "14:20 rivera assigned"])
  }

  @Test("a hand-off tells those who come on of what is open, and takes it from who is off, in one notice")
  func handOff() throws {
    let walk = try owned()
    let transition = office.rules.handOff(
      HandOff(rotation: "oncall", incoming: ["lee"]), of: walk.callback, at: at("14:20"))
    #expect(transition.callback.owner == nil)
    #expect(transition.notices == [Notice(person: "lee", reason: .handOff)])
  }

  @Test("a reload that takes the owner off the rotation hands over at once")
  func reload() throws {
    var walk = try owned()
    var office = office
    office.rotations[0].overrides = [
      Rotation.Override(from: civil(2026, 11, 23, 14), until: civil(2026, 11, 23, 15), person: "okafor")
    ]
    walk.reload(office, at: "14:07")
    #expect(walk.lines.last == "14:07 okafor hand-off")
  }
}
