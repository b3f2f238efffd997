import Logging
import Systemd

/// Tells the service manager and the log that a store of an older version is brought up to date.
///
/// Without it, systemd would end a start that takes longer than `TimeoutStartSec=` (90 s), and begin anew, for good.
final class MigrationNotice {
  private static let extensionOfStart = Duration.seconds(120)

  private let notifier = ServiceNotifier()
  private let logger = Logger(label: "callbackd")
  private var isLogged = false

  /// Asks for two minutes more from now.
  func tell() {
    if !isLogged {
      isLogged = true
      logger.notice("The database is of an older version and is brought up to date; messages wait in the spool.")
    }
    do {
      try notifier.extendTimeout(by: Self.extensionOfStart)
      try notifier.status("bringing the database up to date; messages wait in the spool")
    } catch {
      logger.warning("systemd may end a start that takes long: \(error)")
    }
  }
}
