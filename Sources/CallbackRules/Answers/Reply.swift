import Foundation

/// What a person says in a reply: commands, if its first lines are that, and whatever else stands in it.
public struct Reply: Sendable, Equatable {
  /// The lines at its beginning that are commands.
  public var commands: [AnswerLine]
  /// These lines as they were written, in one.
  public var written: String
  /// The rest; nil where there is none.
  public var note: String?

  /// More are taken for a note: nobody writes so many by hand.
  private static let mostCommands = 50
  private static let mostNoteBytes = 4000

  /// - Parameter text: a mail's, where lines that are quoted begin with `>`.
  public init(_ text: String) {
    let whole = ReplyText(text).lines[...]
    var rest = whole.drop { AnswerLine.isPolite($0) }
    var (commands, written): ([AnswerLine], [String]) = ([], [])
    while let line = rest.first,
      line.isEmpty || !commands.isEmpty && AnswerLine.isPolite(line) || AnswerLine(line) != nil
    {
      if let command = AnswerLine(line) {
        commands.append(command)
        written.append(line)
      }
      rest = rest.dropFirst()
    }
    if commands.isEmpty || !Self.isPlain(commands) { (commands, written, rest) = ([], [], whole) }
    self.commands = commands
    self.written = written.joined(separator: "; ").prefix(utf8Bytes: 500)
    let note = rest.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    self.note = note.isEmpty ? nil : note.prefix(utf8Bytes: Self.mostNoteBytes)
  }

  /// Whether the commands make sense together: nothing comes behind what closes a callback.
  private static func isPlain(_ commands: [AnswerLine]) -> Bool {
    var closed: Set<Int64> = []
    for line in commands {
      // 0 stands for the notice's own.
      let numbers = line.numbers.isEmpty ? [0] : line.numbers
      guard closed.isDisjoint(with: numbers) else { return false }
      if line.command == .done { closed.formUnion(numbers) }
    }
    return commands.count <= mostCommands
  }
}

extension String {
  /// The text from its beginning, cut between two characters to at most so many bytes.
  func prefix(utf8Bytes count: Int) -> String {
    guard utf8.count > count else { return self }
    return String(self[..<utf8.index(utf8.startIndex, offsetBy: count)])
  }
}
