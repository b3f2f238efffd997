import CallbackRules

extension ReadingLimits {
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
