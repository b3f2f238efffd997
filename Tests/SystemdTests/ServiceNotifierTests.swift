import Glibc
import Testing

@testable import Systemd

@Suite("Notifications to the service manager")
struct ServiceNotifierTests {
  @Test("each state is one datagram, byte for byte as sd_notify(3) wants it")
  func states() async {
    await #expect(processExitsWith: .success) {
      let socket = try NotifySocket()
      let notifier = ServiceNotifier()
      try notifier.ready(status: "3 open, 0 overdue")
      #expect(socket.next() == "READY=1\nSTATUS=3 open, 0 overdue")
      try notifier.status("4 open")
      #expect(socket.next() == "STATUS=4 open")
      try notifier.stopping(status: "Finishing 1 delivery")
      #expect(socket.next() == "STOPPING=1\nSTATUS=Finishing 1 delivery")
      try notifier.watchdog()
      #expect(socket.next() == "WATCHDOG=1")
      try notifier.extendTimeout(by: .milliseconds(1500))
      #expect(socket.next() == "EXTEND_TIMEOUT_USEC=1500000")
      try notifier.extendTimeout(by: .zero)
      #expect(socket.next() == "EXTEND_TIMEOUT_USEC=1")
      #expect(socket.next() == nil)
    }
  }

  @Test("a reload carries the monotonic time at which it began")
  func reloading() async {
    await #expect(processExitsWith: .success) {
      func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
      }
      let socket = try NotifySocket()
      let before = now()
      try ServiceNotifier().reloading()
      let lines = try #require(socket.next()).split(separator: "\n")
      #expect(lines.first == "RELOADING=1")
      #expect(lines.count == 2)
      let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int64($0) })
      #expect(lines.last == "MONOTONIC_USEC=\(time)")
      #expect(before <= time && time <= now())
    }
  }

  @Test("a status can't add a state of its own, and can't grow until READY=1 is lost with it")
  func hostileStatus() async {
    await #expect(processExitsWith: .success) {
      let socket = try NotifySocket()
      try ServiceNotifier().status("1 open\nMAINPID=1\r\n\u{1B}[2J")
      #expect(socket.next() == "STATUS=1 open MAINPID=1 [2J")
      try ServiceNotifier().ready(status: String(repeating: "ä", count: 100_000))
      #expect(socket.next() == "READY=1\nSTATUS=" + String(repeating: "ä", count: 256))
    }
  }

  @Test("without a service manager nothing is sent and nothing fails")
  func unsupervised() async {
    await #expect(processExitsWith: .success) {
      for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
      try ServiceNotifier().ready(status: "")
      try ServiceNotifier().watchdog()
      let interval = try ServiceNotifier().watchdogInterval
      #expect(interval == nil)
    }
  }

  @Test("a notification that can't be sent is an error that says which, why and what to do")
  func unreachable() async {
    await #expect(processExitsWith: .success) {
      setenv("NOTIFY_SOCKET", "/nowhere/notify", 1)
      let error = #expect(throws: SystemdError.self) { try ServiceNotifier().ready(status: "3 open") }
      #expect(error?.code == ENOENT)
      #expect(
        error?.description
          == "could not tell the service manager READY (sd_notify: No such file or directory); "
          + "NOTIFY_SOCKET must be as systemd sets it, and reachable")
    }
  }

  @Test("the watchdog's interval is the one meant for this process")
  func watchdogInterval() async {
    await #expect(processExitsWith: .success) {
      setenv("WATCHDOG_USEC", "30000000", 1)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      let mine = try ServiceNotifier().watchdogInterval
      #expect(mine == .seconds(30))
      setenv("WATCHDOG_PID", "1", 1)
      let another = try ServiceNotifier().watchdogInterval
      #expect(another == nil)
      unsetenv("WATCHDOG_PID")
      setenv("WATCHDOG_USEC", "soon", 1)
      let error = #expect(throws: SystemdError.self) { try ServiceNotifier().watchdogInterval }
      #expect(error?.code == EINVAL)
    }
  }
}
