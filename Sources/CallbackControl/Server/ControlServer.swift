import Dispatch
import Glibc

/// The control socket: lets clients call, one synchronous handler answers.
///
/// Trusts the kernel's word on who the peer is, and nothing that the peer sends. A client that is slow, silent, malformed or
/// gone costs its own connection and nothing else: every size, number and wait is bounded (`Limits`).
///
/// `@unchecked Sendable`: all state is confined to `queue`, a serial queue. Everything but `init` runs on it, which is
/// checked where calls come in, and Dispatch sources deliver there.
public final class ControlServer: @unchecked Sendable {
  /// Called on the queue, one call at a time; clients wait meanwhile.
  public typealias Handler = @Sendable (ControlCall, Peer) -> ControlReply

  public struct Limits: Sendable {
    /// The longest message that a client may send.
    public var messageBytes = 1 << 20
    /// Connections in all.
    public var clients = 64
    /// Of these, kept for root.
    public var reservedForRoot = 4
    /// Connections of one user; root has as many as there are.
    public var clientsPerUser = 16
    /// Descriptors left to the rest of the daemon: libdispatch aborts the process when it finds none.
    public var spareDescriptors = 32
    /// How long a connection may be silent.
    public var idle = Duration.seconds(300)
    /// How long a message may take to come whole, and a reply to be read on.
    public var stalled = Duration.seconds(10)
    /// Clients that watch, in all.
    public var watchers = 32
    /// Those of one user; root has as many as there are.
    public var watchersPerUser = 8
    /// How long a client that watches waits at least from one change to the next.
    public var watchSpacing = Duration.seconds(1)
    /// After so long one that watches is told something, though nothing has changed.
    public var signOfLife = Duration.seconds(15)
    /// A connection that has been silent for so long makes room for another, where there is none.
    public var mayBeIdle = Duration.seconds(2)

    public init() {}
  }

  private let queue: DispatchQueue
  private let limits: Limits
  private let dispatch: ControlDispatch
  private let socket: ListeningSocket
  private let poll: SocketPoll
  /// Nil until it is started: libdispatch aborts when a source that never ran is freed.
  private var acceptSource: (any DispatchSourceRead)?
  private var connections: [ObjectIdentifier: ControlConnection] = [:]
  private let identify: Identify
  private let names: NameService?
  private let watching = WatchBudget()
  private var knownGroups: Set<String> = []
  private var state = State.ready

  private enum State {
    /// The socket listens; nobody is accepted yet.
    case ready
    case running
    case stopped
  }

  /// Makes the socket. Clients can connect at once, and are served from `start()`.
  ///
  /// - Parameters:
  ///   - path: at most 103 bytes.
  ///   - queue: a serial queue.
  ///   - version: of the daemon, for `GetInfo`.
  public convenience init(
    path: String, queue: DispatchQueue, version: String, limits: Limits = Limits(), handler: @escaping Handler
  ) throws(ControlError) {
    let names = NameService()
    try self.init(path: path, queue: queue, version: version, limits: limits, handler: handler, names: names) {
      names.identify($0, then: $1)
    }
  }

  /// Adds what the name service knows of a peer, and passes it on, on any queue and whenever it can.
  typealias Identify = @Sendable (Peer, _ then: @escaping @Sendable (Peer) -> Void) -> Void

  init(
    path: String, queue: DispatchQueue, version: String, limits: Limits, handler: @escaping Handler,
    names: NameService? = nil, identify: @escaping Identify
  ) throws(ControlError) {
    self.queue = queue
    self.names = names
    self.identify = identify
    self.limits = limits
    dispatch = ControlDispatch(version: version, handler: handler)
    guard let poll = SocketPoll(queue: queue) else {
      throw .cannotListen(path: path, reason: "epoll_create1: \(String(cString: strerror(errno)))")
    }
    self.poll = poll
    socket = try ListeningSocket(path: path)
  }

  deinit {
    if acceptSource == nil { Glibc.close(socket.descriptor) }
  }

  /// How many clients are connected.
  public var clientCount: Int {
    dispatchPrecondition(condition: .onQueue(queue))
    return connections.count
  }

  /// Says which groups the handler asks for beside `callback-staff` and `callback-drop`: those that accounts are limited to. Who
  /// is connected is looked up again.
  public func know(groups: Set<String>) {
    dispatchPrecondition(condition: .onQueue(queue))
    guard let names, groups != knownGroups else { return }
    knownGroups = groups
    names.know(groups)
    for connection in connections.values { lookUp(connection) }
  }

