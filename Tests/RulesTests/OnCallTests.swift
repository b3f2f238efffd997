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

  @Test("a layer with nobody in it hides no change in the layers below")
  func emptyLayer() {
    var scene = scene
    scene.rotations[0].layers[1].members = []
    scene.rotations[0].layers[0].every = TimeSpan(days: 1)
    #expect(
      shifts(scene, until: "48:00") == [
        "23 00:00 to 23 08:00: chen", "23 08:00 to 24 08:00: rivera", "24 08:00 to 24 10:00: manager",
        "24 10:00 to 25 00:00: chen",
      ])
    #expect(scene.office.shiftEnd(of: "rivera", in: "oncall", from: at("12:00")) == at("32:00"))
  }

  @Test("a shift goes as far as the same people do, whatever turns change behind them")
  func shift() {
    var scene = scene
    scene.rotations[0].layers[1].members = ["lee", "sub"]
    scene.people.append(Person(id: "sub", name: "Sub", active: false, instead: "lee"))
    let office = scene.office
    #expect(line(office.shift(in: "oncall", at: at("9:00"))) == "23 08:00 to 23 12:00: rivera")
    #expect(line(office.shift(in: "oncall", at: at("32:00"))) == "24 08:00 to 24 10:00: manager")
    let long = office.shift(in: "oncall", at: at("35:00"))
    #expect((long.member, long.people) == ("lee", ["lee"]))
    #expect(long.from == at("34:00"))
    #expect(long.until == at("35:00") + Office.longestShift)
    let unknown = office.shift(in: "nobody", at: at("9:00"))
    #expect(unknown.isGap && unknown.until == at("9:00") + Office.longestShift)
  }

  @Test("the next hand-off is the first change of people in any rotation, and says who came on")
  func handOffs() {
    var scene = scene
    scene.rotations.append(
      Rotation(id: "nights", members: ["chen", "lee"], starts: civil(2026, 11, 23, 11), every: TimeSpan(days: 1)))
    let office = scene.office
    #expect(office.nextHandOff(after: at("0:00")) == at("8:00"))
    #expect(office.nextHandOff(after: at("8:00")) == at("11:00"))
    #expect(office.nextHandOff(after: at("11:00")) == at("12:00"))
    #expect(office.handOffs(after: at("7:59"), upTo: at("8:00")) == [HandOff(rotation: "oncall", incoming: ["rivera"])])
    #expect(
      office.handOffs(after: at("8:00"), upTo: at("36:00")) == [
        HandOff(rotation: "nights", incoming: ["lee"]), HandOff(rotation: "oncall", incoming: ["okafor"]),
      ])
    #expect(office.handOffs(after: at("9:00"), upTo: at("10:00")).isEmpty)
    scene.rotations = [
      Rotation(id: "one", members: ["chen"], starts: civil(2026, 11, 2), every: TimeSpan(seconds: 900))
    ]
    #expect(scene.office.nextHandOff(after: at("0:00")) == nil)
    #expect(scene.office.nextHandOff(after: at("0:00") - 30 * 86_400) == Zone.utc.moment(of: civil(2026, 11, 2)))
  }

  @Test("somebody's shift ends with the first moment without them, looked for sixty days ahead")
  func shiftEnd() {
    let office = scene.office
    #expect(office.isOnCall("rivera", in: "oncall", at: at("9:00")))
    #expect(!office.isOnCall("rivera", in: "oncall", at: at("12:00")))
    #expect(office.shiftEnd(of: "rivera", in: "oncall", from: at("9:00")) == at("12:00"))
    #expect(office.shiftEnd(of: "rivera", in: "oncall", from: at("13:00")) == at("13:00"))
    #expect(office.shiftEnd(of: "rivera", in: "nobody", from: at("9:00")) == nil)
    let always = TestOffice().office
    #expect(always.shiftEnd(of: "chen", in: "oncall", from: at("9:00")) == at("9:00") + 60 * 86_400)
  }

  @Test("hours open and close a layer in the site's zone, on closed days not at all")
  func hours() throws {
    var scene = scene
    scene.zone = try #require(Zone("America/New_York"))
    scene.hours = [
      OfficeHours(
        name: "office", spans: [.init(weekdays: Set(1...5), opensMinute: 480, closesMinute: 1020)],
        closedDays: [civil(2026, 11, 26)])
    ]
    scene.rotations = [
      Rotation(
        id: "oncall",
        layers: [
          Rotation.Layer(members: ["chen"], starts: civil(2026, 11, 2), every: TimeSpan(days: 7)),
          Rotation.Layer(members: ["nurses"], starts: civil(2026, 11, 2), every: TimeSpan(days: 7), hours: "office"),
        ])
    ]
    #expect(
      shifts(scene, from: "0:00", until: "116:00") == [
        "23 00:00 to 23 13:00: chen", "23 13:00 to 23 22:00: nurses lee okafor", "23 22:00 to 24 13:00: chen",
        "24 13:00 to 24 22:00: nurses lee okafor", "24 22:00 to 25 13:00: chen",
        "25 13:00 to 25 22:00: nurses lee okafor", "25 22:00 to 27 13:00: chen",
        "27 13:00 to 27 20:00: nurses lee okafor",
      ])
  }

  @Test("rotations inside teams inside rotations are followed, and their changes are changes")
  func nested() {
    var scene = scene
    scene.rotations.append(
      Rotation(id: "outer", members: ["all"], starts: civil(2026, 11, 2), every: TimeSpan(days: 7)))
    scene.teams.append(Team(id: "all", members: ["oncall", "okafor"]))
    let office = scene.office
    #expect(office.shift(in: "outer", at: at("9:00")).people == ["rivera", "okafor"])
    #expect(office.shift(in: "outer", at: at("9:00")).until == at("12:00"))
    #expect(office.rotationsLeading(toRecipient: "all") == ["oncall"])
    #expect(office.rotationsLeading(toRecipient: "outer") == ["outer"])
    #expect(office.rotationsLeading(toRecipient: "chen").isEmpty)
  }

  @Test("circles and rotations with nothing in them come to an end")
  func circles() {
    var scene = scene
    scene.teams.append(Team(id: "all", members: ["oncall", "all"]))
    scene.rotations[0].layers[1].members = ["all"]
    #expect(scene.office.shift(in: "oncall", at: at("13:00")).people == ["rivera"])
    scene.rotations = [Rotation(id: "oncall", layers: [])]
    #expect(scene.office.gaps(from: at("0:00"), until: at("1:00")).map(line) == ["23 00:00 to 23 01:00: nobody"])
    #expect(scene.office.nextHandOff(after: at("0:00")) == nil)
  }

  @Test("through a year every shift is what a step would be told just before, at and after each hand-off")
  func agreement() throws {
    var cases = RandomRotations()
    for number in 0..<12 {
      let (office, now) = cases.make(number)
      let (start, end) = (now, now + 365 * 86_400)
      let shifts = office.shifts(in: "r", from: start, until: end)
      #expect(shifts.first?.from == start && shifts.last?.until == end)
      for (shift, next) in zip(shifts, shifts.dropFirst()) {
        #expect(shift.until == next.from)
        #expect(Set(shift.people) != Set(next.people), "case \(number) at \(next.from)")
      }
      for shift in shifts {
        let middle = shift.from + shift.until.timeIntervalSince(shift.from) / 2
        for moment in [shift.from, shift.from + 1, middle, shift.until - 1] {
          let told = Set(office.people(for: "r", at: moment).map(\.id))
          #expect(told == Set(shift.people), "case \(number) at \(moment)")
        }
      }
    }
  }

  @Test("the next hand-off of ten weekly rotations is found in well under a millisecond")
  func quick() {
    var scene = scene
    scene.rotations = (0..<10).map { number in
      Rotation(
        id: "r\(number)", members: ["rivera", "chen", "lee"], starts: civil(2020, 1, 6 + number, 8),
        every: TimeSpan(days: 7))
    }
    let office = scene.office
    var next = at("0:00")
    let time = ContinuousClock().measure { for _ in 0..<100 { next = office.nextHandOff(after: next) ?? next } }
    #expect(next > at("0:00") + 70 * 86_400)
    #expect(time / 100 < .milliseconds(5), "\(time / 100)")
  }
}
