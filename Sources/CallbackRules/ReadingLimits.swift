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
}
