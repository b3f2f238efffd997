import CallbackRules
import Foundation
import Testing

/// Random rotations, with layers, hours, overrides and people who have left, against another way of counting:
/// Fixtures/rotations.py makes the same cases from the same numbers and writes what should come out.
@Suite("Rotations by another count")
struct RotationTableTests {
  private static let window = 3 * 1440

  @Test("who is on call, since when and until when, is what Python with zoneinfo says, ten thousand times")
  func table() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/rotations.txt")
    let results = try String(contentsOf: file, encoding: .utf8).split { $0 == "," || $0.isNewline }
    try #require(results.count == 10_000)
    var cases = RandomRotations()
    for (number, expected) in results.enumerated() {
      let (office, now) = cases.make(number)
      let shift = office.shift(in: "r", at: now, reach: Double(Self.window + 1) * 60)
      let told = shift.people.compactMap { Int($0) }.reduce(0) { $0 + 1 << $1 }
      let found = "\(told) \(minutes(from: shift.from, to: now)) \(minutes(from: now, to: shift.until))"
      #expect(found == expected, "case \(number): \(office.rotations) at \(now)")
    }
  }

  private func minutes(from start: Date, to end: Date) -> String {
    let minutes = Int(end.timeIntervalSince(start)) / 60
    return minutes > Self.window ? "-" : String(minutes, radix: 36)
  }
}

/// The cases of Fixtures/rotations.py, by the same numbers in the same order.
struct RandomRotations {
  private var zones: [Zone] = ["New_York", "Paris", "Lord_Howe", "Santiago", "Havana", "Kathmandu"].compactMap { city in
    ["America", "Europe", "Australia", "Asia"].lazy.compactMap { Zone("\($0)/\(city)") }.first
  }
  private let changes = [
    [civil(2026, 3, 8), civil(2026, 11, 1)], [civil(2026, 3, 29), civil(2026, 10, 25)],
    [civil(2026, 4, 5), civil(2026, 10, 4)], [civil(2026, 4, 5), civil(2026, 9, 6)],
    [civil(2026, 3, 8), civil(2026, 11, 1)], [civil(2026, 1, 1), civil(2026, 7, 1)],
  ]
  private let everyMinutes = [15, 60, 90, 480, 720, 1440, 2160, 10_080, 20_160]
  private let hours: [OfficeHours] = {
    func span(_ weekdays: Set<Int>, _ opens: Int, _ closes: Int) -> OfficeHours.OpenSpan {
      OfficeHours.OpenSpan(weekdays: weekdays, opensMinute: opens, closesMinute: closes)
    }
    let closed = [civil(2026, 3, 9), civil(2026, 3, 29), civil(2026, 4, 6), civil(2026, 10, 4), civil(2026, 11, 2)]
    let week = Set(1...5)
    return [
      OfficeHours(name: "0", spans: [span(week, 480, 720), span(week, 780, 1020)], closedDays: closed),
      OfficeHours(name: "1", spans: [span(Set(0...6), 1080, 480)], closedDays: closed),
      OfficeHours(name: "2", spans: [span([0, 6], 0, 1440), span([5], 1350, 90)], closedDays: closed),
    ]
  }()

  /// An office with one rotation, `r`, and the moment to ask for.
  mutating func make(_ number: Int) -> (office: Office, now: Date) {
    var random = SeededGenerator(seed: number)
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    let zone = below(6)
    var scene = TestOffice()
    scene.zone = zones[zone]
    scene.hours = hours
    scene.people = (0..<6).map { id in
      let (isActive, instead) = (below(4) != 0, below(8))
      return Person(
        id: "\(id)", name: "\(id)", email: "\(id)", active: isActive, instead: instead < 6 ? "\(instead)" : nil)
    }
    scene.teams = [Team(id: "6", members: ["0", "1"])]
    let day =
      if below(2) == 0 {
        changes[zone][below(2)].adding(days: below(3) - 1)
      } else {
        civil(2026, 1, 1).adding(days: below(600))
      }
    let now = Date(timeIntervalSince1970: Double(day.secondsSince1970 + (below(2880) - 720) * 60))
    let layers = (0..<1 + below(3)).map { _ in
      let members = (0..<1 + below(4)).map { _ in "\(below(7))" }
      let back = below(2) == 0 ? below(4) : below(400)
      let starts = CivilTime(secondsSince1970: day.secondsSince1970 + (1 - back) * 86_400 + below(96) * 900)
      let every = TimeSpan(seconds: everyMinutes[below(9)] * 60)
      let hours = below(6)
      return Rotation.Layer(members: members, starts: starts, every: every, hours: hours < 3 ? "\(hours)" : nil)
    }
    let overrides = (0..<below(4)).map { _ in
      let person = "\(below(6))"
      let from = day.secondsSince1970 + (below(4) - 2) * 86_400 + below(96) * 900
      return Rotation.Override(
        from: CivilTime(secondsSince1970: from),
        until: CivilTime(secondsSince1970: from + (1 + below(96)) * 900), person: person)
    }
    scene.rotations = [Rotation(id: "r", layers: layers, overrides: overrides)]
    scene.fallback = "0"
    return (scene.office, now)
  }
}
