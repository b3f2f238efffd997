import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import ChildProcesses
import Foundation
import Systemd

/// Trouble of callbackd's own, of which the fallback is told when it lasts.
///
/// Trouble with the spool is told by a notice like any other. Trouble with the store can't be, since every notice is stored
/// first: that alarm goes past the store to the fallback's channels, one at a time, beside the queue.
extension Daemon {
  /// A store that takes nothing stops everything, so the fallback hears of that sooner than of the spool.
  private static let longestStorePatience = Duration.seconds(30)
  /// After so long without a failure, trouble is over.
  private static let shortestQuiet = Duration.seconds(60)
  private static let longestWait = Duration.seconds(240)
  /// A notice may wait for so many times `alarm_after`: its tries begin within a minute, and a channel that takes nothing is told
  /// of before.
  private static let noticePatience = 10

  private var patience: Duration { .seconds(configuration.alarmAfter.seconds) }

  /// Trouble shows when something is tried again, which the poll does; where that is rare, its end is not told hours late.
  private var quiet: Duration {
    min(Self.shortestQuiet, patience) + min(.seconds(2 * configuration.spool.poll.seconds), Self.longestWait)
  }

  private var spoolLimits: TroubleWatch.Limits { TroubleWatch.Limits(patience: patience, quiet: quiet) }

  private var storeLimits: TroubleWatch.Limits {
    TroubleWatch.Limits(patience: min(patience, Self.longestStorePatience), quiet: quiet, again: .seconds(3600))
  }

  /// Whether the store takes what it is given, and has for a while.
  var isStoreSteady: Bool { health.store.isOK && storeTrouble.isQuiet(at: .now, limits: storeLimits) }

  /// Notes that something failed, however often it did before.
  func noteFailure(in stage: WritableKeyPath<Health, Health.Stage>) {
    switch stage {
    case \Health.intake, \Health.answers: spoolTrouble.failed(now: now, at: .now, limits: spoolLimits)
    case \Health.store: storeTrouble.failed(now: now, at: .now, limits: storeLimits)
    default: return
    }
  }

  /// Notes that the store failed.
  func storeFailed(_ error: StoreError) {
    trouble(\.store, .storeTrouble, error.description)
    lookAtDamage()
  }

  /// Whether messages and answers stay in the spool, where they are safe, until callbackd is started anew, with a backup put back:
  /// what is committed into a damaged store is not in the backup. What can still be read of what is in goes on being told, and
  /// people's commands are taken, for they see what becomes of them.
  var isStoreDamaged: Bool { stages.store.isDamaged }

  private func lookAtDamage() {
    guard isStoreDamaged, !isDamageTold else { return }
    let text =
      "The store is damaged: messages and answers stay in the spool; stop callbackd and restore a backup (callbackctl restore)."
    if health.store.isOK { trouble(\.store, .storeTrouble, text) }
    (health.intake, health.answers) = (Health.Stage(isOK: false, detail: text), Health.Stage(isOK: false, detail: text))
    isStatusStale = true
    logger.report(.storeTrouble, "\(text)")
    isDamageTold = true
    announceReady()
  }

  /// Tells the fallback that starts go well again, where it was told that they did not.
  func lookAtStartTrouble() {
    guard let since = StartTrouble(configuration).end() else { return }
    if !raiseOver(.storageRestored, from: since, until: now) {
      logger.error("The fallback could not be told that the store is in order again.")
    }
  }

  /// With the slow tick.
  func watchTroubles() {
    lookAtDamage()
    probeStore()
    tellOfStore()
    tellOfSpool()
    tellOfDelivery()
  }

  private func tellOfDelivery() {
    do throws(StoreError) {
      noteRaised(try stages.watchChannels(at: now, patienceSeconds: configuration.alarmAfter.seconds))
      let late = try stages.watchNotices(
        at: now, patienceSeconds: configuration.alarmAfter.seconds * Self.noticePatience,
        ableSeconds: Int((ContinuousClock.now - deliversSince) / .seconds(1)))
      noteRaised([late].compactMap(\.self))
      // What has waited too long for a way that fails is given up along with it.
      if stages.destinations.isAnyHeld { drainOutbox() }
    } catch {
      storeFailed(error)
      // Of some alarms that may be in.
      drainOutbox()
    }
  }

  private func noteRaised(_ alarms: [Alarm]) {
    guard !alarms.isEmpty else { return }
    for alarm in alarms {
      report(alarm)
      if [.channelRestored, .deliveryRestored].contains(alarm.kind) { madeGood[alarm.kind] = alarm }
    }
    drainOutbox()
  }

