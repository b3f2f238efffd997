import CallbackIntake
import Dispatch
import Foundation

/// Looks through the spool beside the daemon's queue: on a share that does not answer a look may never end, and escalation
/// must go on.
///
/// `@unchecked Sendable`: `spool` is touched on `queue` alone.
final class SpoolScanner: @unchecked Sendable {
  private let queue = DispatchQueue(label: "callbackd.scan")
  private let spool: Spool

  init(settings: Spool.Settings, reader: MessageReader) {
    spool = Spool(settings: settings, reader: reader)
  }

  /// Makes the directories that are missing.
  ///
  /// - Parameter failed: called on another queue where they can't be made.
  func createDirectories(at root: String, failed: @escaping @Sendable (SpoolError) -> Void) {
    queue.async { @Sendable in
      do throws(SpoolError) {
        try SpoolLayout.create(at: root)
      } catch {
        failed(error)
      }
    }
  }

  /// What holds from the next batch on.
  func use(_ settings: Spool.Settings, reader: MessageReader) {
    queue.async { @Sendable [self] in
      spool.settings = settings
      spool.reader = reader
    }
  }

  /// As `Spool.noteRenamedIn`.
  func noteRenamedIn(_ name: [UInt8], folder: String?) {
    queue.async { @Sendable [self] in spool.noteRenamedIn(name, folder: folder) }
  }

  /// Reads the next files of the scan under way, or of a new one, and reports on another queue.
  func readNext(report: @escaping @Sendable (Result<Spool.Batch, SpoolError>) -> Void) {
    queue.async { @Sendable [self] in
      do throws(SpoolError) {
        report(.success(try spool.nextBatch(at: Date())))
      } catch {
        report(.failure(error))
      }
    }
  }
}