  /// Something has changed that clients may watch.
  public func noteChange() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard watching.count > 0 else { return }
    for connection in connections.values { connection.noteChange() }
  }

  /// Begins to serve.
  public func start() {
    dispatchPrecondition(condition: .onQueue(queue))
    precondition(state == .ready, "a control server is started once")
    state = .running
    let source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
    // The source holds the server until it is cancelled.
    source.setEventHandler { @Sendable [self] in acceptWaiting() }
    let descriptor = socket.descriptor
    source.setCancelHandler { @Sendable in Glibc.close(descriptor) }
    source.resume()
    acceptSource = source
  }

  /// Ends all connections, however far they are, and removes the socket. A stopped server can't be started again.
  public func stop() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard state != .stopped else { return }
    state = .stopped
    socket.removeFile()
    acceptSource?.cancel()
    for connection in connections.values { connection.close() }
  }

  /// Takes a few clients; where more wait, the source fires again, after whatever else the queue has to do.
  private func acceptWaiting() {
    for _ in 0..<8 {
      guard state == .running else { return }
      let descriptor = accept(socket.descriptor, nil, nil)
      guard descriptor >= 0 else {
        switch errno {
        case EAGAIN: return
        case EINTR, ECONNABORTED: continue
        default: return pauseAccepting()
        }
      }
      // accept4 is not to be had from Swift. Children started in between close what they don't know.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      admit(descriptor)
    }
  }

  /// There are no descriptors, or no memory: the waiting client would wake us again and again for nothing.
  private func pauseAccepting() {
    acceptSource?.suspend()
    queue.asyncAfter(deadline: .now() + .seconds(1)) { @Sendable [self] in
      acceptSource?.resume()
    }
  }

  private func admit(_ descriptor: Int32) {
    guard let peer = Peer(of: descriptor) else {
      Glibc.close(descriptor)
      return
    }
    makeRoom(for: peer)
    if let reason = refusal(of: peer, descriptor) {
      // Only to be kind; a client that does not take it finds its connection closed.
      let reply = ControlDispatch.encode(.tryAgain(reason))
      _ = reply.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      Glibc.close(descriptor)
      return
    }
    let connection = ControlConnection(
      descriptor: descriptor, peer: peer, queue: queue, poll: poll, limits: limits, dispatch: dispatch,
      watching: watching
    ) { @Sendable [self] in connections[$0] = nil }
    connections[ObjectIdentifier(connection)] = connection
    connection.start()
    lookUp(connection)
  }

  private func lookUp(_ connection: ControlConnection) {
    identify(connection.peer) { @Sendable [queue] peer in queue.async { @Sendable in connection.serve(peer) } }
  }

  /// Ends the connection that has been silent for longest, where this peer could not be taken otherwise: whoever only stays
  /// connected keeps nobody out.
  private func makeRoom(for peer: Peer) {
    let isFull = connections.count >= limits.clients - (peer.uid == 0 ? 0 : limits.reservedForRoot)
    let own = connections.values.filter { $0.peer.uid == peer.uid }
    let hasMany = peer.uid != 0 && own.count >= limits.clientsPerUser
    guard isFull || hasMany else { return }
    let now = ContinuousClock.now
    let silent = (hasMany ? own : Array(connections.values)).compactMap { connection in
      connection.idleSince.map { (since: $0, connection: connection) }
    }
    guard let longest = silent.min(by: { $0.since < $1.since }), longest.since.duration(to: now) >= limits.mayBeIdle
    else { return }
    longest.connection.close()
  }

  private func refusal(of peer: Peer, _ descriptor: Int32) -> String? {
    // The kernel gives the lowest number that is free, so the number says how many are taken.
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
      rlim_t(descriptor) + rlim_t(limits.spareDescriptors) >= limit.rlim_cur
    {
      return "callbackd is short of file descriptors: try again, and raise LimitNOFILE if it stays so."
    }
    let isRoot = peer.uid == 0
    if connections.count >= limits.clients - (isRoot ? 0 : limits.reservedForRoot) {
      return "callbackd has as many clients as it takes: try again."
    }
    if !isRoot, connections.values.count(where: { $0.peer.uid == peer.uid }) >= limits.clientsPerUser {
      return "You have \(limits.clientsPerUser) connections to callbackd: end one, then try again."
    }
    return nil
  }
}
