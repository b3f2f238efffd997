import CallbackRules
import Foundation
import Testing

/// Who is on call when, also where clocks change.
@Suite("Rotation")
struct RotationTests {
  private let weekly = Rotation(
    id: "oncall", members: ["a", "b", "c"], starts: civil(2026, 11, 2, 8), every: TimeSpan(days: 7),
    overrides: [Rotation.Override(from: civil(2026, 11, 26, 8), until: civil(2026, 11, 27, 8), person: "d")])

  private func onCall(_ rotation: Rotation, _ time: CivilTime, zone: Zone = .utc) -> String? {
    onCall(rotation, zone.moment(of: time), zone: zone)
  }

  private func onCall(_ rotation: Rotation, _ moment: Date, zone: Zone) -> String? {
    rotation.candidates(at: moment, zone: zone, hours: [:]).first
  }

  @Test("members take turns, each from the hand-off to the next")
  func turns() {
    #expect(onCall(weekly, civil(2026, 11, 2, 8)) == "a")
    #expect(onCall(weekly, civil(2026, 11, 9, 7, 59)) == "a")
    #expect(onCall(weekly, civil(2026, 11, 9, 8)) == "b")
    #expect(onCall(weekly, civil(2026, 11, 16, 8)) == "c")
    #expect(onCall(weekly, civil(2026, 11, 23, 8)) == "a")
  }

  @Test("before it starts, and without members, nobody is on call")
  func nobody() {
    #expect(onCall(weekly, civil(2026, 11, 2, 7, 59)) == nil)
    var empty = weekly
    empty.layers[0].members = []
    #expect(onCall(empty, civil(2026, 11, 3)) == nil)
    empty = weekly
    empty.layers[0].every = TimeSpan()
    #expect(onCall(empty, civil(2026, 11, 3)) == nil)
  }

  @Test("an override holds from its first moment until just before its last; of two the later in the file")
  func overrides() {
    #expect(onCall(weekly, civil(2026, 11, 26, 7, 59)) == "a")
    #expect(onCall(weekly, civil(2026, 11, 26, 8)) == "d")
    #expect(onCall(weekly, civil(2026, 11, 27, 7, 59)) == "d")
    #expect(onCall(weekly, civil(2026, 11, 27, 8)) == "a")
    var twice = weekly
    twice.overrides.append(
      Rotation.Override(from: civil(2026, 11, 26, 12), until: civil(2026, 11, 26, 13), person: "e"))
    #expect(onCall(twice, civil(2026, 11, 26, 12)) == "e")
    #expect(onCall(twice, civil(2026, 11, 26, 13)) == "d")
  }

  @Test("a hand-off at 08:00 stays at 08:00 when clocks change")
  func acrossChange() throws {
    let newYork = try #require(Zone("America/New_York"))
    let daily = Rotation(id: "r", members: ["a", "b"], starts: civil(2026, 10, 31, 8), every: TimeSpan(days: 1))
    #expect(onCall(daily, civil(2026, 11, 1, 7, 59), zone: newYork) == "a")
    #expect(onCall(daily, civil(2026, 11, 1, 8), zone: newYork) == "b")
    #expect(onCall(daily, civil(2026, 11, 2, 8), zone: newYork) == "a")
  }

  @Test("a hand-off in a repeated hour happens once, in a skipped one at the change")
  func inTheChange() throws {
    let newYork = try #require(Zone("America/New_York"))
    var daily = Rotation(id: "r", members: ["a", "b"], starts: civil(2026, 10, 31, 1, 30), every: TimeSpan(days: 1))
    daily.overrides = [Rotation.Override(from: civil(2026, 11, 1, 1), until: civil(2026, 11, 1, 1, 10), person: "d")]
    let first = newYork.moment(of: civil(2026, 11, 1, 1, 0))
    let quarters = (0...8).map { onCall(daily, first.addingTimeInterval(Double($0) * 900), zone: newYork) }
    #expect(quarters == ["d", "a", "b", "b", "b", "b", "b", "b", "b"])

    let spring = Rotation(id: "r", members: ["a", "b"], starts: civil(2026, 3, 7, 2, 30), every: TimeSpan(days: 1))
    let change = newYork.moment(of: civil(2026, 3, 8, 3))
    #expect(onCall(spring, change.addingTimeInterval(-1), zone: newYork) == "a")
    #expect(onCall(spring, change, zone: newYork) == "b")
  }

  @Test("a step tells whoever is on call when it is taken")
  func stepsFollow() {
    var office = TestOffice()
    office.rotations = [
      Rotation(id: "oncall", members: ["chen", "lee"], starts: civil(2026, 11, 22, 14, 40), every: TimeSpan(days: 1))
    ]
    var walk = Walk(office)
    walk.run(until: "14:45")
    #expect(walk.lines.last == "14:45 lee step 1")
  }
}
