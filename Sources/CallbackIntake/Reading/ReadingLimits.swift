/// How much a message file may hold. What holds more is an unreadable message that says so.
public struct ReadingLimits: Sendable, Equatable {
  /// The longest line, without its end.
  public var lineBytes: Int
  /// The most fields of one message.
  public var fields: Int
  /// The most messages of a batch.
  public var rows: Int

  public init(lineBytes: Int = 64 << 10, fields: Int = 200, rows: Int = 10_000) {
    self.lineBytes = lineBytes
    self.fields = fields
    self.rows = rows
  }

  /// Why a text has too long a line; nil if it has none.
  ///
  /// - Parameter first: the number of its first line in the file.
  func problem(inLinesOf text: [UInt8], from first: Int = 1) -> String? {
    guard text.count > lineBytes, let line = Lines(of: text).first(where: { $0.range.count > lineBytes }) else {
      return nil
    }
    return "line \(first + line.number - 1): it is longer than \(lineBytes) bytes (spool.max_line); break it into lines"
  }

  /// Why the message at this line is not read, nor those after it.
  func problem(ofRowBeyondAt line: Int) -> String {
    "line \(line): there are more than \(rows) messages (spool.max_rows); send those from here on in files of their own"
  }

  /// Why the field at this line is not read, nor those after it.
  func problem(ofFieldBeyondAt line: Int, in form: SplitMessage.Form) -> String {
    "line \(line): there are more than \(fields) fields (spool.max_fields); \(form.separately)"
  }
}
