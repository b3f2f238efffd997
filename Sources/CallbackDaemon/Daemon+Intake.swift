import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Logging
import Systemd

/// Intake: from the spool into the store.
extension Daemon {
  /// Scans as soon as the queue is free; hints that come meanwhile are one scan.
  func queueScan() {
    guard !isScanQueued, !isStopping else { return }
    isScanQueued = true
    enqueue { $0.scanStep() }
  }

  /// Takes in one batch of files; queues itself again until the scan is complete.
  func scanStep() {
    isScanQueued = false
    guard !isStopping else { return }
    do throws(SpoolError) {
      if !spool.isScanning { putAway(Array(inHand.values), isRecovery: true) }
      let batch = try spool.nextBatch(at: now, inHand: Set(inHand.keys))
      admit(batch.arrivals)
      if batch.isLast {
        finishScan(batch)
      } else {
        queueScan()
      }
    } catch {
      trouble(\.intake, .spoolTrouble, error.description)
      scanTimer?.arm(for: now.addingTimeInterval(pollSeconds), now: now)
    }
  }

  private var pollSeconds: Double { Double(configuration.spool.poll.seconds) }

  private func finishScan(_ batch: Spool.Batch) {
    let poll = now.addingTimeInterval(pollSeconds)
    scanTimer?.arm(for: min(batch.lookAgainAt ?? poll, poll), now: now)
    watcher?.watch(spool.watchedFolders.map { ($0, spool.path(ofFolder: $0)) })
    if inHand.isEmpty { recovered(\.intake) }
    health.staleFiles(batch.staleFiles, logger: logger)
  }

  /// Commits what was read, then puts the files away.
  private func admit(_ arrivals: [Arrival]) {
    guard !arrivals.isEmpty else { return }
    do throws(StoreError) {
      putAway(try commit(arrivals), isRecovery: false)
      recovered(\.store)
    } catch {
      // The files stay where they are; the next poll finds them again.
      trouble(\.store, .storeTrouble, error.description)
      guard arrivals.count > 1, !error.mayPass else { return }
      // Not the disk: one file that can't be stored must not keep the others out.
      for arrival in arrivals {
        do throws(StoreError) {
          putAway(try commit([arrival]), isRecovery: false)
        } catch {
          trouble(\.store, .storeTrouble, error.description)
        }
      }
    }
    rearm()
    drainOutbox()
  }

  private func commit(_ arrivals: [Arrival]) throws(StoreError) -> [Admission] {
    let now = now
    let rules = rules
    let admissions = try store.admit(arrivals, at: now) { rules.admit($0, at: now) }
    log(admissions)
    return admissions
  }

  /// Takes committed files out of `incoming/` and answers for them; what can't be put away now is tried again.
  private func putAway(_ admissions: [Admission], isRecovery: Bool) {
    guard !admissions.isEmpty else { return }
    var done: [Int64] = []
    for admission in admissions {
      do throws(SpoolError) {
        let outcome = try spool.putAway(admission, isRecovery: isRecovery) {
          Receipt.text(for: admission.callbacks, office: rules.office)
        }
        if outcome == .changed { queueScan() }
        inHand[admission.arrival] = nil
        done.append(admission.arrival)
      } catch {
        inHand[admission.arrival] = admission
        trouble(\.intake, .spoolTrouble, error.description)
      }
    }
    do throws(StoreError) {
      try store.putAway(done)
    } catch {
      trouble(\.store, .storeTrouble, error.description)
    }
  }

  /// Finishes what a crash left between commit and receipt.
  func recoverFilesInHand() {
    do throws(StoreError) {
      putAway(try store.arrivalsInHand(), isRecovery: true)
    } catch {
      trouble(\.store, .storeTrouble, error.description)
    }
  }

  private func log(_ admissions: [Admission]) {
    let callbacks = admissions.flatMap(\.callbacks)
    for callback in callbacks where callback.kind == .unreadable {
      logger.report(
        .fileRejected, "A file could not be read; callback \(callback.id) asks the service for it.",
        metadata: metadata(of: callback))
    }
    guard callbacks.count <= 16 else {
      logger.info("Admitted \(callbacks.count) callbacks.")
      return
    }
    for callback in callbacks {
      logger.info("Callback \(callback.id) is in, \(callback.urgency.name).", metadata: metadata(of: callback))
    }
  }

  /// The journal's fields for a callback: numbers and ids, never names.
  func metadata(of callback: Callback) -> Logger.Metadata {
    var fields: Logger.Metadata = ["callback": "\(callback.id)"]
    if let account = callback.message.account { fields["account"] = "\(account)" }
    return fields
  }
}
