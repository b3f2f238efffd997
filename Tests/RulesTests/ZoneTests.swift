import CallbackRules
import Foundation
import Testing

/// A place's clock, and the times it skips and repeats.
@Suite("Zones")
struct ZoneTests {
  @Test("local times around changes of clocks are the moments that zoneinfo has")
  func table() throws {
    var compared = 0
    for row in ZoneTable.moments.split(separator: "\n") {
      let fields = row.split(separator: " ")
      let zone = try #require(Zone(String(fields[0])))
      let parts = fields[1].split { $0 == "-" || $0 == "T" }.compactMap { Int($0) }
      for (quarter, moment) in fields.dropFirst(2).enumerated() {
        let time = civil(parts[0], parts[1], parts[2], parts[3], quarter * 15)
        #expect(Int(zone.moment(of: time).timeIntervalSince1970) == Int(moment), "\(row), minute \(quarter * 15)")
        compared += 1
      }
    }
    #expect(compared == 288)
  }

  @Test("offsets change at the second that zoneinfo has, and the clock shows what goes with them")
  func changes() throws {
    for row in ZoneTable.changes.split(separator: "\n") {
      let fields = row.split(separator: " ")
      let zone = try #require(Zone(String(fields[0])))
      let numbers = fields.dropFirst().compactMap { Int($0) }
      for (second, offset) in [(numbers[0] - 1, numbers[1]), (numbers[0], numbers[2])] {
        let moment = Date(timeIntervalSince1970: Double(second))
        #expect(zone.offset(at: moment) == offset, "\(row)")
        #expect(zone.civilTime(at: moment) == CivilTime(secondsSince1970: second + offset), "\(row)")
      }
    }
  }

  @Test("every quarter of an hour of two years comes back, a repeated one as its first occurrence")
  func roundTrip() throws {
    let lordHowe = try #require(Zone("Australia/Lord_Howe"))
    var repeated = 0
    for quarter in 0..<(2 * 365 * 96) where quarter.isMultiple(of: 3) {
      let moment = Date(timeIntervalSince1970: 1_767_225_600 + Double(quarter) * 900)
      let back = lordHowe.moment(of: lordHowe.civilTime(at: moment))
      if back != moment {
        repeated += 1
        #expect(back == moment.addingTimeInterval(-1800))
      }
    }
    #expect((1...4).contains(repeated))
  }

  @Test("later on the wall is never earlier in time")
  func monotonic() throws {
    for name in ["America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"] {
      let zone = try #require(Zone(name))
      var before = Date.distantPast
      let start = civil(2011, 1, 1).secondsSince1970
      for step in 0..<(365 * 8) {
        let moment = zone.moment(of: CivilTime(secondsSince1970: start + step * 10_800 + 1800))
        #expect(moment >= before, "\(name), step \(step)")
        before = moment
      }
    }
  }

  @Test("a day that a place leaves out is the moment at which it does")
  func skippedDay() throws {
    let apia = try #require(Zone("Pacific/Apia"))
    let change = Date(timeIntervalSince1970: 1_325_239_200)
    #expect(apia.moment(of: civil(2011, 12, 30, 0, 1)) == change)
    #expect(apia.moment(of: civil(2011, 12, 30, 12)) == change)
    #expect(apia.moment(of: civil(2011, 12, 31)) == change)
  }

  @Test("a moment within a second, and one before 1970, show the second that has begun")
  func fractions() {
    #expect(Zone.utc.civilTime(at: Date(timeIntervalSince1970: 59.9)) == CivilTime(secondsSince1970: 59))
    #expect(Zone.utc.civilTime(at: Date(timeIntervalSince1970: -0.1)) == CivilTime(secondsSince1970: -1))
  }

  @Test("a zone that nobody knows is nil", arguments: ["", "America/Nowhere", "../etc/passwd", "New York"])
  func unknown(name: String) {
    #expect(Zone(name) == nil)
  }
}
