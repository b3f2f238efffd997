// Logs to the systemd journal, each key of the metadata as a field of its own (sd_journal_sendv(3)).
//
// It trusts `SystemLog` to have found a journal: libsystemd says that all is well when there is none. An entry that the
// journal refuses goes to standard error instead, which under systemd is the journal's other door.

import CSystemd
import Logging

/// A handler for swift-log that writes to the journal.
public struct JournalLogHandler: LogHandler {
  public var logLevel: Logger.Level = .info
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let identifier: String
  private let fallback = StandardErrorLogHandler(style: .prefixed)

  /// - Parameters:
  ///   - label: the logger's, the field LOGGER.
  ///   - identifier: the program's name, as `journalctl -t` finds it.
  public init(label: String, identifier: String) {
    self.label = label
    self.identifier = identifier
  }

  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let whole = event.metadata(over: metadata, provider: metadataProvider)
    let entry = JournalEntry(event, identifier: identifier, label: label, metadata: whole)
    let result = entry.withVectors { sd_journal_sendv($0, $1) }
    guard result < 0 else { return }
    var refused = event
    refused.metadata = whole.merging(["journal_errno": "\(-result)"]) { $1 }
    fallback.log(event: refused)
  }
}
