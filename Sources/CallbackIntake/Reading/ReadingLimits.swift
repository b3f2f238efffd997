import CallbackRules

extension ReadingLimits {
  /// Why a text has too long a line; nil if it has none.
  func problem(inLinesOf text: [UInt8]) -> String? {
    guard text.count > lineBytes, let line = Lines(of: text).first(where: { $0.range.count > lineBytes }) else {
      return nil
    }
    return "line \(line.number): it is longer than \(lineBytes) bytes (spool.max_line); break it into lines"
  }
}
