import CallbackIntake
import Foundation
import Systemd

/// Hints that the spool changed.
extension Daemon {
  func startWatchingSpool() {
    scanner.createDirectories(at: configuration.paths.spool) { [self] error in
      // Escalation goes on without the spool; the poll picks it up when it is back.
      enqueue { $0.trouble(\.intake, .spoolTrouble, error.description) }
    }
    watcher = SpoolWatcher(logger: logger) { [unowned self] hint in
      assumeIsolated { daemon in
        switch hint {
        case .renamedIn(let name, let folder): daemon.scanner.noteRenamedIn(name, folder: folder)
        case .look: daemon.queueScan()
        }
      }
    }
    watcher?.start(queue: queue) { @Sendable in self.assumeIsolated { $0.watcher?.readHints() } }
  }

  /// Watches the folders that the last scan saw; says whether one of them was not watched before.
  func watchSpool(_ folders: [String]) -> Bool {
    let root = configuration.paths.spool
    return watcher?.watch(([nil] + folders).map { ($0, SpoolLayout.path(ofFolder: $0, in: root)) }) ?? false
  }
}
