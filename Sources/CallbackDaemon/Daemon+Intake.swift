import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Logging
import Systemd

/// Intake: from the spool into the store.
///
/// Files are read, put away and answered for beside the daemon's queue, a batch at a time, and committed on it.
extension Daemon {
  /// Files that were left in hand are put away so many at a time.
  private static let recoveryFiles = 256
  /// After so many files that can't be stored for now, the others of their batch wait for the next look.
  private static let mostFailures = 8

  /// Scans as soon as the queue is free; hints that come meanwhile are one scan.
  func queueScan() {
    intake.isScanWanted = true
    queueIntake()
  }

  private func queueIntake() {
    guard !isStopping, !isStoreDamaged, !intake.isStepQueued, intake.mayRead else { return }
    intake.isStepQueued = true
    enqueue { $0.intakeStep() }
  }

  /// Does the next piece: a batch of a scan, or of what was left in hand.
  private func intakeStep() {
    intake.isStepQueued = false
    guard !isStopping, !isStoreDamaged else { return }
    if intake.isScanning || intake.isScanWanted {
      scanStep()
    } else {
      recoverStep()
    }
  }

  /// Has one batch of files read.
  private func scanStep() {
    if !intake.isScanning { intake.isScanWanted = false }
    intake.readingSince = .now
    scanner.readNext { [self] result in enqueue { $0.take(result) } }
  }

  /// Takes in one batch of files, and goes on until the scan is complete.
  private func take(_ result: Result<Spool.Batch, SpoolError>) {
    intake.readingSince = nil
    // What was read stays in the spool, and is read again after the start.
    guard !isStopping, !isStoreDamaged else { return }
    switch result {
    case .success(let batch):
      intake.isScanning = !batch.isLast
      logger.debug(
        "Looked through the spool\(batch.isLast ? "" : ", so far"): files to take in: \(batch.arrivals.count)\(batch.lookAgainAt == nil ? "" : "; some are too young")."
      )
      // The next batch is read while this one is committed.
      if intake.isScanning, intake.mayReadOn { scanStep() }
      admit(batch.arrivals)
      if batch.isLast { finishScan(batch) } else { queueIntake() }
    case .failure(let error):
      intake.isScanning = false
      stages.isSpoolRead = false
      trouble(\.intake, .spoolTrouble, error.description)
      scanTimer?.arm(for: now.addingTimeInterval(pollSeconds), now: now)
    }
    announceReady()
  }

  private var pollSeconds: Double { Double(configuration.spool.poll.seconds) }

  private func armScanTimer(_ lookAgainAt: Date?) {
    let poll = now.addingTimeInterval(pollSeconds)
    if let lookAgainAt, lookAgainAt < poll {
      scanTimer?.arm(for: lookAgainAt, now: now)
    } else {
      scanTimer?.arm(for: poll, soonerSeconds: Self.pollSoonerSeconds, now: now)
    }
  }

  private func finishScan(_ batch: Spool.Batch) {
    armScanTimer(batch.lookAgainAt)
    pollAnswersAlong()
    if watchSpool(batch.folders) { intake.isScanWanted = true }
    watchStaleFiles(batch)
    if let problem = batch.problem {
      trouble(\.intake, .spoolTrouble, problem.description)
    } else if !intake.isAnyLeft {
      recovered(\.intake)
    }
    if intake.isAnyLeft || intake.isAnyOpen, intake.recovery == .none { intake.recovery = .wanted }
    flushDone()
    queueWhatIsWanted()
    lookAtServices()
  }

  /// Whatever was in the spool is in: what is not has not come.
  private func lookAtServices() {
    let known = (stages.isSpoolRead, stages.nextSilence)
    stages.isSpoolRead = true
    watchServices()
    // Where a poll finds nothing, nothing else is due.
    guard known != (true, stages.nextSilence) else { return }
    rearm()
    drainOutbox()
  }

  private func queueWhatIsWanted() {
    if intake.isScanning || intake.isScanWanted || intake.recovery != .none { queueIntake() }
  }

  // MARK: - Into the store

  /// Commits what was read, then has the files put away.
  private func admit(_ arrivals: [Arrival]) {
    guard !arrivals.isEmpty else { return }
    do throws(StoreError) {
      putAway(try commit(arrivals), isRecovery: false)
      recovered(\.store)
    } catch {
      // The files stay where they are; the next poll finds them again.
      storeFailed(error)
      if arrivals.count > 1, !isStoreDamaged { admitSingly(arrivals) }
    }
    rearm()
    drainOutbox()
  }

  /// One file that can't be stored must not keep the others out, be it that the disk has no room for a batch of thousands of
  /// messages, but for a message. Where there is none at all, only a few are tried.
  private func admitSingly(_ arrivals: [Arrival]) {
    var failures = 0
    for arrival in arrivals where failures < Self.mostFailures && !isStoreDamaged {
      do throws(StoreError) {
        putAway(try commit([arrival]), isRecovery: false)
      } catch {
        storeFailed(error)
        if error.mayPass { failures += 1 }
      }
    }
  }

