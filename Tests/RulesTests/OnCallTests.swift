import CallbackRules
import Foundation
import Testing

/// Who is on call, since when and until when, through layers, overrides, teams and people who have left.
@Suite("On call")
struct OnCallTests {
  private var scene: TestOffice = {
    var scene = TestOffice()
    scene.rotations = [
      Rotation(
        id: "oncall",
        layers: [
          Rotation.Layer(members: ["rivera", "chen"], starts: civil(2026, 11, 9, 8), every: TimeSpan(days: 7)),
          Rotation.Layer(members: ["lee", "okafor"], starts: civil(2026, 11, 23, 12), every: TimeSpan(days: 1)),
        ],
        overrides: [.init(from: civil(2026, 11, 24, 8), until: civil(2026, 11, 24, 10), person: "manager")])
    ]
    return scene
  }()

  /// `23 08:00 to 24 12:00: chen`, or `nurses: lee okafor` for a team; days of November 2026.
  private func line(_ shift: Shift) -> String {
    func text(_ moment: Date) -> String {
      let time = Zone.utc.civilTime(at: moment)
      return "\(time.day) \(time.clockText)"
    }
    let who = shift.people == [shift.member] ? [] : shift.people
    return "\(text(shift.from)) to \(text(shift.until)): " + ([shift.member ?? "nobody"] + who).joined(separator: " ")
  }

  private func shifts(_ scene: TestOffice, from: String = "0:00", until: String) -> [String] {
    scene.office.shifts(in: "oncall", from: at(from), until: at(until)).map(line)
  }

  @Test("a later layer stands above from its start, an override above all")
  func layers() {
    #expect(
      shifts(scene, until: "48:00") == [
        "23 00:00 to 23 08:00: chen", "23 08:00 to 23 12:00: rivera", "23 12:00 to 24 08:00: lee",
        "24 08:00 to 24 10:00: manager", "24 10:00 to 24 12:00: lee", "24 12:00 to 25 00:00: okafor",
      ])
  }

  @Test("where a member can't be told the layer below is asked, and at the bottom nobody")
  func passedOver() {
    var scene = scene
    scene.change("lee", "manager", "chen") { $0.active = false }
    #expect(
      shifts(scene, until: "48:00") == [
        "23 00:00 to 23 08:00: nobody", "23 08:00 to 24 12:00: rivera", "24 12:00 to 25 00:00: okafor",
      ])
    #expect(scene.office.gaps(from: at("6:00"), until: at("96:00")).map(line) == ["23 06:00 to 23 08:00: nobody"])
  }
}
