// Logs to standard error, a line an event: for a terminal, and for whoever has no journal.
//
// It trusts nothing that it is given: a control character would reach somebody's terminal. A line that can't be written
// is lost, since there is nowhere left to say so.

import Glibc
import Logging

/// A handler for swift-log that writes lines to standard error.
public struct StandardErrorLogHandler: LogHandler {
  public var logLevel: Logger.Level = .info
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?

  private let style: Style
  private let descriptor: Int32

  /// How a line looks.
  public enum Style: Sendable, Equatable {
    /// Time, level, message, `key=value`.
    case plain
    /// The same, with the level in colour.
    case coloured
    /// `<4>`, message, `key=value`: for the journal, which adds the time itself (sd-daemon(3)).
    case prefixed
  }

  /// - Parameter descriptor: open for writing; stays the caller's.
  public init(style: Style, descriptor: Int32 = STDERR_FILENO) {
    self.style = style
    self.descriptor = descriptor
  }

  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// The style for people: coloured on a terminal that can, unless NO_COLOR forbids it (no-color.org).
  ///
  /// - Parameter environment: answers with a variable's value, or nil where it is not set.
  static func readableStyle(
    descriptor: Int32 = STDERR_FILENO, environment: (String) -> String? = SystemLog.environment
  ) -> Style {
    let isForbidden = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    return isatty(descriptor) == 1 && !isForbidden && environment("TERM") != "dumb" ? .coloured : .plain
  }

  public func log(event: LogEvent) {
    let whole = event.metadata(over: metadata, provider: metadataProvider)
    write(Self.line(for: event, metadata: whole, style: style, at: Self.now()))
  }

  /// Not time(2): its clock is some milliseconds behind, and an event at a deadline would seem to come before it.
  private static func now() -> time_t {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return now.tv_sec
  }

  /// The line for one event, with its end.
  ///
  /// - Parameters:
  ///   - metadata: the whole of it. `message_id` is left out: it is for programs.
  ///   - now: seconds since 1970; shown as this host's local time.
  static func line(for event: LogEvent, metadata: Logger.Metadata, style: Style, at now: time_t) -> String {
    var line =
      switch style {
      case .plain: "\(localTime(now)) \(event.level): "
      case .coloured: "\(localTime(now)) \(colour(event.level))\(event.level):\u{1B}[0m "
      case .prefixed: "<\(event.level.syslogPriority)>"
      }
    line += OneLine.escaped(event.message.description)
    if let error = event.error { line += " error=" + OneLine.value(String(describing: error)) }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != "message_id" {
      line += " \(OneLine.escaped(key))=\(OneLine.value(value.description))"
    }
    return line + "\n"
  }

  /// With the offset, since a log is read on other hosts too: `2026-11-23 14:05:09 -0500`.
  private static func localTime(_ now: time_t) -> String {
    var now = now
    var civil = tm()
    guard localtime_r(&now, &civil) != nil else { return "@\(now)" }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
      guard let start = text.baseAddress, strftime(start, text.count, "%Y-%m-%d %H:%M:%S %z", &civil) > 0 else {
        return "@\(now)"
      }
      return String(cString: start)
    }
  }

  private static func colour(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "\u{1B}[2m"
    case .info: "\u{1B}[32m"
    case .notice: "\u{1B}[1m"
    case .warning: "\u{1B}[33m"
    case .error, .critical: "\u{1B}[1;31m"
    }
  }

  /// Writes a line in one call where the kernel takes it whole, so that the lines of several threads do not mix.
  private func write(_ line: String) {
    var line = line
    line.withUTF8 { text in
      var rest = UnsafeRawBufferPointer(text)
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
