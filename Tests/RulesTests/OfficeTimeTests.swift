import CallbackRules
import Foundation
import Testing

/// Open time against a table that Fixtures/officetime.py made in another way, with Python's zoneinfo.
@Suite("Open time by the table")
struct OfficeTimeTests {
  @Test("a hundred thousand random spans end when a list of all open minutes says")
  func table() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/officetime.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    var compared = 0
    for (number, line) in lines.enumerated() {
      let office = try #require(TableOffice(line), "line \(number + 1) can't be read")
      var random = Splitmix(state: UInt64(number))
      for expected in office.ends {
        let (start, span) = randomCase(&random, centre: office.centre)
        let from = Date(timeIntervalSince1970: Double(start * 60))
        let end = office.hours.moment(span, from: from, in: office.zone)
        let minutes = Int(end.timeIntervalSince(from)) / 60
        if minutes != expected {
          Issue.record(
            "line \(number + 1): \(span) from minute \(start) ends after \(minutes) minutes, not \(expected)")
        }
        compared += 1
      }
    }
    #expect(compared == 100_000)
  }

  /// A start near the centre, in minutes, and a span: the same as in officetime.py.
  private func randomCase(_ random: inout Splitmix, centre: Int) -> (start: Int, span: TimeSpan) {
    let day = 1440
    let reach = [2 * day, 2 * day, 20 * day][random.below(3)]
    let start = centre - reach + random.below(2 * reach)
    let kind = random.below(8)
    var span = TimeSpan()
    if kind < 4 { span.days = 1 + random.below(9) }
    if 2 < kind { span.clockSeconds = 60 * (1 + random.below([30, 300, 3000][random.below(3)])) }
    if random.below(50) == 0 { span = TimeSpan() }
    return (start, random.below(5) < 2 ? -span : span)
  }
}

/// One line of the table.
private struct TableOffice {
  let zone: Zone
  /// Minutes since 1970.
  let centre: Int
  let hours: OfficeHours
  /// Minutes after the start of their case.
  let ends: [Int]

  init?(_ line: Substring) {
    let words = line.split(separator: " ")
    guard words.count > 5, words[4] == "=", let zone = Zone(String(words[0])), let centre = Int(words[1]) else {
      return nil
    }
    self.zone = zone
    self.centre = centre
    let spans = words[2].split(separator: ",").filter { $0 != "-" }.map { written in
      let numbers = written.split { $0 == "@" || $0 == "-" }.compactMap { Int($0) }
      return OfficeHours.OpenSpan(
        weekdays: Set(written.prefix { $0 != "@" }.compactMap(\.wholeNumberValue)),
        opensMinute: numbers[numbers.count - 2], closesMinute: numbers[numbers.count - 1])
    }
    let closed = words[3].split(separator: ",").compactMap { Int($0) }.map {
      CivilTime(secondsSince1970: $0 * 86_400)
    }
    hours = OfficeHours(name: "table", spans: spans, closedDays: closed)
    ends = words.dropFirst(5).compactMap { Int($0) }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Splitmix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
