import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// Random batches: valid ones are read as others read them, and whatever follows a beginning is answered for.
@Suite("Batches of any kind") struct BatchPropertyTests {
  /// Ready-made, so that the same failure comes again.
  private struct Chance {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// Without white space at its ends, which is not kept.
    mutating func text() -> String {
      let pieces = [
        "a", "é", "😀", "\"", "\"\"", ",", ";", "\n", "\n\n", "{", "}", "[", "]", "\\", ":", "'", "=cmd", " ", "\t",
        "null", "}, {\"",
        "\u{2028}", "\u{202E}", "/*",
      ]
      return "x" + (0..<below(8)).map { _ in pick(pieces) }.joined() + "y"
    }
  }

  /// Names whose values are kept as they are.
  private static let names = ["Caller", "Patient", "Regarding", "Operator", "Language", "Message", "Room", "Comment"]

  private struct Row: Equatable {
    var values: [String: String]

    /// What is read of them: a line, but for text and what is not known.
    init(writing values: [String: String]) {
      self.values = Dictionary(
        uniqueKeysWithValues: values.map { name, value in
          let keepsLines = ["Message", "Room", "Comment"].contains(name)
          return (name, keepsLines ? value : value.replacingOccurrences(of: "\n", with: " "))
        })
    }

    init(_ message: Message) {
      values = [:]
      values["Caller"] = message.caller
      values["Patient"] = message.patient
      values["Regarding"] = message.regarding
      values["Operator"] = message.operatorName
      values["Language"] = message.language
      values["Message"] = message.body
      for other in message.otherFields { values[other.name] = other.value }
    }
  }

  private func rows(_ chance: inout Chance) -> [[String: String]] {
    (0...chance.below(12)).map { _ in
      var row = ["Caller": chance.text()]
      for name in Self.names where chance.below(2) == 0 { row[name] = chance.text() }
      return row
    }
  }

  private func expectRows(_ rows: [[String: String]], from text: String, _ format: MessageFormat) {
    let report = Reading().report(Array(text.utf8))
    #expect(report.format == format)
    #expect(report.messages.map { Row($0.message) } == rows.map { Row(writing: $0) }, "\(text)")
    #expect(report.messages.allSatisfy { $0.message.problem == nil && $0.message.notes.isEmpty }, "\(text)")
  }

  @Test(
    "Objects that Foundation writes are read with its values, in lists, in lines and in a wrapper", arguments: 0..<300)
  func json(seed: UInt64) throws {
    var chance = Chance(state: seed)
    let rows = rows(&chance)
    let options: JSONSerialization.WritingOptions = chance.below(2) == 0 ? [.prettyPrinted] : [.withoutEscapingSlashes]
    func written(_ value: Any) throws -> String {
      String(decoding: try JSONSerialization.data(withJSONObject: value, options: options), as: UTF8.self)
    }
    expectRows(rows, from: try written(rows), .json)
    expectRows(rows, from: try rows.map(written).joined(separator: chance.pick(["\n", "", ", ", "\r\n\r\n"])), .json)
    if rows[0].count > 2, Set(rows[0].keys).intersection(["Caller", "Patient", "Regarding", "Message"]).count > 1 {
      expectRows(rows, from: try written(["messages": rows]), .json)
    }
  }

  @Test("Tables are read with the values that were written", arguments: 0..<300)
  func csv(seed: UInt64) {
    var chance = Chance(state: seed &+ 1000)
    let rows = rows(&chance)
    let separator = chance.pick([",", ";", "\t"])
    let end = chance.pick(["\n", "\r\n", "\r"])
    let quotesAll = chance.below(2) == 0
    func cell(_ value: String) -> String {
      guard quotesAll || value.contains(where: { "\"\n\r,;\t".contains($0) }) else { return value }
      return "\"" + value.replacingOccurrences(of: "\"", with: "\"\"").replacingOccurrences(of: "\n", with: end) + "\""
    }
    let lines = [Self.names] + rows.map { row in Self.names.map { row[$0] ?? "" } }
    let text = lines.map { $0.map(cell).joined(separator: separator) }.joined(separator: end) + chance.pick(["", end])
    expectRows(rows, from: text, .csv)
  }

  @Test(
    "Whatever follows a beginning, each message has a problem or something to act on, and nothing is without an answer",
    arguments: [
      "{\"", "[{", "[{\"caller\":\"A\"},", "{\"messages\":[{", "Caller,Callback,Message\n", "Caller\tPhone\tRe\nA\t\"",
    ])
  func anything(beginning: String) {
    var chance = Chance(state: UInt64(beginning.utf8.count))
    let pieces: [[UInt8]] = [
      "{", "}", "[", "]", "\"", "\"\"", ",", ":", "\\", "\\u", "d83d", "\n", "\r", "\t", ";", "caller", "\"caller\":",
      "\"re\":\"x\"",
      "null", "-1e5", "'", "//", "A,1,", " ", "\0", "é", "sep=", "\"a\":[", "},{\"",
    ].map { Array($0.utf8) }
    for _ in 0..<1500 {
      var bytes = Array(beginning.utf8)
      for _ in 0..<chance.below(60) {
        bytes += chance.below(8) == 0 ? [UInt8(chance.below(256))] : chance.pick(pieces)
      }
      let read = Reading().report(bytes).messages
      #expect(!read.isEmpty)
      for message in read.map(\.message) {
        let words = [message.caller, message.patient, message.regarding, message.ref, message.body]
        let isAnswered = message.problem != nil || message.callback != nil || words.contains { $0 != nil }
        #expect(isAnswered, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        #expect(message.problem == nil || message.urgency >= .urgent)
      }
    }
  }
}