  /// After a start and every morning, where mail is in use.
  func sendCanary() {
    do throws(StoreError) {
      guard try stages.sendCanary(at: now) else { return }
      logger.info("A mail goes to the operator, to show that mails go out.")
      drainOutbox()
    } catch {
      storeFailed(error)
      // It may be in all the same.
      drainOutbox()
    }
  }

  private func tellOfSpool() {
    switch spoolTrouble.news(isOK: health.intake.isOK && health.answers.isOK, at: .now, limits: spoolLimits) {
    case nil: return
    case .lasts(let since):
      guard raise(Alarm(.spoolTrouble, from: since, until: now)) else { return }
      spoolTrouble.told(true, at: .now, limits: spoolLimits)
    case .over(let since, let until):
      guard raiseOver(.spoolRestored, from: since, until: until) else { return }
      spoolTrouble.ended()
    }
  }

  private func tellOfStore() {
    switch storeTrouble.news(isOK: health.store.isOK, at: .now, limits: storeLimits) {
    case nil: return
    case .lasts(let since): tellDirectly(Alarm(.storageTrouble, from: since, until: now))
    case .over(let since, let until):
      guard directAlarm == nil, raiseOver(.storageRestored, from: since, until: until) else { return }
      storeTrouble.ended()
    }
  }

  /// Has the fallback told by the ordinary way.
  ///
  /// - Returns: false where the store could not take it; the next tick tries again.
  private func raise(_ alarm: Alarm) -> Bool {
    do throws(StoreError) {
      if try stages.raise(alarm, at: now) { report(alarm) }
      drainOutbox()
      return true
    } catch {
      storeFailed(error)
      return false
    }
  }

  private func raiseOver(_ kind: Alarm.Kind, from since: Date, until: Date) -> Bool {
    let alarm = Alarm(kind, from: since, until: until)
    guard raise(alarm) else { return false }
    madeGood[kind] = alarm
    return true
  }

  /// Hands an alarm to the fallback's channels without the store, and never two at once.
  private func tellDirectly(_ alarm: Alarm) {
    guard directAlarm == nil, !isStopping else { return }
    report(alarm)
    storeTrouble.told(false, at: .now, limits: storeLimits)
    let deliverer = deliverer
    let now = now
    let people = office.people(for: office.fallback, at: now).map(\.id)
    let token = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    directAlarm = Task.detached(executorPreference: BlockingExecutor.shared) { [self] in
      let result = await deliverer.tellDirectly(alarm, people: people, token: token, now: now)
      await ended(result)
    }
  }

  private func ended(_ result: Deliverer.Direct) {
    directAlarm = nil
    storeTrouble.told(result.delivered > 0, at: .now, limits: storeLimits)
    for problem in result.problems { logger.warning("The alarm about the store did not go out: \(problem)") }
    if result.delivered == 0, result.problems.isEmpty { logger.critical("The fallback has nobody to tell.") }
    finishStopping()
  }

  /// Where nothing has failed for long, looks whether the store takes something again: what failed may not be tried again
  /// before the next callback is due.
  private func probeStore() {
    guard !health.store.isOK, !isStoreDamaged, storeTrouble.isQuiet(at: .now, limits: storeLimits) else { return }
    do throws(StoreError) {
      try stages.store.setMark("probe", at: now)
      recovered(\.store)
    } catch {
      storeFailed(error)
    }
  }

  /// After a look through the spool: what has been unfinished for too long.
  func watchStaleFiles(_ batch: Spool.Batch) {
    let finding = staleWatch.look(batch.staleFiles, at: .now)
    let isNews = finding.isToBeTold && batch.staleSince.map { raise(Alarm(.staleFiles, from: $0, until: now)) } ?? false
    if isNews { staleWatch.told(at: .now) }
    guard finding.isMore else { return }
    let files = batch.staleFiles == 1 ? "1 file has" : "\(batch.staleFiles) files have"
    logger.report(
      .staleFiles,
      "\(files) been unfinished in incoming/ for longer than spool.stale_after: a transfer may have died; ask the service to send again."
    )
  }

  /// Trouble that lasts and of which the fallback knows.
  func lastingAlarms(at now: Date) -> [Alarm] {
    [
      storeTrouble.knownSince.map { Alarm(.storageTrouble, from: $0, until: now) },
      spoolTrouble.knownSince.map { Alarm(.spoolTrouble, from: $0, until: now) },
    ].compactMap(\.self)
  }
}
