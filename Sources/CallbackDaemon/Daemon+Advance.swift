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
    let now = now
    let rules = rules
    var transitions: [Transition] = []
    do throws(StoreError) {
      let count = try store.advanceDue(at: now, limit: Self.batchCallbacks) { callback in
        let transition = rules.advance(callback, at: now)
        transitions.append(transition)
        return transition
      }
      recovered(\.store)
      for transition in transitions { log(transition) }
      if count == Self.batchCallbacks {
        enqueue { $0.advanceStep() }
      } else {
        rearm()
      }
    } catch {
      // One that can't be advanced does not undo the others; trouble with the disk undoes all.
      if !error.mayPass { for transition in transitions { log(transition) } }
      trouble(\.store, .storeTrouble, error.description)
      wakeTimer?.arm(for: now.addingTimeInterval(1), now: now)
    }
    drainOutbox()
  }

  /// Plans open callbacks anew after a start or a reload, some at a time: a policy may be stricter now, somebody may have left.
  func replanStep(after id: Int64 = 0) {
    guard !isStopping else { return }
    let now = now
    let rules = rules
    var transitions: [Transition] = []
    do throws(StoreError) {
      let next = try store.advanceOpen(after: id, span: Int64(Self.batchCallbacks), at: now) { callback in
        let transition = rules.advance(callback, at: now)
        if !transition.events.isEmpty { transitions.append(transition) }
        return transition
      }
      for transition in transitions { log(transition) }
      if let next { enqueue { $0.replanStep(after: next) } }
    } catch {
      trouble(\.store, .storeTrouble, error.description)
      queue.asyncAfter(deadline: .now() + .seconds(Self.tickSeconds)) { @Sendable in
        self.assumeIsolated { $0.replanStep(after: id) }
      }
    }
    rearm()
    drainOutbox()
  }

  /// Sets the timer for whatever is due next.
  func rearm() {
    isStatusStale = true
    do throws(StoreError) {
      wakeTimer?.arm(for: try store.nextWake(), now: now)
    } catch {
      trouble(\.store, .storeTrouble, error.description)
      wakeTimer?.arm(for: now.addingTimeInterval(1), now: now)
    }
  }

  /// Says in the journal what operators watch for.
  func log(_ transition: Transition) {
    let callback = transition.callback
    for event in transition.events {
      switch event.kind {
      case .overdue:
        logger.report(
          .callbackOverdue, "Callback \(callback.id) is overdue.", metadata: metadata(of: callback))
      case .stepTaken:
        logger.report(
          .stepTaken, "Callback \(callback.id): step \((event.step ?? 0) + 1) was taken.",
          metadata: metadata(of: callback))
      case .nobodyToTell:
        logger.report(
          .nobodyToTell,
          "Callback \(callback.id): nobody to tell by the \(event.step.map { "step \($0 + 1)" } ?? "announcement").",
          metadata: metadata(of: callback))
      default: continue
      }
    }
  }
}
