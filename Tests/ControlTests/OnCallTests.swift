import CallbackControl
import CallbackRules
import Foundation
import Testing

@testable import callbackctl

@Suite("oncall") struct OnCallTests {
  private let clock = WallClock(now: sampleNow, zone: Zone("America/New_York") ?? .utc)

  @Test("A shift has exactly the promised keys, a gap's member is null, times are in UTC")
  func row() throws {
    let rows = sampleShifts(.init(days: 3))
    let expected = #"""
      {"from":"2026-11-25T19:05:00Z","member":null,"name":"On call","people":[],"rotation":"oncall",\#
      "until":"2026-11-26T19:05:00Z"}
      """#
    #expect(String(decoding: try ControlCoding.encode(rows[2]), as: UTF8.self) == expected)
    #expect(try ControlCoding.decode(ShiftRow.self, from: Data(expected.utf8)) == rows[2])
  }

  @Test("Days are 1 to 366", arguments: [0, -1, 367])
  func days(count: Int) throws {
    let server = try TestServer()
    let client = try RawClient(server.path)
    client.send(#"{"method":"org.callbackd.Control.OnCall","parameters":{"days":\#(count)}}"# + "\0")
    #expect(
      client.receive()
        == #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"days"}}"#)
    #expect(try Program.run(["oncall", "--days", "\(count)"]).status == 64)
  }

  @Test("A table has a line a shift in local time, teams with their people, and says where nobody is")
  func table() {
    let names = ["chen": "Dr. Chen", "nurses": "The nurses", "lee": "Sam Lee", "okafor": "Ada\u{1B}[m"]
    let table = ShiftTable(rows: sampleShifts(.init(days: 3)), names: names, clock: clock).table
    let expected = """
      ROTATION  FROM       UNTIL      ON CALL
      On call   14:05      Tue 14:05  Dr. Chen
      On call   Tue 14:05  Wed 14:05  The nurses: Sam Lee, Ada�[m
      On call   Wed 14:05  Thu 14:05  NOBODY

      """
    #expect(table.rendered(width: 80, colour: false) == expected)
  }

  @Test("An end that is more than a year away is no end that anybody waits for")
  func farAway() {
    var row = sampleShifts(.init())[0]
    (row.from, row.until) = (sampleNow - Office.longestShift, sampleNow + Office.longestShift)
    let table = ShiftTable(rows: [row], names: [:], clock: clock).table
    #expect(table.rendered(width: 80, colour: false) == "ROTATION  FROM  UNTIL  ON CALL\nOn call   -     -      chen\n")
  }

  @Test(
    "A time is local, or has its zone",
    arguments: [
      ("2026-11-26", "2026-11-26T05:00:00Z"), ("2026-11-26 08:00", "2026-11-26T13:00:00Z"),
      ("2026-11-26T08:00", "2026-11-26T13:00:00Z"), ("2026-11-26T13:00:00Z", "2026-11-26T13:00:00Z"),
      ("2026-11-26T08:00:00-05:00", "2026-11-26T13:00:00Z"), ("2026-07-01 08:00", "2026-07-01T12:00:00Z"),
    ])
  func times(text: String, expected: String) {
    #expect(clock.time(text).map(\.timestamp) == expected)
  }

  @Test("Anything else is no time", arguments: ["", "7d", "tomorrow", "2026-13-01", "2026-11-26 25:00", "08:00"])
  func noTime(text: String) {
    #expect(clock.time(text) == nil)
  }

  @Test("The program asks for then and for so many days, and prints rows or the table")
  func program() throws {
    let server = try TestServer()
    let arguments = ["oncall", "--at", "2026-11-26 08:00", "--socket", server.path]
    let rows = try Program.run(arguments + ["--days", "7", "--json"])
    #expect(
      try ControlCoding.decode([ShiftRow].self, from: Data(rows.output.utf8)).map(\.from.timestamp)
        == ["2026-11-26T13:00:00Z", "2026-11-27T13:00:00Z", "2026-11-28T13:00:00Z"])
    let table = try Program.run(arguments)
    #expect(table.status == 0)
    #expect(table.output.split(separator: "\n").count == 2)
    #expect(table.output.hasSuffix("  Dr. Chen\n"))
    #expect(try Program.run(["oncall", "--at", "soon"]).status == 64)
  }
}
