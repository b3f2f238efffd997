import Foundation

/// The terminal as a screen of its own: keys come one by one, and nothing that is drawn stays when it is left.
///
/// However the program ends, by a key, a signal or a fault, the terminal is as it was before: each signal that would end or stop
/// it is seen first.
final class TerminalScreen {
  /// Readable when a signal has come, and when a key was pressed.
  let signals: Int32
  let keys = STDIN_FILENO

  /// What the screen shows; nil where that is not known.
  private var shown: [String]?

  /// Those that a terminal or a service manager sends.
  private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  /// Those that only a fault raises.
  private static let faults = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

  /// Says what is wrong where there is no terminal that could be taken over.
  static func check() throws(Failure) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw Failure(
        EX_USAGE, "watch needs a terminal for its screen and keys: use `callbackctl list`, or `watch --json`, here.")
    }
    let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
    guard !kind.isEmpty, kind != "dumb" else {
      throw Failure(
        EX_USAGE,
        "watch needs a terminal whose cursor can be moved, and TERM says that this is none: use `callbackctl list`.")
    }
  }

  /// Takes over the terminal; to be made once.
  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard tcgetattr(STDIN_FILENO, &modesBefore) == 0, pipe(&ends) == 0,
      ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 && fcntl($0, F_SETFL, O_NONBLOCK) == 0 })
    else { throw Failure(EX_OSERR, "The terminal can't be used: \(String(cString: strerror(errno))).") }
    signals = ends[0]
    signalPipe = ends[1]
    for number in Self.ending + [SIGTSTP, SIGCONT, SIGWINCH] { Self.catchSignal(number) }
    for number in Self.faults {
      signal(number) { number in
        // By signal-safety(7) alone: write, tcsetattr, signal, raise.
        restoreTerminal()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    enter()
  }

  private static func catchSignal(_ number: Int32) {
    signal(number) { number in
      let code = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(signalPipe, &byte, 1)
      errno = code
    }
  }

  /// How many columns and rows there are.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  private func enter() {
    var modes = modesBefore
    // Keys at once and unseen; Ctrl-C and Ctrl-Z stay signals.
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    modes.c_iflag &= ~tcflag_t(IXON | ICRNL)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    put(Frame.enter)
    shown = nil
  }

  /// Gives the terminal back.
  func leave() { restoreTerminal() }

  /// Shows these lines, one a row.
  func draw(_ lines: [String]) {
    put(Frame.update(from: shown, to: lines))
    shown = lines
  }

  /// Forgets what is shown: the next drawing is whole.
  func clear() {
    put(Frame.clear)
    shown = nil
  }

  private func put(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var watched = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&watched, 1, 1000)
      } else if errno != EINTR {
        // The terminal is gone; a hang-up follows.
        return
      }
    }
  }

  // MARK: - What comes in

  /// The keys' bytes that have come; nil where the terminal is gone.
  func readKeys() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 { return Array(buffer[..<count]) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
  }

  /// Does what signals demand: ends or stops the program, or draws anew.
  func takeSignals() {
    var number: UInt8 = 0
    while read(signals, &number, 1) == 1 {
      let number = Int32(number)
      switch number {
      case SIGWINCH: clear()
      case SIGTSTP: stop()
      // Somebody may have used the terminal while it was stopped.
      case SIGCONT: enter()
      default:
        leave()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Stops as any program does, and goes on where the shell lets it.
  private func stop() {
    leave()
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    Self.catchSignal(SIGTSTP)
    enter()
  }
}

/// What handlers of signals need; they have no other way to it. Set before the first handler is there, and never again.
private nonisolated(unsafe) var signalPipe: Int32 = -1
private nonisolated(unsafe) var modesBefore = termios()

private let leaveBytes = Array(Frame.leave.utf8)

private func restoreTerminal() {
  _ = leaveBytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  // Now: a terminal whose output is held would keep the program from ending.
  tcsetattr(STDIN_FILENO, TCSANOW, &modesBefore)
}
