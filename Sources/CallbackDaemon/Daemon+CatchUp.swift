import CallbackRules
import CallbackStore
import Foundation
import Systemd

/// What was missed while the daemon was down, or the clock behind: made good at once, told in one notice a person, reported.
extension Daemon {
  /// A shorter down time is a restart, and a clock set by less a correction: what fell due meanwhile is told as ever.
  private static let worthCatchingUpSeconds = 60.0

  /// Begins to catch up where the daemon before ended long ago. In the future: the clock was ahead then.
  func lookAtDownTime() {
    let now = now
    if now.timeIntervalSince(lock.lastAlive) > Self.worthCatchingUpSeconds {
      stages.beginCatchUp(.downTime, from: lock.lastAlive, until: now)
    }
    noteAlive()
  }

  /// Notes in a file's time that the daemon is alive: no write to the database, nothing synced.
  func noteAlive() {
    do throws(StoreError) {
      try lock.noteAlive()
    } catch {
      storeFailed(error)
    }
  }

  /// Whatever waits for a moment does so by what the clock shows now.
  func lookAtClock() {
    guard let step = clockWatch.stepSeconds() else { return }
    let now = now
    let seconds = Int(abs(step).rounded())
    logger.notice("The clock was set \(step > 0 ? "forward" : "back") by \(seconds) s; all timers are set anew.")
    if step > Self.worthCatchingUpSeconds {
      endCatchUp()
      stages.beginCatchUp(.clockSet, from: now.addingTimeInterval(-step), until: now)
      deliversSince = .now
    }
    noteAlive()
    queueReplan()
    lookAtShifts()
    setTimersAnew()
  }

  /// Ends it once all was planned anew and nothing is due.
  func endCatchUpWhereDone() {
    guard stages.catchUp != nil, replannedAfter == nil else { return }
    do throws(StoreError) {
      if let next = try stages.nextWake(), next <= now { return }
    } catch {
      // The next tick looks again.
      storeFailed(error)
      return
    }
    endCatchUp()
  }

  func endCatchUp() {
    guard let catchUp = stages.catchUp else { return }
    do throws(StoreError) {
      guard let alarm = try stages.endCatchUp(at: now) else { return }
      if catchUp.isWorthTelling {
        report(alarm)
        madeGood[alarm.kind] = alarm
      } else {
        logger.notice("\(alarm.sentence(zone: office.zone))")
      }
      drainOutbox()
    } catch {
      storeFailed(error)
    }
  }

  /// An alarm is an entry in the journal too, for those who watch it.
  func report(_ alarm: Alarm) {
    let message: JournalMessage? =
      switch alarm.kind {
      case .downTime: .downTime
      case .clockSet: .clockSet
      case .coverageGap: .coverageGap
      case .spoolTrouble: .spoolTrouble
      case .storageTrouble: .storeTrouble
      case .spoolRestored, .storageRestored: .troubleOver
      case .staleFiles: .staleFiles
      case .silentService: .silentService
      case .channelTrouble: .channelTrouble
      case .channelRestored, .deliveryRestored: .troubleOver
      case .deliveryTrouble: .deliveryTrouble
      case .canary: nil
      case .strayAnswer: .strayAnswer
      }
    let sentence = alarm.sentence(zone: office.zone)
    if let message { logger.report(message, "\(sentence)") } else { logger.info("\(sentence)") }
    isStatusStale = true
  }

  /// What `status` shows: trouble that lasts, what was made good today, gaps that are near, and services that are silent.
  func alarms(at now: Date) throws(StoreError) -> [Alarm] {
    let recent = madeGood.values.filter { abs(now.timeIntervalSince($0.until)) < 86_400 }
    let gaps = stages.coverageGaps(at: now).map {
      Alarm(.coverageGap, from: $0.from, until: $0.until, rotation: $0.rotation)
    }
    let lasting = try lastingAlarms(at: now) + stages.failingChannels(at: now) + stages.lateNotices(at: now)
    return lasting + recent.sorted { $0.until < $1.until } + gaps + stages.silentServices(at: now)
  }
}

extension Alarm {
  /// For the journal: ids and numbers, times of this zone.
  func sentence(zone: Zone) -> String {
    func time(_ moment: Date) -> String {
      let time = zone.civilTime(at: moment)
      return "\(time.dateText) \(time.clockText)"
    }
    let times = "from \(time(from)) to \(time(until))"
    let passed = promisesPassed == 1 ? "1 promise" : "\(promisesPassed) promises"
    return switch kind {
    case .downTime: "callbackd was down \(times), and \(passed) passed meanwhile."
    case .clockSet: "The clock was set forward, \(times), and \(passed) passed by that."
    case .coverageGap: "Nobody is on call in \(rotation ?? "a rotation") \(times)."
    case .spoolTrouble: "There has been trouble with the spool since \(time(from)); the fallback is told."
    case .spoolRestored: "There was trouble with the spool \(times); the fallback is told that it is over."
    case .storageTrouble: "The store has taken nothing since \(time(from)); the fallback is told without it."
    case .storageRestored: "The store took nothing \(times); the fallback is told that it is over."
    case .staleFiles: "A file in the spool has been unfinished since \(time(from)); the fallback is told."
    case .strayAnswer:
      "A mail that may be somebody's answer belongs to no notice, or can't be read; it is in rejected/, and the fallback is told."
    case .silentService: "The service \(service ?? "") has sent nothing since \(time(from))."
    case .channelTrouble:
      "Nothing has gone out by the channel \(channel ?? "") since \(time(from)), and \(notices) "
        + "\(notices == 1 ? "notice waits" : "notices wait") for it; the fallback is told."
    case .channelRestored:
      "Nothing went out by the channel \(channel ?? "") \(times); the fallback is told that it does again."
    case .deliveryTrouble:
      "A notice has waited to be handed over since \(time(from)), and \(notices) "
        + "\(notices == 1 ? "notice waits" : "notices wait"); the fallback is told."
    case .deliveryRestored: "Notices waited for too long \(times); the fallback is told that none does any more."
    case .canary: "A mail was sent to see whether mails go out, \(time(from))."
    }
  }
}
