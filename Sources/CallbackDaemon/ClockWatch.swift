import Glibc

/// Notices when somebody sets the wall clock, by comparing it with the boot clock.
struct ClockWatch {
  private var wallMinusBootSeconds = ClockWatch.difference()

  /// Whether the wall clock was set by more than a second since the last look. Slewing (adjtime(3)) does not count.
  mutating func hasStepped() -> Bool {
    let now = Self.difference()
    defer { wallMinusBootSeconds = now }
    return abs(now - wallMinusBootSeconds) > 1
  }

  private static func difference() -> Double { seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
