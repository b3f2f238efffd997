import Glibc

/// A child from its start until it is reaped, which ends its number and its group's.
struct RunningChild {
  private let pid: pid_t
  /// Readable once it has ended (pidfd_open(2)).
  private let end: Int32
  /// What it writes, read while it is waited for.
  private let pipes: [ChildPipe]

  private static let grace = Duration.seconds(2)

  init(_ spawn: Spawn, pipes: [ChildPipe]) throws(SpawnFailure) {
    self.pipes = pipes
    pid = try spawn()
    for pipe in pipes { pipe.closeWriteEnd() }
    end = openProcess(pid, 0)
    guard end >= 0 else {
      let failure = SpawnFailure(errno: errno)
      // It has hardly begun, and can't be waited for with a limit.
      kill(-pid, SIGKILL)
      _ = reap()
      throw failure
    }
  }

  private enum Phase {
    case runs, wasAsked, wasKilled
  }

  /// Waits for its end, and ends it when the time is up or `stop` is given.
  ///
  /// - Returns: whether the time was up.
  func wait(until deadline: ContinuousClock.Instant, stop: StopSignal?) -> Bool {
    var phase = Phase.runs
    var due: ContinuousClock.Instant? = deadline
    var isLate = false
    while true {
      // poll(2) leaves out what is -1.
      let descriptors = [end, phase == .runs ? stop?.descriptor ?? -1 : -1] + pipes.map(\.readEnd)
      var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), Self.milliseconds(until: due)) >= 0 else { continue }
      for (pipe, state) in zip(pipes, polled[2...]) where state.revents != 0 { pipe.readOnce() }
      if polled[0].revents != 0 { break }
      let isUp = due.map { $0 <= .now } ?? false
      switch phase {
      case .runs where isUp || polled[1].revents != 0:
        isLate = polled[1].revents == 0
        kill(-pid, SIGTERM)
        (phase, due) = (.wasAsked, .now + Self.grace)
      case .wasAsked where isUp:
        kill(-pid, SIGKILL)
        (phase, due) = (.wasKilled, nil)
      case .runs, .wasAsked, .wasKilled: break
      }
    }
    // It is not reaped yet, so the group's number is still its own.
    if phase != .runs { kill(-pid, SIGKILL) }
    // No more than there is: what it left running may hold a pipe open, and may write for ever.
    for pipe in pipes { pipe.readWhatIsThere() }
    return isLate
  }

  /// Rounded up, so that it is time afterwards; -1, which is for ever, where nothing is due.
  private static func milliseconds(until due: ContinuousClock.Instant?) -> Int32 {
    guard let due else { return -1 }
    return Int32(min(max(((due - .now) / .milliseconds(1)).rounded(.up), 0), 3_600_000))
  }

  /// Its status as of waitpid(2).
  func reap() -> Int32 {
    if end >= 0 { close(end) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }
}

/// pidfd_open(2), which Swift's Glibc leaves out.
@_silgen_name("pidfd_open")
private func openProcess(_ process: pid_t, _ flags: UInt32) -> Int32
