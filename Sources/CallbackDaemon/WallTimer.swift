import Dispatch
import Foundation

/// Fires once at a moment of the wall clock, and can be set anew.
///
/// A wall deadline far off overflows and fires at once, so each arming is capped at an hour: whoever it wakes looks whether the
/// time has come. When the clock is set forward it fires at once; when it is set back it waits longer, which the daemon's slow
/// tick makes good. Confined to its queue.
final class WallTimer {
  private let source: any DispatchSourceTimer
  /// For when it was last set; nil: for no moment.
  private(set) var armedFor: Date?
  /// Whether it will fire then.
  private var isSet = true

  private static let longestSeconds = 3600.0

  init(queue: DispatchQueue, fire: @escaping @Sendable () -> Void) {
    source = DispatchSource.makeTimerSource(queue: queue)
    source.setEventHandler { [weak self] in
      self?.isSet = false
      fire()
    }
    source.resume()
  }

  deinit { source.cancel() }

  /// Has it set anew when it is next armed, also for the same moment: the clock may not show what it did when it was set.
  func distrust() { isSet = false }

  /// Fires at `moment`, at once if it has passed; never for nil. Replaces what was asked before.
  ///
  /// - Parameter soonerSeconds: where it is set for a moment that is sooner by no more than that, it stays so.
  func arm(for moment: Date?, soonerSeconds: Double = 0, now: Date) {
    // To set it wakes a thread of libdispatch, and it is asked for the same again and again.
    if isSet {
      if moment == armedFor { return }
      if let moment, let armedFor, now < armedFor, armedFor < moment,
        moment.timeIntervalSince(armedFor) <= soonerSeconds
      {
        return
      }
    }
    isSet = true
    armedFor = moment
    guard let moment else {
      source.schedule(wallDeadline: .distantFuture)
      return
    }
    let seconds = min(max(moment.timeIntervalSince(now), 0), Self.longestSeconds)
    source.schedule(wallDeadline: .now() + seconds, leeway: .milliseconds(1))
  }
}
