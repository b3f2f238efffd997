import CallbackRules

/// The fields of one message, by what they mean.
///
/// Where a field is given twice, the first counts and the others are kept beside it. Urgency, the time of the call and
/// the body may be spread over several fields.
struct GatheredFields {
  private(set) var urgencies: [MessageField] = []
  /// Taken and Time.
  private(set) var times: [MessageField] = []
  private(set) var bodies: [MessageField] = []
  private(set) var sent: [MessageField] = []
  /// Whether Sent is there, with a value or without.
  private(set) var namesSent = false
  private(set) var others: [Message.OtherField] = []
  private(set) var notes: [String] = []
  /// Whether a name is there that is known, with a value or without, in the message itself.
  private(set) var recognised = false
  /// Where caller, number or patient are given again under the same name with another value.
  private var secondPerson: [MessageField] = []
  /// By the raw value of what they mean.
  private var first = [MessageField?](repeating: nil, count: FieldName.allCases.count)

  /// Longer values are cut. The body and a list are not bounded by this.
  static let maximumValueBytes = 4096

  init(_ fields: [MessageField]) {
    for field in fields { add(cut(field)) }
  }

  subscript(_ name: FieldName) -> MessageField? { first[name.rawValue] }

  private mutating func add(_ field: MessageField) {
    recognised = recognised || field.meaning != nil && !field.isOfMailHeader
    namesSent = namesSent || field.meaning == .sent
    guard !field.value.isEmpty else { return }
    guard let meaning = field.meaning else { return keepBeside(field) }
    switch meaning {
    case .urgency: urgencies.append(field)
    case .taken, .time: times.append(field)
    case .body: bodies.append(field)
    case .sent: sent.append(field)
    default:
      if let earlier = first[meaning.rawValue] {
        noteRepeat(of: earlier, by: field)
        noteSecondPerson(earlier, field)
      } else {
        first[meaning.rawValue] = field
      }
    }
  }

  /// Keeps a field that says something else than an earlier one of the same meaning.
  mutating func noteRepeat(of earlier: MessageField, by field: MessageField) {
    guard earlier.value != field.value else { return }
    keepBeside(field)
    let what =
      earlier.line != field.line
      ? "says again what \(earlier.place) says"
      : earlier.name == field.name ? "is there more than once" : "says again what \(quoted(earlier.name)) says"
    notes.append("\(field.place): \(quoted(field.name)) \(what); the first counts")
  }

  /// Two messages in one: the second would be lost among the first one's other fields.
  func secondMessageProblem(in form: SplitMessage.Form) -> String? {
    guard secondPerson.count >= 2 else { return nil }
    return "line \(secondPerson[0].line): a second message seems to begin; \(form.separately)"
  }

  private mutating func noteSecondPerson(_ earlier: MessageField, _ field: MessageField) {
    guard field.meaning == .caller || field.meaning == .callback || field.meaning == .patient,
      earlier.value != field.value, FieldName.key(of: earlier.name.utf8) == FieldName.key(of: field.name.utf8),
      !secondPerson.contains(where: { $0.meaning == field.meaning })
    else { return }
    secondPerson.append(field)
  }

  mutating func note(_ sentence: String) { notes.append(sentence) }

  /// Keeps a field as written with the other fields, so that a person sees it.
  mutating func keepBeside(_ field: MessageField) {
    others.append(Message.OtherField(name: field.name, value: field.value))
  }

  private mutating func cut(_ field: MessageField) -> MessageField {
    guard field.meaning != .body, field.meaning != .sent, field.value.utf8.count > Self.maximumValueBytes else {
      return field
    }
    var field = field
    field.value = field.value.prefix(utf8: Self.maximumValueBytes)
    notes.append("\(field.place): \(quoted(field.name)) is very long and was cut; the original has the rest")
    return field
  }
}

extension String {
  /// The text from its beginning, cut between two characters to at most so many bytes.
  func prefix(utf8 count: Int) -> String {
    guard utf8.count > count else { return self }
    // Slicing a string rounds its end down to a whole character.
    return String(self[..<utf8.index(utf8.startIndex, offsetBy: count)])
  }
}

/// What stands in the file, for a sentence that may go to a terminal or a file: short, without control characters and what
/// reorders text.
func quoted(_ written: String) -> String {
  let shown = written.prefix(utf8: 60)
  var text = ""
  for scalar in shown.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: text += "?"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return shown.utf8.count < written.utf8.count ? text + "…" : text
}
