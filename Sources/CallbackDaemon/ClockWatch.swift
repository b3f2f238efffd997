import Glibc

/// Notices when somebody sets the wall clock, by comparing it with the boot clock.
struct ClockWatch {
  private var lastDifference: Double

  init(wallMinusBootSeconds: Double = Self.difference()) {
    lastDifference = wallMinusBootSeconds
  }

  /// By how many seconds the wall clock was set since the last look, forward or (negative) back; nil if by no more than one.
  /// Slewing (adjtime(3)) does not count.
  mutating func stepSeconds(wallMinusBootSeconds now: Double = Self.difference()) -> Double? {
    let step = now - lastDifference
    lastDifference = now
    return abs(step) > 1 ? step : nil
  }

  private static func difference() -> Double { seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
