// Tells the service manager how the daemon is: ready, reloading, stopping, alive (sd_notify(3)).
//
// It trusts the environment that the service manager set up. Without a manager (NOTIFY_SOCKET is unset) nothing is sent
// and nothing fails. A notification that can't be sent is thrown, to be logged: the daemon goes on without it, since a
// callback matters more than a status line.

import CSystemd
import Glibc

/// Speaks to the service manager that started this process, if there is one.
public struct ServiceNotifier: Sendable {
  public init() {}

  /// How soon the service manager wants to hear from `watchdog()`; nil: it does not watch.
  ///
  /// Call `watchdog()` twice in each interval, as sd_watchdog_enabled(3) advises.
  public var watchdogInterval: Duration? {
    get throws(SystemdError) {
      var microseconds: UInt64 = 0
      let result = sd_watchdog_enabled(0, &microseconds)
      guard result >= 0 else {
        throw SystemdError(
          purpose: "learn how often the watchdog wants to hear", call: "sd_watchdog_enabled", code: -result,
          remedy: "WATCHDOG_USEC and WATCHDOG_PID must be as systemd sets them, or unset")
      }
      return result > 0 ? .microseconds(Int64(clamping: microseconds)) : nil
    }
  }

  /// Says that the daemon does its work: after the start, and again after a reload, accepted or refused.
  public func ready(status: String) throws(SystemdError) {
    try send("READY=1", status: status)
  }

  /// Sets the line that `systemctl status` shows. Whoever may look sees it: counts, never names.
  public func status(_ status: String) throws(SystemdError) {
    try send(status: status)
  }

  /// Says that a reload begins; `ready(status:)` must follow.
  public func reloading() throws(SystemdError) {
    // The time tells the manager this reload from one that began before it was asked for.
    try send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())")
  }

  /// Says that the daemon goes down in an orderly way.
  public func stopping(status: String) throws(SystemdError) {
    try send("STOPPING=1", status: status)
  }

  /// Says that everything makes progress; when this stays out for `watchdogInterval`, the daemon is killed and restarted.
  public func watchdog() throws(SystemdError) {
    try send("WATCHDOG=1")
  }

  /// Asks for more time to start, reload or stop: `duration` from now, to be asked again before it is over.
  public func extendTimeout(by duration: Duration) throws(SystemdError) {
    try send("EXTEND_TIMEOUT_USEC=\(max(1, Int64(duration / .microseconds(1))))")
  }

  private func send(_ state: String? = nil, status: String? = nil) throws(SystemdError) {
    let line = status.map { "STATUS=" + OneLine.plain($0, maxBytes: Self.statusMaxBytes) }
    let message = [state, line].compactMap(\.self).joined(separator: "\n")
    let result = sd_notify(0, message)
    guard result >= 0 else {
      throw SystemdError(
        purpose: "tell the service manager \(message.prefix { $0 != "=" })", call: "sd_notify", code: -result,
        remedy: "NOTIFY_SOCKET must be as systemd sets it, and reachable")
    }
  }

  /// The manager drops a datagram of more than 4096 bytes whole, and READY=1 with it.
  private static let statusMaxBytes = 512

  private static func monotonicMicroseconds() -> Int64 {
    var now = timespec()
    let result = clock_gettime(CLOCK_MONOTONIC, &now)
    precondition(result == 0, "every Linux has CLOCK_MONOTONIC")
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }
}
