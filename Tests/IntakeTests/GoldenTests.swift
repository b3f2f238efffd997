import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// Files as services send them, each beside what must be read from it: `NAME.expected`.
///
/// A file whose name begins with `day-first-` is for an account that writes the day first; the file was written a minute
/// before it came. With `CALLBACKD_REWRITE_GOLDEN` set, what is read is written instead of compared, to be looked at before
/// it is committed.
@Suite("Golden files") struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  private static let samples = [
    "01-urgent.txt", "02-caps-crlf-bom.txt", "03-windows-1252.txt", "04-recipient-has-left.txt", "05-object.json",
    "06-batch.csv", "08-unreadable.txt",
  ]
  private static let isRewriting = ProcessInfo.processInfo.environment["CALLBACKD_REWRITE_GOLDEN"] != nil

  private static let files: [String] = {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { !$0.hasSuffix(".expected") && !$0.hasPrefix(".") }.sorted()
    } catch {
      Issue.record(error)
      return []
    }
  }()

  @Test("There are enough of them, and each expectation has its file")
  func enough() throws {
    #expect(Self.files.count >= 60)
    let expected = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".expected") }.map { String($0.dropLast(".expected".count)) }
    #expect(Set(expected) == Set(Self.files + Self.samples))
  }

  @Test("Exactly the expected fields are read", arguments: samples + files)
  func fields(of name: String) throws {
    let isSample = Self.samples.contains(name)
    let bytes = isSample ? try Reading.sample(name) : Array(try Data(contentsOf: Self.folder.appending(path: name)))
    var reading = Reading()
    reading.accounts[0].dayFirst = name.hasPrefix("day-first-")
    reading.modifiedAt = Reading.arrival.addingTimeInterval(-60)
    let found = GoldenText(reading.report(bytes)).text
    let file = Self.folder.appending(path: name + ".expected")
    if Self.isRewriting { return try Data(found.utf8).write(to: file) }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(found == expected, "\(Self.difference(expected, found))")
  }

  private static func difference(_ expected: String, _ found: String) -> String {
    let (old, new) = (expected.split(separator: "\n"), found.split(separator: "\n"))
    let changes = new.difference(from: old).map { change in
      switch change {
      case .remove(_, let line, _): "- \(line)"
      case .insert(_, let line, _): "+ \(line)"
      }
    }
    return "expected (-) and read (+):\n" + changes.joined(separator: "\n")
  }
}

/// What was read of a file, a field on each line.
struct GoldenText {
  private(set) var text: String

  init(_ report: ReadingReport) {
    text = "\(report.format.name), \(report.encoding), messages: \(report.messages.count)\n"
    for read in report.messages { add(read.message) }
  }

  private mutating func add(_ message: Message) {
    text += "\n"
    add("problem", message.problem)
    add("account", message.account)
    add("unknown account", message.unknownAccount)
    add("service", message.service)
    add("to", message.to)
    add("caller", message.caller)
    add("relationship", message.relationship)
    add("callback", message.callback.map { "\($0.written) [\($0.digits)]" })
    add("patient", message.patient)
    add("date of birth", message.dateOfBirth)
    add("urgency", "\(message.urgency)")
    add("taken", wall(message.takenAt))
    add("promised", message.promisedAt.map(wall))
    add("reachable until", message.reachableUntil.map(wall))
    add("voicemail", message.voicemailAllowed ? "allowed" : nil)
    add("language", message.language)
    add("operator", message.operatorName)
    add("ref", message.ref)
    add("regarding", message.regarding)
    add("body", message.body)
    add("status", message.withdrawn ? "withdrawn" : nil)
    for field in message.otherFields { add("other \(escaped(field.name))", field.value) }
    for note in message.notes { add("note", note) }
  }

  private mutating func add(_ name: String, _ value: String?) {
    if let value { text += "\(name): \(escaped(value))\n" }
  }

  /// On the wall in New York, and how far that is from Greenwich.
  private func wall(_ moment: Date) -> String {
    let civil = Reading.newYork.civilTime(at: moment)
    let hours = (civil.secondsSince1970 - Int(moment.timeIntervalSince1970)) / 3600
    return "\(civil.dateText) \(civil.clockTextWithSeconds) (\(hours) h)"
  }

  private func escaped(_ value: String) -> String {
    value.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\\": "\\\\"
      case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
        "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
  }
}
