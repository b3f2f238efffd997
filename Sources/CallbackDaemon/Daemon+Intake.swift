import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Logging
import Systemd

/// Intake: from the spool into the store.
///
/// Reading and committing take turns on the daemon's queue, a batch at a time; putting away runs beside it. A scan begins only
/// when nothing is being put away, so that it does not read again what is already committed.
extension Daemon {
  /// At most so many batches are being put away while further ones are read.
  private static let mostBatchesInHand = 2

  /// Scans as soon as the queue is free; hints that come meanwhile are one scan.
  func queueScan() {
    guard !isStopping else { return }
    isScanWanted = true
    guard !isScanQueued, mayGoOnScanning else { return }
    isScanQueued = true
    enqueue { $0.scanStep() }
  }

  private var mayGoOnScanning: Bool {
    spool.isScanning ? batchesInHand < Self.mostBatchesInHand : batchesInHand == 0
  }

  /// Takes in one batch of files; queues itself again until the scan is complete.
  func scanStep() {
    isScanQueued = false
    guard !isStopping else { return }
    if !spool.isScanning {
      isScanWanted = false
      if retryPutAway() { return }
    }
    defer { announceReady() }
    do throws(SpoolError) {
      let batch = try spool.nextBatch(at: now)
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
    if notPutAway.isEmpty { recovered(\.intake) }
    health.staleFiles(batch.staleFiles, logger: logger)
    // A hint that came between two batches: where the last one held nothing to put away, nobody else comes back to it.
    if isScanWanted { queueScan() }
    flushPutAway()
  }

  /// Commits what was read, then has the files put away.
  private func admit(_ arrivals: [Arrival]) {
    guard !arrivals.isEmpty else { return }
    do throws(StoreError) {
      putAway(try commit(arrivals), isRecovery: false)
      recovered(\.store)
    } catch {
      // The files stay where they are; the next poll finds them again.
      trouble(\.store, .storeTrouble, error.description)
      if arrivals.count > 1, !error.mayPass { admitSingly(arrivals) }
    }
    rearm()
    drainOutbox()
  }

  /// Not the disk: one file that can't be stored must not keep the others out.
  private func admitSingly(_ arrivals: [Arrival]) {
    for arrival in arrivals {
      do throws(StoreError) {
        putAway(try commit([arrival]), isRecovery: false)
      } catch {
        trouble(\.store, .storeTrouble, error.description)
      }
    }
  }

  private func commit(_ arrivals: [Arrival]) throws(StoreError) -> [Admission] {
    let now = now
    let rules = rules
    let admissions = try store.admit(arrivals, puttingAway: donePuttingAway, at: now) { rules.admit($0, at: now) }
    donePuttingAway.removeAll()
    log(admissions)
    return admissions
  }

  /// Takes committed files out of `incoming/` and answers for them, beside the queue.
  private func putAway(_ admissions: [Admission], isRecovery: Bool) {
    guard !admissions.isEmpty else { return }
    batchesInHand += 1
    filesInHand.put(
      admissions, isRecovery: isRecovery, receiptOffice: configuration.spool.receipts ? rules.office : nil
    ) { [self] result in
      enqueue { $0.ended(result) }
    }
  }

  private func ended(_ result: FilesInHand.Result) {
    batchesInHand -= 1
    donePuttingAway += result.done
    notPutAway += result.failed
    if let failure = result.failure { trouble(\.intake, .spoolTrouble, failure.description) }
    if result.isAnyChanged { isScanWanted = true }
    if spool.isScanning || isScanWanted {
      queueScan()
    } else {
      flushPutAway()
    }
    finishStopping()
  }

  /// Tries again to put away what could not be; true if there was any, and the scan has to wait.
  private func retryPutAway() -> Bool {
    guard !notPutAway.isEmpty, !isRetryingPutAway else {
      isRetryingPutAway = false
      return false
    }
    let again = notPutAway
    notPutAway.removeAll()
    isRetryingPutAway = true
    isScanWanted = true
    putAway(again, isRecovery: true)
    return true
  }

  /// Forgets files that are put away, where no next batch does it along the way.
  private func flushPutAway() {
    guard batchesInHand == 0, !donePuttingAway.isEmpty else { return }
    do throws(StoreError) {
      try store.putAway(donePuttingAway)
      donePuttingAway.removeAll()
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
