import CEpoll
import Dispatch
import Glibc

/// Says on a queue which sockets can be read or written: an epoll(7) of its own, and one dispatch source for all of them.
///
/// A dispatch source for each socket would not do. When its peer hangs up (EPOLLHUP), libdispatch's own thread marks the source for
/// removal while the queue may already be removing it, and where the two meet it ends the process: "Source finalized twice"
/// (`_dispatch_event_merge_hangup` in src/event/event_epoll.c, up to Swift 6.3 at least). Clients hang up all day. The descriptor of
/// an epoll never hangs up.
///
/// `@unchecked Sendable`: confined to the queue, which must be serial; only the last release may come from elsewhere.
final class SocketPoll: @unchecked Sendable {
  /// What is waited for at a socket. With `nothing`, not even its end is noticed.
  enum Interest {
    case nothing
    case reading
    case writing
  }

  private struct Entry {
    var interest = Interest.nothing
    let whenReady: () -> Void
  }

  /// How many are told in one turn of the queue; those left fire again.
  private static let batch = 16

  private let descriptor: Int32
  private let source: any DispatchSourceRead
  private var entries: [Int32: Entry] = [:]

  /// Nil, with errno, where there is no descriptor left for it.
  init?(queue: DispatchQueue) {
    let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setCancelHandler { @Sendable in close(descriptor) }
    source.setEventHandler { @Sendable [weak self] in self?.tell() }
    source.resume()
  }

  deinit { source.cancel() }

  /// Takes a socket in, of which nothing is waited for yet.
  ///
  /// - Parameter whenReady: called on the queue when there is what is waited for, or the socket's end; again and again until it is
  ///   taken, or not waited for any more.
  func add(_ socket: Int32, whenReady: @escaping () -> Void) {
    precondition(entries[socket] == nil, "a socket is polled once")
    entries[socket] = Entry(whenReady: whenReady)
  }

  /// Forgets a socket; to be called before it is closed.
  func remove(_ socket: Int32) {
    guard let entry = entries.removeValue(forKey: socket), entry.interest != .nothing else { return }
    // Not left to close(2): a child that was forked just now may hold the socket open for a moment.
    control(EPOLL_CTL_DEL, socket, .nothing)
  }

  /// Waits for something else at a socket; false where the kernel has no memory for it.
  func wait(for interest: Interest, at socket: Int32) -> Bool {
    guard let old = entries[socket]?.interest else { preconditionFailure("a socket is added before it is waited for") }
    guard interest != old else { return true }
    let operation =
      switch (old, interest) {
      case (_, .nothing): EPOLL_CTL_DEL
      case (.nothing, _): EPOLL_CTL_ADD
      default: EPOLL_CTL_MOD
      }
    guard control(operation, socket, interest) else { return false }
    entries[socket]?.interest = interest
    return true
  }

  @discardableResult
  private func control(_ operation: Int32, _ socket: Int32, _ interest: Interest) -> Bool {
    let events: EPOLL_EVENTS? =
      switch interest {
      case .nothing: nil
      case .reading: EPOLLIN
      case .writing: EPOLLOUT
      }
    var event = epoll_event(events: events?.rawValue ?? 0, data: epoll_data(fd: socket))
    return epoll_ctl(descriptor, operation, socket, &event) == 0
  }

  private func tell() {
    var events = [epoll_event](repeating: epoll_event(), count: Self.batch)
    let count = epoll_wait(descriptor, &events, Int32(Self.batch), 0)
    // Interrupted: the source fires again.
    guard count > 0 else { return }
    for event in events[..<Int(count)] {
      // One that was told before it may have closed this one, or want nothing of it now.
      guard let entry = entries[event.data.fd], entry.interest != .nothing else { continue }
      entry.whenReady()
    }
  }
}
