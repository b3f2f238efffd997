import CallbackIntake
import CallbackRules
import Foundation
import Testing

@Suite("What the documents say to send") struct DocumentTests {
  /// The blocks of this language, in their order.
  private static func examples(_ language: String) throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/messages.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  @Test("The examples in JSON and as a table are read whole", arguments: [("json", MessageFormat.json), ("csv", .csv)])
  func batches(language: String, format: MessageFormat) throws {
    let examples = try Self.examples(language)
    #expect(!examples.isEmpty)
    for example in examples {
      let report = Reading().report(Array(example.utf8))
      #expect(report.format == format && report.messages.count == 2)
      for message in report.messages.map(\.message) {
        #expect(message.problem == nil && message.notes.isEmpty && message.otherFields.isEmpty)
        #expect(message.caller != nil && message.to != nil)
      }
    }
  }

  @Test("The examples of the manual page are read whole: text, JSON and a table")
  func manualPage() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/callbackd-message.5")
    let text = try String(contentsOf: file, encoding: .utf8)
    let examples = text.components(separatedBy: ".Bd -literal -offset indent\n").dropFirst().map {
      $0.components(separatedBy: ".Ed\n")[0]
    }
    let reports = examples.map { Reading().report(Array($0.utf8)) }
    #expect(reports.map(\.format) == [.text, .json, .csv])
    for message in reports.flatMap(\.messages).map(\.message) {
      #expect(message.problem == nil && message.otherFields.isEmpty)
      #expect(message.caller != nil && message.callback != nil && message.to != nil && message.ref != nil)
    }
  }
}
