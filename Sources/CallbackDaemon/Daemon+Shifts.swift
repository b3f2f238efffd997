import CallbackRules
import CallbackStore
import Foundation

/// Changes of shift, and gaps between shifts.
extension Daemon {
  /// Gaps are looked for after each hand-off, and so often besides.
  private static let coverageInterval = Duration.seconds(6 * 3600)

  /// Gives what is open to those who came on shift, and looks for gaps: after a start, a reload and a setting of the clock.
  /// Otherwise `advanceStep` does, when the time has come.
  func lookAtShifts() {
    isHandOffWanted = true
    do throws(StoreError) {
      for transition in try stages.handOff(at: now) { log(transition) }
      isHandOffWanted = false
    } catch {
      // The next tick tries again.
      storeFailed(error)
    }
    watchCoverage()
    rearm()
    drainOutbox()
  }

  /// With the slow tick: what is owed since the last time, or has not been looked at for long.
  func lookAtShiftsAgain() {
    if isHandOffWanted {
      lookAtShifts()
    } else if coverageWatchedAt.map({ ContinuousClock.now - $0 > Self.coverageInterval }) ?? true {
      watchCoverage()
      drainOutbox()
    }
  }

  /// Tells the fallback of gaps that are near.
  func watchCoverage() {
    coverageWatchedAt = nil
    do throws(StoreError) {
      for alarm in try stages.watchCoverage(at: now) { report(alarm) }
      coverageWatchedAt = .now
    } catch {
      storeFailed(error)
    }
  }
}