  private func commit(_ arrivals: [Arrival]) throws(StoreError) -> [Admission] {
    let admitted = try stages.admit(arrivals, puttingAway: intake.done, at: now)
    intake.done.removeAll()
    log(admitted.admittances)
    for list in admitted.admissions.flatMap(\.lists) {
      logger.info("A list of \(list.count) messages came in; missing: \(list.missing.reduce(0) { $0 + $1.count }).")
    }
    for transition in admitted.missing { log(transition) }
    logMissing(admitted.missing)
    return admitted.admissions
  }

  // MARK: - Out of the spool

  /// Takes committed files out of `incoming/` and answers for them, beside the queue.
  private func putAway(_ admissions: [Admission], isRecovery: Bool) {
    guard !admissions.isEmpty else { return }
    let office = office
    for admission in admissions { receipts.add(admission, office: office) }
    intake.began()
    filesInHand.put(
      admissions, isRecovery: isRecovery, receiptOffice: configuration.spool.receipts ? office : nil
    ) { [self] report in
      enqueue { $0.take(report) }
    }
  }

  private func take(_ report: FilesInHand.Report) {
    switch report {
    case .putAway(let done, let owed, let isAnyChanged, let isAnyOpen, let failure):
      intake.ended()
      intake.done += done
      intake.receipts += owed
      if isAnyChanged { intake.isScanWanted = true }
      if isAnyOpen { intake.isAnyOpen = true }
      left(by: failure)
    case .answered(let done, let owed, let failure):
      intake.done += done
      intake.receipts -= owed
      left(by: failure)
    }
    flushDone()
    queueWhatIsWanted()
    finishStopping()
  }

  /// Files stay in hand after a failure, until the next scan was made.
  private func left(by failure: SpoolError?) {
    guard let failure else { return }
    intake.isAnyLeft = true
    trouble(\.intake, .spoolTrouble, failure.description)
  }

  /// Forgets files that are put away and answered for, where no next batch does it along the way.
  private func flushDone() {
    guard !intake.isScanning, intake.batches == 0, !intake.done.isEmpty else { return }
    do throws(StoreError) {
      try stages.store.putAway(intake.done)
      intake.done.removeAll()
    } catch {
      storeFailed(error)
    }
  }

  /// Puts away some of what a crash or a failure left between commit and receipt.
  private func recoverStep() {
    var after: Int64 = 0
    switch intake.recovery {
    case .none: return
    case .wanted: (intake.isAnyLeft, intake.isAnyOpen) = (false, false)
    case .underWay(let arrival): after = arrival
    }
    // Whoever ends comes back here.
    guard intake.mayRecover else { return }
    do throws(StoreError) {
      let left = try stages.store.arrivalsInHand(after: after, limit: Self.recoveryFiles)
      intake.recovery = left.last.map { .underWay(after: $0.arrival) } ?? .none
      putAway(left, isRecovery: true)
    } catch {
      intake.isAnyLeft = true
      intake.recovery = .none
      storeFailed(error)
    }
  }

  // MARK: - What is said of it

  /// Reading and putting away hang where a file server does not answer; intake waits for it, escalation does not.
  func watchIntake() {
    guard intake.isStuck() else { return }
    trouble(
      \.intake, .spoolTrouble,
      "Reading files in \(configuration.paths.spool)/incoming, or taking them out, has not ended in a minute: see whether its file system answers."
    )
    announceReady()
  }

  /// Says what became of messages, and what was done at once for those that came in late.
  private func log(_ admittances: [Admittance]) {
    counters.admitted += admittances.count
    let isEachSaid = admittances.count <= 16
    if !isEachSaid { logger.info("Admitted \(admittances.count) messages.") }
    for admittance in admittances {
      if admittance.transition.callback.kind == .unreadable {
        if admittance.part == .first { counters.unreadable += 1 }
        logger.report(
          .fileRejected,
          "A file could not be read; callback \(admittance.transition.callback.id) asks the service for it.",
          metadata: metadata(of: admittance.transition.callback))
      }
      if isEachSaid { log(admittance) }
      log(admittance.transition)
      for other in admittance.others { log(other) }
    }
  }

  private func log(_ admittance: Admittance) {
    let callback = admittance.transition.callback
    let number = callback.id
    let links = Set(admittance.others.map(\.callback.id)).sorted().map(String.init).joined(separator: ", ")
    let text =
      switch admittance.part {
      case .first:
        "Callback \(number) is in, \(callback.urgency.name)\(links.isEmpty ? "" : ", linked with \(links)")."
      case .again: "The message of callback \(number) came again."
      case .repeatCall: "A repeat call joined callback \(number), now \(callback.urgency.name)."
      case .amendment: "The message of callback \(number) was amended, now \(callback.urgency.name)."
      case .withdrawal: "The message of callback \(number) was withdrawn by its service."
      }
    logger.info("\(text)", metadata: metadata(of: callback))
  }

  /// The journal's fields for a callback: numbers and ids, never names.
  func metadata(of callback: Callback) -> Logger.Metadata {
    var fields: Logger.Metadata = ["callback": "\(callback.id)"]
    if let account = callback.message.account { fields["account"] = "\(account)" }
    return fields
  }
}
