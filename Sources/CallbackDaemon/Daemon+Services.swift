import CallbackRules
import CallbackStore
import Foundation
import Systemd

/// What services did not send.
extension Daemon {
  private static let silenceRetrySeconds = 5.0

  /// Looks whether a service has been silent for too long, or is no longer.
  func watchServices() {
    do throws(StoreError) {
      let silences = try stages.watchServices(at: now)
      for alarm in silences.raised { report(alarm) }
      for id in silences.heardAgain {
        logger.notice("The service \(id) was heard again.")
        isStatusStale = true
      }
      if !silences.raised.isEmpty { drainOutbox() }
    } catch {
      storeFailed(error)
      // Or the timer would fire again at once, for as long as it fails.
      stages.nextSilence = now.addingTimeInterval(Self.silenceRetrySeconds)
      // Some alarms may be in.
      drainOutbox()
    }
  }

  /// Says that messages are missing: for those who watch the journal.
  func logMissing(_ transitions: [Transition]) {
    for transition in transitions where transition.isNewlyMissing {
      let callback = transition.callback
      logger.report(
        .messagesMissing, "Messages of a service are missing; callback \(callback.id) asks for them.",
        metadata: metadata(of: callback))
    }
  }
}

extension Transition {
  /// Whether it made a callback that asks for messages.
  fileprivate var isNewlyMissing: Bool {
    callback.kind == .missing && events.contains { $0.kind == .admitted }
  }
}
