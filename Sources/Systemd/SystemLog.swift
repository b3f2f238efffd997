// Decides, once at the start, where log entries go.
//
// libsystemd takes entries for the journal without complaint when there is none, so the choice is made by what
// systemd.exec(5) promises: JOURNAL_STREAM names device and inode of standard error if that leads to the journal. A
// program that a service started with its output sent elsewhere inherits the variable, hence the comparison.

import Glibc
import Logging

/// Where this process logs to.
public enum SystemLog {
  enum Destination: Equatable {
    /// The journal, with fields.
    case journal
    /// Standard error leads to the journal, but its socket for fields is out of reach (a changed root).
    case journalStream
    /// Standard error is somebody's terminal, file or pipe.
    case standardError
  }

  /// Sends what any `Logger` logs to the journal, or to standard error where that is not the journal.
  ///
  /// Call once, before the first `Logger` is made: swift-log traps at a second call.
  ///
  /// - Parameters:
  ///   - level: the least that is logged.
  ///   - identifier: the program's name in the journal.
  public static func bootstrap(level: Logger.Level, identifier: String = "callbackd") {
    let destination = destination()
    let readable = StandardErrorLogHandler.readableStyle()
    LoggingSystem.bootstrap { label in
      var handler: any LogHandler =
        switch destination {
        case .journal: JournalLogHandler(label: label, identifier: identifier)
        case .journalStream: StandardErrorLogHandler(style: .prefixed)
        case .standardError: StandardErrorLogHandler(style: readable)
        }
      handler.logLevel = level
      return handler
    }
  }

  /// Where entries should go.
  ///
  /// Lines get `<N>` in front only where the journal reads them. INVOCATION_ID does not tell: systemd sets it also for a
  /// service whose standard error is a file, and there the prefix would be noise.
  static func destination(
    descriptor: Int32 = STDERR_FILENO, socket: String = "/run/systemd/journal/socket",
    environment: (String) -> String? = SystemLog.environment
  ) -> Destination {
    var status = stat()
    guard let stream = environment("JOURNAL_STREAM"), fstat(descriptor, &status) == 0,
      stream == "\(status.st_dev):\(status.st_ino)"
    else { return .standardError }
    return access(socket, W_OK) == 0 ? .journal : .journalStream
  }

  /// A variable of this process's environment.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
