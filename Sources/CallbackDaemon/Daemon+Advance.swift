import CallbackRules
import CallbackStore
import Foundation
import Systemd

/// The timer: callbacks whose clocks ran out are advanced.
extension Daemon {
  /// At most so many callbacks are advanced in one transaction.
  private static let batchCallbacks = 256

  /// Advances what is due; queues itself again until nothing more is.
  func advanceStep() {
    guard !isStopping else { return }
    health.advanced(at: .now)
    // A clock that was set forward fires the timer at once.
    lookAtClock()
    let now = now
    let handOff = stages.nextHandOff
    var transitions: [Transition] = []
    do throws(StoreError) {
      let advanced = try stages.advance(
        at: now, limit: Self.batchCallbacks, leasing: freeHandOvers, transitions: &transitions)
      // First of all: somebody is to be told.
      for lease in advanced.leases { handOver(lease) }
      recovered(\.store)
      writeFilesEarly(at: now)
      for transition in transitions { log(transition) }
      logMissing(transitions)
      if let next = stages.nextSilence, next <= now { watchServices() }
      if handOff != stages.nextHandOff { watchCoverage() }
      drainOutbox()
      if advanced.isDone {
        rearm()
      } else {
        enqueue { $0.advanceStep() }
      }
      endCatchUpWhereDone()
    } catch {
      // One that can't be advanced does not undo the others; trouble with the disk undoes all.
      if !error.mayPass { for transition in transitions { log(transition) } }
      storeFailed(error)
      wakeTimer?.arm(for: now.addingTimeInterval(1), now: now)
      // The tick tries again what of a hand-off failed.
      if handOff != stages.nextHandOff { isHandOffWanted = true }
      // What is stuck stays due.
      if !error.mayPass, stages.catchUp?.hasTakenTooLong(at: now) == true { endCatchUp() }
      drainOutbox()
    }
  }

  /// Plans all open callbacks anew, some at a time: after a start or a reload a policy may be stricter, or somebody may have
  /// left; after the clock was set some may wait too long.
  func queueReplan() {
    let isUnderWay = replannedAfter != nil
    replannedAfter = 0
    if !isUnderWay { enqueue { $0.replanStep() } }
  }

  private func replanStep() {
    guard !isStopping, let id = replannedAfter else { return }
    do throws(StoreError) {
      let portion = try stages.replan(after: id, span: Int64(Self.batchCallbacks), at: now)
      for transition in portion.transitions { log(transition) }
      replannedAfter = portion.isLast ? nil : portion.next
      if !portion.isLast { enqueue { $0.replanStep() } }
    } catch {
      storeFailed(error)
      queue.asyncAfter(deadline: .now() + .seconds(Self.tickSeconds)) { @Sendable in
        self.assumeIsolated { $0.replanStep() }
      }
    }
    rearm()
    endCatchUpWhereDone()
    drainOutbox()
  }

  /// Sets the timer for whatever is due next.
  func rearm() {
    isStatusStale = true
    // Whoever changes callbacks arms the timer anew.
    control?.noteChange()
    do throws(StoreError) {
      let next = try stages.nextWake()
      logger.debug("The next look at a callback is \(next.map { "at \($0.formatted(.iso8601))" } ?? "not needed").")
      wakeTimer?.arm(for: next, now: now)
    } catch {
      storeFailed(error)
      wakeTimer?.arm(for: now.addingTimeInterval(1), now: now)
    }
  }

  /// Says in the journal what operators watch for.
  func log(_ transition: Transition) {
    let number = transition.callback.id
    counters.count(transition)
    var steps: Set<Int?> = []
    for event in transition.events {
      switch event.kind {
      case .overdue:
        logger.report(
          .callbackOverdue, "Callback \(number) is overdue.", metadata: metadata(of: transition.callback))
      // One for everybody whom the step tells.
      case .stepTaken where steps.insert(event.step).inserted:
        logger.report(
          .stepTaken, "Callback \(number): step \((event.step ?? 0) + 1) was taken.",
          metadata: metadata(of: transition.callback))
      case .nobodyToTell:
        logger.report(
          .nobodyToTell,
          "Callback \(number): nobody to tell by the \(event.step.map { "step \($0 + 1)" } ?? "announcement").",
          metadata: metadata(of: transition.callback))
      default: continue
      }
    }
  }
}
