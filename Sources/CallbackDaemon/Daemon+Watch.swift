import CallbackIntake
import Foundation
import Systemd

/// Hints that the spool changed.
extension Daemon {
  func startWatchingSpool() {
    do throws(SpoolError) {
      try SpoolLayout.create(at: configuration.paths.spool)
    } catch {
      // Escalation goes on without the spool; the poll picks it up when it is back.
      trouble(\.intake, .spoolTrouble, error.description)
    }
    watcher = SpoolWatcher(logger: logger) { [unowned self] hint in
      assumeIsolated { daemon in
        switch hint {
        case .renamedIn(let name, let folder): daemon.spool.noteRenamedIn(name, folder: folder)
        case .look: daemon.queueScan()
        }
      }
    }
    watcher?.start(queue: queue) { @Sendable in self.assumeIsolated { $0.watcher?.readHints() } }
    // The first scan is yet to come.
    _ = watchSpool()
  }

  /// Watches the folders that the last scan saw; says whether one of them was not watched before.
  func watchSpool() -> Bool {
    watcher?.watch(spool.watchedFolders.map { ($0, spool.path(ofFolder: $0)) }) ?? false
  }
}
