import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// An office in New York with one account that writes the month first, one service, and a reader for it.
struct Reading {
  static let newYork = Zone("America/New_York") ?? .utc
  /// 2026-11-23 14:20 in New York, a Monday.
  static let arrival = Date(timeIntervalSince1970: 1_795_461_600)

  var accounts = [
    Account(id: "riverside", also: ["Riverside Family Practice", "4711"], service: "night-desk", zone: newYork)
  ]
  var services = [Service(id: "night-desk", phone: "+1 555 010 9000")]
  var urgencyWords = ["code blue": Urgency.emergency]
  var folder: String?
  var modifiedAt = arrival
  var arrivedAt = arrival
  var limits = ReadingLimits()

  func report(_ bytes: [UInt8]) -> ReadingReport {
    let office = Office(
      name: "Riverside", zone: Self.newYork, fallback: "manager",
      policies: Urgency.allCases.map {
        Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: [])
      },
      services: services, accounts: accounts, urgencyWords: urgencyWords)
    let source = MessageSource(folderService: folder, modifiedAt: modifiedAt, arrivedAt: arrivedAt)
    return MessageReader(office: office, limits: limits).report(bytes, from: source)
  }

  func message(_ bytes: [UInt8]) throws -> Message {
    let messages = report(bytes).messages
    #expect(messages.count == 1)
    return try #require(messages.first).message
  }

  func message(_ text: String) throws -> Message { try message(Array(text.utf8)) }

  static func sample(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.url(forResource: "Samples", withExtension: nil))
    return Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// A moment by the clock on the wall in New York: `2026-11-23 14:05`, `2026-11-23 14:05:30`.
  static func moment(_ wall: String) throws -> Date {
    let numbers = wall.split { !$0.isNumber }.compactMap { Int($0) }
    try #require(numbers.count >= 5)
    let civil = CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers.count > 5 ? numbers[5] : 0)
    return newYork.moment(of: try #require(civil))
  }
}
