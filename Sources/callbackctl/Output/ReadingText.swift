import CallbackRules
import Foundation

/// How a file was read, for people: field by field, then what would become of it.
struct ReadingText {
  private let reading: Reading
  private let office: Office
  private let clock: WallClock

  init(_ reading: Reading, office: Office, clock: WallClock) {
    self.reading = reading
    self.office = office
    self.clock = clock
  }

  var text: String {
    let name = reading.file == "-" ? "Standard input" : reading.file.harmless
    return "\(name): \(reading.encoding)\n" + reading.messages.map(message).joined(separator: "\n")
  }

  private func message(_ message: Reading.Message) -> String {
    let rows = message.fields.map { field in
      [
        Table.Cell(field.line > 0 ? "\(field.line)" : "mail"), Table.Cell(field.name),
        Table.Cell(field.meaning ?? "kept as it is"),
        Table.Cell(field.value),
      ]
    }
    let columns: [Table.Column] = [
      .init(title: "LINE", alignsRight: true), .init(title: "FIELD"), .init(title: "MEANING"),
      .init(title: "VALUE", minimum: 10),
    ]
    var text = rows.isEmpty ? "" : Table(columns: columns, rows: rows).rendered(width: Terminal.width, colour: false)
    let detail = message.detail
    if let body = detail.body, !body.isEmpty {
      let words = body.trimmingCharacters(in: .whitespacesAndNewlines)
      text += "Text: \(words.harmlessLines(width: nil).joined(separator: "\n      "))\n"
    }
    for event in detail.events where event.kind == Event.Kind.noted.rawValue {
      text += "Odd: \((event.text ?? "").harmless)\n"
    }
    if let problem = detail.problem { text += "Problem: \(problem.harmless)\n" }
    return text + outcome(message) + "\n"
  }

  private func outcome(_ message: Reading.Message) -> String {
    let row = message.detail.callback
    let told = message.told.map { office.displayName(of: $0).harmless }
    let what = row.kind == "unreadable" ? "an unreadable message: \(row.urgency)" : "\(row.urgency)"
    return "It would become a callback for \(office.displayName(of: row.recipient).harmless), \(what), "
      + "due \(clock.absolute(row.dueAt)) (\(clock.deadline(row.dueAt))); "
      + (told.isEmpty ? "nobody would be told at once." : "told at once: \(told.joined(separator: ", ")).")
  }
}
