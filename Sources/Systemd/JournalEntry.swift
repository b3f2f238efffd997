import Glibc
import Logging

/// One entry as the journal takes it: fields `NAME=value`, whose values may hold any bytes, line ends among them.
struct JournalEntry {
  /// All fields, one after the other.
  private(set) var bytes: [UInt8] = []
  /// Where each field ends in `bytes`.
  private(set) var ends: [Int] = []

  /// Names that say what the entry itself is. Metadata of such a name must not stand in for it.
  private static let own: Set<String> = [
    "CODE_FILE", "CODE_FUNC", "CODE_LINE", "ERROR", "LOGGER", "MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER",
  ]
  /// The journal drops a field with a longer name (systemd.journal-fields(7), JOURNAL_FIELD_NAME_MAX).
  private static let nameMaxBytes = 64

  /// What is logged, in the fields of systemd.journal-fields(7).
  ///
  /// - Parameters:
  ///   - identifier: the program's name, as `journalctl -t` finds it.
  ///   - label: the logger's.
  ///   - metadata: the whole of it: the event's own is not looked at.
  init(_ event: LogEvent, identifier: String, label: String, metadata: Logger.Metadata) {
    append("MESSAGE", event.message.description)
    append("PRIORITY", String(event.level.syslogPriority))
    append("SYSLOG_IDENTIFIER", identifier)
    append("LOGGER", label)
    if let error = event.error { append("ERROR", String(describing: error)) }
    // Where in the code matters when something is wrong or looked for, not in the daily run.
    if event.level != .info, event.level != .notice {
      append("CODE_FILE", event.file)
      append("CODE_LINE", String(event.line))
      append("CODE_FUNC", event.function)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      append(Self.name(forKey: key), value.description)
    }
  }

  /// Calls `body` with the fields as sd_journal_sendv(3) wants them. They are valid only meanwhile.
  func withVectors<Result>(_ body: (UnsafePointer<iovec>, Int32) -> Result) -> Result {
    bytes.withUnsafeBytes { all in
      var start = 0
      let vectors = ends.map { end in
        let field = UnsafeRawBufferPointer(rebasing: all[start..<end])
        start = end
        // iovec knows no const; libsystemd only reads.
        return iovec(iov_base: UnsafeMutableRawPointer(mutating: field.baseAddress), iov_len: field.count)
      }
      return body(vectors, Int32(vectors.count))
    }
  }

  /// The journal's name for a key of the metadata: `message_id` is MESSAGE_ID.
  ///
  /// What the journal would refuse (a digit or an underscore in front), and what the entry needs for itself, gets
  /// `METADATA_` in front; any other character becomes an underscore.
  static func name(forKey key: String) -> String {
    let name = String(key.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? Character($0.uppercased()) : "_" })
    let isRefused = name.first.map { $0 == "_" || $0.isNumber } ?? true
    return String((isRefused || own.contains(name) ? "METADATA_" + name : name).prefix(nameMaxBytes))
  }

  private mutating func append(_ name: String, _ value: String) {
    bytes += name.utf8
    bytes.append(UInt8(ascii: "="))
    bytes += value.utf8
    ends.append(bytes.count)
  }
}

extension Logger.Level {
  /// As in syslog(3), which knows nothing finer than debug.
  var syslogPriority: Int32 {
    switch self {
    case .trace, .debug: LOG_DEBUG
    case .info: LOG_INFO
    case .notice: LOG_NOTICE
    case .warning: LOG_WARNING
    case .error: LOG_ERR
    case .critical: LOG_CRIT
    }
  }
}

extension LogEvent {
  /// What belongs to this event: the handler's metadata, over it the provider's, over that its own.
  func metadata(over handlers: Logger.Metadata, provider: Logger.MetadataProvider?) -> Logger.Metadata {
    var whole = handlers
    if let provided = provider?.get() { whole.merge(provided) { $1 } }
    if let metadata { whole.merge(metadata) { $1 } }
    return whole
  }
}
