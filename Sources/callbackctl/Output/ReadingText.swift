import CallbackControl
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
    let heading = "\(name): \(reading.format), \(reading.encoding)"
    if let only = reading.messages.first, reading.messages.count == 1 {
      return heading + profiles(of: only, after: "; ") + "\n" + text(of: only)
    }
    let count = reading.messages.count
    return heading + "\n"
      + reading.messages.enumerated().map { index, message in
        "\nMessage \(index + 1) of \(count)\(profiles(of: message, after: ", "))\n" + text(of: message)
      }.joined()
  }

  private func profiles(of message: Reading.Message, after mark: String) -> String {
    switch message.profiles.count {
    case 0: ""
    case 1: "\(mark)profile of \(message.profiles[0])"
    default: "\(mark)profiles of \(message.profiles.joined(separator: ", then "))"
    }
  }

  private func text(of message: Reading.Message) -> String {
    let rows = message.fields.map { field in
      [
        Table.Cell(field.line > 0 ? "\(field.line)" : "mail"), Table.Cell(field.name),
        Table.Cell(field.meaning ?? "kept as it is"), Table.Cell(field.placedBy), Table.Cell(field.value),
      ]
    }
    let columns: [Table.Column] = [
      .init(title: "LINE", alignsRight: true), .init(title: "FIELD"), .init(title: "MEANING"), .init(title: "BY"),
      .init(title: "VALUE", minimum: 10),
    ]
    var text = rows.isEmpty ? "" : Table(columns: columns, rows: rows).rendered(width: Terminal.width, colour: false)
    guard let detail = message.detail else { return text + list(message.sent ?? []) + "\n" }
    if !message.unplaced.isEmpty {
      text += "Not placed:\n"
      for line in message.unplaced {
        let number = line.line.map { "\($0)" } ?? ""
        text += String(repeating: " ", count: max(0, 4 - number.count)) + number + "  \(line.text.harmless)\n"
      }
    }
    for event in detail.events where event.kind == Event.Kind.noted.rawValue {
      text += "Odd: \((event.text ?? "").harmless)\n"
    }
    if let problem = detail.problem { text += "Problem: \(problem.harmless)\n" }
    return text + outcome(message, detail) + "\n"
  }

  private func list(_ refs: [String]) -> String {
    let ends = refs.count > 1 ? ", \((refs.first ?? "").harmless) to \((refs.last ?? "").harmless)" : ""
    return "It is a list of \(refs.count == 1 ? "1 message" : "\(refs.count) messages")\(ends): "
      + "each that did not come in would become a callback."
  }

  private func outcome(_ message: Reading.Message, _ detail: CallbackDetail) -> String {
    let row = detail.callback
    let told = message.told.map { office.displayName(of: $0).harmless }
    let what = row.kind == "unreadable" ? "an unreadable message: \(row.urgency)" : "\(row.urgency)"
    return "It would become a callback for \(office.displayName(of: row.recipient).harmless), \(what), "
      + "due \(clock.absolute(row.dueAt)) (\(clock.deadline(row.dueAt))); "
      + (told.isEmpty ? "nobody would be told at once." : "told at once: \(told.joined(separator: ", ")).")
  }
}
