import Glibc

/// A child from its start until it is reaped, which ends its number and its group's.
struct RunningChild {
  private let pid: pid_t
  /// Readable once it has ended (pidfd_open(2)); -1 where it could not be had.
  private let end: Int32
  /// What it writes, read while it is waited for.
  private let pipes: [ChildPipe]
  /// Why it was ended before its time, or not all of what it started: sentences, each behind a line's end.
  private(set) var problems: [UInt8] = []

  private static let grace = Duration.seconds(2)

  init(_ spawn: Spawn, pipes: [ChildPipe]) throws(SpawnFailure) {
    self.pipes = pipes
    pid = try spawn()
    for pipe in pipes { pipe.closeWriteEnd() }
    end = openProcess(pid, 0)
    // It has hardly begun; what has ended by then has ended by itself.
    if end < 0 { endUnwatched("can't be waited for") }
  }

  /// Ends one that can't be waited for with a limit.
  private mutating func endUnwatched(_ why: String) {
    note(why)
    signal(SIGKILL)
  }

  private mutating func note(_ why: String) {
    problems += Array("\n\(why): \(String(cString: strerror(errno)))".utf8)
  }

  /// To its group, and to itself, should it have left that.
  ///
  /// - Returns: whether the group could be reached.
  @discardableResult
  private func signal(_ number: Int32) -> Bool {
    let isReached = kill(-pid, number) == 0
    let code = errno
    kill(pid, number)
    errno = code
    return isReached
  }

  private enum Phase {
    case runs, wasAsked, wasKilled
  }

  /// Waits for its end, and ends it when the time is up or `stop` is given.
  ///
  /// - Returns: whether the time was up.
  mutating func wait(until deadline: ContinuousClock.Instant, stop: StopSignal?) -> Bool {
    guard end >= 0 else { return false }
    var phase = Phase.runs
    var due: ContinuousClock.Instant? = deadline
    var isLate = false
    while true {
      // poll(2) leaves out what is -1.
      let descriptors = [end, phase == .runs ? stop?.descriptor ?? -1 : -1] + pipes.map(\.readEnd)
      var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      if poll(&polled, nfds_t(polled.count), Self.milliseconds(until: due)) < 0 {
        if errno == EINTR { continue }
        endUnwatched("can't be waited for any longer")
        break
      }
      for (pipe, state) in zip(pipes, polled[2...]) where state.revents != 0 { pipe.readOnce() }
      if polled[0].revents != 0 { break }
      let isUp = due.map { $0 <= .now } ?? false
      switch phase {
      case .runs where isUp || polled[1].revents != 0:
        isLate = polled[1].revents == 0
        signal(SIGTERM)
        (phase, due) = (.wasAsked, .now + Self.grace)
      case .wasAsked where isUp:
        signal(SIGKILL)
        (phase, due) = (.wasKilled, nil)
      case .runs, .wasAsked, .wasKilled: break
      }
    }
    // It is not reaped yet, so the group's number is still its own.
    if phase != .runs, !signal(SIGKILL) { note("can't kill what it left running") }
    // No more than there is: what it left running may hold a pipe open, and may write for ever.
    for pipe in pipes { pipe.readWhatIsThere() }
    return isLate
  }

  /// Rounded up, so that it is time afterwards; -1, which is for ever, where nothing is due.
  private static func milliseconds(until due: ContinuousClock.Instant?) -> Int32 {
    guard let due else { return -1 }
    return Int32(min(max(((due - .now) / .milliseconds(1)).rounded(.up), 0), 3_600_000))
  }

  /// Its status as of waitpid(2); nil where that can't be learnt.
  func reap() -> Int32? {
    if end >= 0 { close(end) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status
  }
}

/// pidfd_open(2), which Swift's Glibc leaves out.
@_silgen_name("pidfd_open")
private func openProcess(_ process: pid_t, _ flags: UInt32) -> Int32
