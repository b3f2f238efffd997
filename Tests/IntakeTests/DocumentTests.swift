import CallbackIntake
import CallbackRules
import Foundation
import Testing

@Suite("What docs/messages.md says to send") struct DocumentTests {
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
}
