import CallbackControl
import CallbackRules
import Foundation

/// `watch` at work: waits for keys, signals, the daemon and the next second, and draws what has changed.
///
/// One thread. The daemon is asked on two connections: one on which it says what changes, and one for a moment for each act and
/// each further page. Where it is gone, that is said, and it is tried again.
struct BoardSession {
  private let path: String
  private let query: ControlCall.WatchQuery
  private let asPerson: String?
  private let screen: TerminalScreen
  private var board = Board()
  private var reader = KeyReader()
  private var client: ControlClient?
  private var heardAt = ContinuousClock.now
  private var tries = 0
  private var tryAt = ContinuousClock.now

  /// The daemon says something every 15 s.
  private static let longestSilence = Duration.seconds(40)
  private static let patience = Duration.seconds(5)

  /// Connects, and then takes over the terminal: what is wrong at once is said as by any other command.
  init(path: String, query: ControlCall.WatchQuery, asPerson: String?) throws(Failure) {
    self.path = path
    self.query = query
    self.asPerson = asPerson
    try TerminalScreen.check()
    let client: ControlClient
    let page: WatchReply
    do throws(ControlError) {
      client = try ControlClient(path: path, timeout: Self.patience)
      page = try client.watch(query)
    } catch {
      throw Failure(error)
    }
    screen = try TerminalScreen()
    self.client = client
    board.take(page)
  }

  /// Runs until the reader has enough.
  mutating func run() throws(Failure) {
    defer { screen.leave() }
    while true {
      connect()
      try hear()
      readOn()
      draw()
      guard wait() else { return }
    }
  }

  private var clock: WallClock { .local }

  private mutating func draw() {
    let size = screen.size
    let clock = clock
    if case .text = board.mode {
      board.pageRows = max(1, size.rows - 3)
    } else {
      board.pageRows = BoardScreen.pageRows(height: size.rows)
    }
    board.settle(at: clock.now)
    screen.draw(
      BoardScreen(board: board, clock: clock, width: size.columns, height: size.rows, colour: Terminal.hasColour).lines)
  }

  // MARK: - The daemon

  private mutating func connect() {
    guard client == nil, ContinuousClock.now >= tryAt else { return }
    do throws(ControlError) {
      let client = try ControlClient(path: path, timeout: Self.patience)
      board.take(try client.watch(query))
      self.client = client
      (heardAt, tries) = (.now, 0)
    } catch {
      lose(error)
    }
  }

  private mutating func lose(_ error: ControlError) {
    client = nil
    tries += 1
    tryAt = .now.advanced(by: .seconds(tries < 10 ? 1 : 5))
    let why =
      switch error {
      case .unreachable(_, let code): "can't be reached (\(String(cString: strerror(code))))"
      case .timedOut: "does not answer"
      case .brokenOff, .cannotListen: "has hung up"
      case .garbled: "answers as no callbackd of this version does"
      case .failed(let failure): "says: \(failure.message)"
      }
    if case .lost(let since, _) = board.link {
      board.link = .lost(since, why)
    } else {
      board.link = .lost(clock.now, why)
    }
  }

  /// Takes in what the daemon has said.
  private mutating func hear() throws(Failure) {
    guard let client else { return }
    do throws(ControlError) {
      while let reply = try client.nextChange() {
        heardAt = .now
        board.take(reply)
      }
      if heardAt.duration(to: .now) > Self.longestSilence { throw ControlError.timedOut(path: path) }
    } catch {
      // Rights that were taken away don't come back by asking again.
      if case .failed(.notAllowed) = error { throw Failure(error) }
      lose(error)
    }
  }

  /// Reads one further page of the list, so that keys don't wait for all of them.
  private mutating func readOn() {
    guard client != nil, let next = board.next else { return }
    var page = query.list
    page.limit = ControlCall.ListQuery.mostRows
    page.after = next
    do throws(ControlError) {
      board.take(try ControlClient(path: path, timeout: Self.patience).list(page))
    } catch {
      board.stopReading()
    }
  }

  // MARK: - The reader

  /// Waits until there is something to do; false when the reader has enough.
  private mutating func wait() -> Bool {
    var watched = [
      pollfd(fd: screen.keys, events: Int16(POLLIN), revents: 0),
      pollfd(fd: screen.signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: client?.fileDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let isInHaste = board.next != nil && client != nil
    _ = poll(&watched, nfds_t(watched.count), isInHaste ? 0 : reader.isPending ? 50 : 1000)
    if watched[1].revents != 0 { screen.takeSignals() }
    var keys: [Key] = []
    if watched[0].revents != 0 {
      guard let bytes = screen.readKeys() else { return false }
      keys = reader.feed(bytes)
    } else if reader.isPending {
      keys = reader.end()
    }
    for key in keys where !press(key) { return false }
    return true
  }

  private mutating func press(_ key: Key) -> Bool {
    board.settle(at: clock.now)
    switch board.press(key, at: clock.now) {
    case nil: break
    case .quit: return false
    case .redraw: screen.clear()
    case .act(let number, let command, let note): act(.init(number, command, note: note, asPerson: asPerson))
    case .show(let number): show(number)
    }
    return true
  }

  private mutating func act(_ act: ControlCall.Act) {
    do throws(ControlError) {
      let reply = try ControlClient(path: path, timeout: Self.patience).act(act)
      board.take(reply)
      board.message = .init(text: Sentence.after(act.command, reply, clock: clock))
    } catch {
      board.message = .init(text: Failure(error).sentence, isFailure: true)
    }
  }

  private mutating func show(_ number: Int64) {
    do throws(ControlError) {
      let reply = try ControlClient(path: path, timeout: Self.patience).show(number)
      let text = Story(reply, clock: clock, width: screen.size.columns).text
      board.mode = .text(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), top: 0)
    } catch {
      board.message = .init(text: Failure(error).sentence, isFailure: true)
    }
  }
}
