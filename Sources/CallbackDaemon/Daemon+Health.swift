import CProgramPages
import CallbackControl
import CallbackRules
import CallbackStore
import Dispatch
import Foundation
import Systemd

/// What systemd and operators are told.
extension Daemon {
  /// The slow tick, on the boot clock, which nobody sets.
  static let tickSeconds = 15
  /// Every so many ticks all timers are set anew, and notices looked for, whatever happened.
  private static let ticksToLookAnew = 4
  /// By so much a poll may come sooner to come with a tick.
  static let pollSoonerSeconds = 2.0

  func startTimers() {
    wakeTimer = WallTimer(queue: queue) { @Sendable in self.assumeIsolated { $0.advanceStep() } }
    outboxTimer = WallTimer(queue: queue) { @Sendable in self.assumeIsolated { $0.drainOutbox() } }
    scanTimer = WallTimer(queue: queue) { @Sendable in self.assumeIsolated { $0.queueScan() } }
    answerTimer = WallTimer(queue: queue) { @Sendable in self.assumeIsolated { $0.queueAnswers() } }
    let interval = tickInterval()
    let tick = DispatchSource.makeTimerSource(queue: queue)
    tick.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(50))
    tick.setEventHandler { @Sendable in self.assumeIsolated { $0.tickStep() } }
    tick.resume()
    self.tick = tick
    rearm()
    drainOutbox()
  }

  /// Often enough for systemd's watchdog, where it asks for one.
  private func tickInterval() -> DispatchTimeInterval {
    let usual = DispatchTimeInterval.seconds(Self.tickSeconds)
    do throws(SystemdError) {
      guard let watchdog = try notifier.watchdogInterval, watchdog < .seconds(2 * Self.tickSeconds) else {
        return usual
      }
      return .microseconds(max(50_000, Int(watchdog / .microseconds(1)) / 2))
    } catch {
      logger.warning("\(error)")
      return usual
    }
  }

  private func tickStep() {
    ticks += 1
    noteAlive()
    lookAtClock()
    if ticks.isMultiple(of: Self.ticksToLookAnew) { setTimersAnew() }
    pollWithTick()
    lookAtShiftsAgain()
    endCatchUpWhereDone()
    watchIntake()
    watchAnswers()
    watchTroubles()
    sendCanary()
    lookAtRecord()
    tellStatus()
    writeMetrics()
    mailWeeklyReport()
    guard makesProgress() else { return }
    tell { notifier throws(SystemdError) in try notifier.watchdog() }
    // A restart mends neither a disk nor a share, so systemd is told all the same; whoever watches from outside is not.
    if isStoreSteady, !intake.isStuck(), !answers.isStuck() { beat() }
  }

  /// What is to be polled in a moment is polled now, and so again with a later tick: the process wakes once for both. Answers
  /// are looked for once the spool was looked through, where a thread is left that need not be made.
  private func pollWithTick() {
    intake.doAnswersFollow = poll(scanTimer, queueScan)
    if !intake.doAnswersFollow { poll(answerTimer, queueAnswers) }
  }

  /// After the look through the spool that a tick began.
  func pollAnswersAlong() {
    guard intake.doAnswersFollow else { return }
    intake.doAnswersFollow = false
    poll(answerTimer, queueAnswers)
  }

  /// - Returns: whether it was time for that.
  @discardableResult
  private func poll(_ timer: WallTimer?, _ look: () -> Void) -> Bool {
    let soon = now.addingTimeInterval(Self.pollSoonerSeconds)
    guard let timer, let due = timer.armedFor, now <= due, due <= soon else { return false }
    // Or it would fire while that is done, and have it done twice.
    timer.arm(for: now.addingTimeInterval(Double(configuration.spool.poll.seconds)), now: now)
    look()
    return true
  }

  /// Whether no stage hangs; intake may, on a share that does not answer, and escalation must go on then.
  private func makesProgress() -> Bool {
    let longest = configuration.mail.timeout.seconds + 30
    if health.isDeliveryStuck(longestSeconds: longest) {
      trouble(\.delivery, nil, "A hand-over has not ended in \(longest) s, so systemd will restart callbackd.")
      return false
    }
    if let due = wakeTimer?.armedFor, health.isTimerStuck(dueSince: due, now: now), health.store.isOK {
      trouble(\.timer, nil, "What was due at \(due) was not looked at, so systemd will restart callbackd.")
      return false
    }
    recovered(\.timer)
    return true
  }

  /// After the wall clock was set back, timers wait too long: they are armed by what it shows now. Notices are looked for, too:
  /// what another look missed is found by this one.
  func setTimersAnew() {
    for timer in [wakeTimer, outboxTimer, scanTimer, answerTimer] { timer?.distrust() }
    rearm()
    drainOutbox()
    isStatusStale = true
    for timer in [scanTimer, answerTimer] {
      guard let timer, let armed = timer.armedFor else { continue }
      timer.arm(for: min(armed, now.addingTimeInterval(Double(configuration.spool.poll.seconds))), now: now)
    }
  }

  /// Tells systemd the counts, where they are others than it was told.
  private func tellStatus() {
    guard isStatusStale else { return }
    isStatusStale = false
    let line = statusLine
    guard line != toldStatus else { return }
    toldStatus = line
    tell { notifier throws(SystemdError) in try notifier.status(line) }
  }

  /// Says, once, that the daemon is ready: the socket answers, and the spool was looked through or its trouble is known.
  func announceReady() {
    guard !isReady else { return }
    isReady = true
    logger.report(.started, "callbackd \(Version.current) is ready.")
    writeMetrics()
    mailWeeklyReport()
    tell { notifier throws(SystemdError) in try notifier.ready(status: statusLine) }
    // Only then are the directories there.
    queueAnswers()
    // Reading the configuration and bringing the store up to date takes more code than all that follows.
    enqueue { _ in program_pages_release() }
  }

  /// Says something to systemd; what it does not take is logged.
  func tell(_ message: (ServiceNotifier) throws(SystemdError) -> Void) {
    do throws(SystemdError) {
      try message(notifier)
    } catch {
      logger.warning("\(error)")
    }
  }

  /// Counts, never names.
  var statusLine: String {
    do throws(StoreError) {
      let counts = try stages.store.counts()
      var line = "\(counts.open) open, \(counts.overdue) overdue, \(counts.noticesWaiting) notices waiting"
      for stage in [\Health.intake, \Health.answers, \Health.store, \Health.delivery] where !health[keyPath: stage].isOK
      {
        line += "; trouble in \(Health.name(of: stage))"
      }
      return line
    } catch {
      storeFailed(error)
      return "trouble in store"
    }
  }

  func statusReport() throws(StoreError) -> StatusReport {
    let now = now
    let counts = try stages.store.counts()
    return StatusReport(
      version: Version.current, startedAt: startedAt, stages: health.report,
      counts: StatusReport.Counts(
        open: counts.open, overdue: counts.overdue, owned: counts.owned, unowned: counts.open - counts.owned),
      oldestOverdueSeconds: counts.oldestOverdueDue.map { max(0, Int(now.timeIntervalSince($0))) },
      noticesWaiting: counts.noticesWaiting, nextWakeAt: try stages.nextWake(),
      alarms: try alarms(at: now).map(AlarmRow.init))
  }

  /// A stage met trouble: said once in the log, and shown until it is over.
  ///
  /// - Parameter message: nil for a fault of callbackd's own, which no catalog explains.
  func trouble(_ stage: WritableKeyPath<Health, Health.Stage>, _ message: JournalMessage?, _ text: String) {
    guard !(isDamageTold && Self.ofDamage.contains(stage) && stage != \Health.store) else { return }
    noteFailure(in: stage)
    let isNews = health[keyPath: stage].isOK || health[keyPath: stage].detail != text
    health[keyPath: stage] = Health.Stage(isOK: false, detail: text)
    isStatusStale = true
    guard isNews else { return }
    control?.noteChange()
    if let message {
      logger.report(message, "\(text)")
    } else {
      logger.critical("\(text)")
    }
  }

  /// The stages whose trouble a damaged store is until the next start, whatever it still does.
  private static var ofDamage: Set<WritableKeyPath<Health, Health.Stage>> { [\.store, \.intake, \.answers] }

  func recovered(_ stage: WritableKeyPath<Health, Health.Stage>) {
    guard !health[keyPath: stage].isOK, !(isStoreDamaged && Self.ofDamage.contains(stage)) else { return }
    health[keyPath: stage] = Health.Stage()
    isStatusStale = true
    control?.noteChange()
    logger.notice("The trouble in \(Health.name(of: stage)) is over.")
  }
}
