import CallbackDaemon
import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation

/// What the daemon does around its stages: starting, the timer, the spool, trouble.
extension World {
  /// Starts it, after a crash or down time; it may crash again meanwhile.
  func startDaemon(downSince: Date? = nil) throws {
    faults.restarted()
    let store = try WitnessedStore(file: file, ledger: ledger, faults: faults)
    let daemon = RunningDaemon(store: store, rules: makeRules(plan.office))
    ledger.office = plan.office
    self.daemon = daemon
    note("the daemon starts")
    if let downSince { daemon.stages.beginCatchUp(.downTime, from: downSince, until: max(clock.now, downSince)) }
    daemon.replansFrom = 0
    try attempt { daemon throws(StoreError) in
      try daemon.store.releaseLeases()
      try daemon.stages.recallChannels()
    }
    try work()
    if spool.files.isEmpty == false { agenda.plan(.poll, at: clock.real + 1) }
  }

  /// Lets the daemon do what is to be done now, until it comes to rest, and looks whether all promises are kept.
  func work() throws {
    guard daemon != nil, ledger.violation == nil else { return }
    let isDone = try attempt { daemon throws(StoreError) in
      try recoverFiles(daemon)
      try admitFiles(daemon)
      for _ in 0..<1000 {
        try replan(daemon)
        guard try advance(daemon) else { return }
        guard try deliver(daemon) else { return }
      }
      ledger.broken("the daemon comes to rest", "it does not")
    }
    if isDone { try checkRest() }
  }

  private func replan(_ daemon: RunningDaemon) throws(StoreError) {
    guard let first = daemon.replansFrom else { return }
    // First, so that those who came on shift hear of what is open once.
    _ = try daemon.stages.handOff(at: clock.now)
    // Looking sixty days ahead costs more than all the rest.
    if chance.percent(10) { _ = try daemon.stages.watchCoverage(at: clock.now) }
    var next = first
    while true {
      let portion = try daemon.stages.replan(after: next, span: 256, at: clock.now)
      if portion.isLast { break }
      next = portion.next
    }
    daemon.replansFrom = nil
    ledger.plannedAnew()
  }

  /// - Returns: whether the daemon goes on.
  private func advance(_ daemon: RunningDaemon) throws(StoreError) -> Bool {
    var transitions: [Transition] = []
    var isDone = false
    while !isDone {
      let advanced = try daemon.stages.advance(
        at: clock.now, limit: 256, leasing: freeHandOvers(daemon), transitions: &transitions)
      guard try handOver(advanced.leases, daemon) else { return false }
      isDone = advanced.isDone
    }
    if daemon.stages.catchUp != nil { _ = try daemon.stages.endCatchUp(at: clock.now) }
    return true
  }

  // MARK: - The spool

  private func admitFiles(_ daemon: RunningDaemon) throws(StoreError) {
    guard !spool.files.isEmpty else { return }
    let files = Array(spool.files.prefix(8))
    for _ in files.filter(\.wasAdmitted) { count(.fileAdmittedAgain) }
    let done = daemon.putAway
    let admitted = try daemon.stages.admit(files.map(\.arrival), puttingAway: done, at: clock.now)
    daemon.putAway.removeAll { done.contains($0) }
    spool.admitted(files.count)
    if chance.percent(2 * badLuck) {
      crash(.crashAfterCommit)
      return
    }
    putAway(admitted.admissions, daemon)
    if spool.files.isEmpty == false { agenda.plan(.poll, at: clock.real + 1) }
  }

  /// What a crash left between commit and putting away.
  private func recoverFiles(_ daemon: RunningDaemon) throws(StoreError) {
    guard spool.hasLeftovers, chance.percent(50) else { return }
    putAway(try daemon.store.arrivalsInHand(after: 0, limit: 100), daemon)
    spool.hasLeftovers = false
  }

  private func putAway(_ admissions: [Admission], _ daemon: RunningDaemon) {
    for admission in admissions {
      spool.remove(inode: admission.identity.inode)
      if !daemon.putAway.contains(admission.arrival) { daemon.putAway.append(admission.arrival) }
    }
  }

  // MARK: - Trouble

  /// Runs what may fail where a fault was made; anything else that fails is a broken promise.
  ///
  /// - Returns: whether it was done.
  @discardableResult
  func attempt(_ body: (RunningDaemon) throws(StoreError) -> Void) throws -> Bool {
    guard let daemon, !faults.hasCrashed else { return false }
    do throws(StoreError) {
      try body(daemon)
      guard self.daemon === daemon else { return false }
      daemon.isInTrouble = false
      return true
    } catch {
      if faults.hasCrashed {
        crash(faults.crashesAfterCommit ? .crashAfterCommit : .crashBeforeCommit)
      } else if faults.isAborting {
        note("a transaction failed: \(error)")
        daemon.isInTrouble = true
        agenda.plan(.poll, at: clock.real + 5)
      } else {
        ledger.broken("the store does what it is asked to", error.description)
      }
      return false
    }
  }

  /// The daemon is gone with all it had in memory; systemd starts it again.
  func crash(_ fault: Fault) {
    count(fault)
    daemon = nil
    spool.hasLeftovers = true
    downSince = clock.now
    agenda.plan(.daemonStarts, at: clock.real + chance.weighed([(6, 0), (3, 1), (1, chance.number(2...600))]))
  }
}
