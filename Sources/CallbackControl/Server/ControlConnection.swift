import Dispatch
import Foundation

/// One client's connection: reads calls, answers them in their order, and goes when it has been silent for too long.
///
/// While a reply is not sent whole, nothing more is read: a client that does not read can't make us keep replies. One call is
/// answered in a turn of the queue, so that a client with many has no more of the daemon than others. So it is with a client that
/// watches: it is told what has changed when it has read what it was told before, all of it in one reply.
///
/// `@unchecked Sendable`: confined to the server's serial queue, as `ControlServer` is. The poll and the timer hold the connection
/// until it is closed.
final class ControlConnection: @unchecked Sendable {
  private(set) var peer: Peer
  private let descriptor: Int32
  private let queue: DispatchQueue
  private let limits: ControlServer.Limits
  private let dispatch: ControlDispatch
  private let watching: WatchBudget
  private let onClose: @Sendable (ObjectIdentifier) -> Void

  private let poll: SocketPoll
  private let timer: any DispatchSourceTimer
  private var interest = SocketPoll.Interest.nothing

  private var input: FrameBuffer
  private var output = Data()
  /// How much of `output` the client has.
  private var sent = 0
  private var waitsFor = Wait.nothing
  /// Also until it is known who the peer is.
  private var isAnswering = true
  private var isServed = false
  private var hasEnded = false
  private var isClosed = false

  /// What it watches, and how far it was told; nil while it does not watch.
  private var watched: ControlCall.WatchQuery?
  private var toldAt = ContinuousClock.now
  /// Whether anything may have changed since.
  private var isChanged = false
  /// When it may be told, once it is to be.
  private var turn: ContinuousClock.Instant?
  /// Since when it waits for a call.
  private var waitsSince: ContinuousClock.Instant?

  /// What the time-out runs for.
  private enum Wait {
    case nothing
    case call
    case restOfCall
    case reader
    /// Not a time-out: when a client that watches is told again.
    case change
  }

  init(
    descriptor: Int32, peer: Peer, queue: DispatchQueue, poll: SocketPoll, limits: ControlServer.Limits,
    dispatch: ControlDispatch, watching: WatchBudget, onClose: @escaping @Sendable (ObjectIdentifier) -> Void
  ) {
    self.descriptor = descriptor
    self.peer = peer
    self.queue = queue
    self.poll = poll
    self.limits = limits
    self.dispatch = dispatch
    self.watching = watching
    self.onClose = onClose
    input = FrameBuffer(limit: limits.messageBytes)
    timer = DispatchSource.makeTimerSource(queue: queue)
  }

  /// Since when it has been silent, with nothing to be answered; nil while there is, or while nobody knows who the peer is.
  var idleSince: ContinuousClock.Instant? { isAnswering ? nil : waitsSince }

  /// Begins to exist; serves nobody before `serve`.
  func start() {
    poll.add(descriptor) { [self] in interest == .writing ? write() : read() }
    timer.setEventHandler { @Sendable [self] in waitsFor == .change ? tellChanges() : close() }
    timer.resume()
    wait(for: .call)
  }

  /// Answers what this peer, who is now known, asks; if it was known before, goes on with what is known now.
  func serve(_ peer: Peer) {
    let isFirst = !isServed
    self.peer = peer
    isServed = true
    noteChange()
    guard isFirst else { return }
    isAnswering = false
    goOn()
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    if watched != nil { watching.end(peer.uid) }
    timer.cancel()
    poll.remove(descriptor)
    Glibc.close(descriptor)
    onClose(ObjectIdentifier(self))
  }

  // MARK: Reading

  private func read() {
    guard !isClosed else { return }
    let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { input.append(buffer[..<count]) }
      return count
    }
    if count < 0 {
      if errno != EAGAIN, errno != EINTR { close() }
      return
    }
    if count == 0 {
      // It will send no more, and may still wait for what it asked; but not for ever for what changes.
      if watched != nil { return close() }
      hasEnded = true
      want(.nothing)
    }
    // What a client sends that watches is never answered.
    if watched != nil, input.heldBytes > limits.messageBytes { return close() }
    goOn()
  }

  /// Does what is next: sends the rest of a reply, answers a call, waits for one.
  private func goOn() {
    guard !isClosed, !isAnswering else { return }
    guard output.isEmpty else {
      want(.writing)
      return wait(for: .reader, again: true)
    }
    if interest == .writing { want(.nothing) }
    if watched != nil { return waitForChange() }
    let frame: [UInt8]?
    do {
      frame = try input.next()
    } catch {
      return close()
    }
    if let frame {
      want(.nothing)
      wait(for: .nothing)
      answer(frame)
    } else if hasEnded {
      close()
    } else {
      want(.reading)
      wait(for: input.isEmpty ? .call : .restOfCall, again: input.isEmpty)
    }
  }

  private func answer(_ frame: [UInt8]) {
    isAnswering = true
    queue.async { @Sendable [self] in
      isAnswering = false
      guard !isClosed else { return }
      let start = ContinuousClock.now
      switch dispatch.answer(to: frame, from: peer) {
      case .reply(let data):
        output = data
        write()
      case .stream(let data, let query):
        output = data
        if let reason = watching.begin(peer.uid, limits) {
          output = ControlDispatch.encode(.tryAgain(reason))
        } else {
          watched = query
          (isChanged, toldAt) = (false, .now)
          watching.took(start.duration(to: toldAt))
        }
        write()
      case .later(let reply, let oneway):
        isAnswering = true
        reply.begin { @Sendable [self] answer in queue.async { @Sendable in self.answer(later: answer, oneway: oneway) }
        }
      case .nothing: goOn()
      case .hangUp: close()
      }
    }
  }

  // MARK: Watching

  /// Something may have changed that the client watches.
  func noteChange() {
    guard watched != nil, !isChanged else { return }
    isChanged = true
    if waitsFor == .change, turn == nil { waitForChange() }
  }

  private func waitForChange() {
    want(.reading)
    waitsFor = .change
    let next = turn ?? toldAt.advanced(by: isChanged ? limits.watchSpacing : limits.signOfLife)
    timer.schedule(deadline: .now() + max(.zero, ContinuousClock.now.duration(to: next)).interval)
  }

  private func tellChanges() {
    guard !isClosed, var query = watched else { return }
    let start = ContinuousClock.now
    let turn = turn ?? watching.moment(at: start)
    guard turn <= start else {
      self.turn = turn
      return waitForChange()
    }
    self.turn = nil
    query.wantsWord = toldAt.duration(to: start) >= limits.signOfLife
    isChanged = false
    let news = dispatch.news(for: query, to: peer)
    watching.took(start.duration(to: .now))
    switch news {
    case .nothing(let next):
      watched = next
      return waitForChange()
    case .reply(let data, let next):
      (watched, toldAt) = (next, start)
      output = data
    case .end(let data):
      watched = nil
      watching.end(peer.uid)
      output = data
    }
    write()
  }

  // MARK: Answers that come later

  private func answer(later reply: ControlReply, oneway: Bool) {
    isAnswering = false
    guard !isClosed, !oneway else { return goOn() }
    output = ControlDispatch.encode(reply)
    write()
  }

  // MARK: Writing

  private func write() {
    guard !isClosed else { return }
    while sent < output.count {
      let count = output.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
        return send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        return close()
      }
    }
    if sent == output.count { (output, sent) = (Data(), 0) }
    goOn()
  }

  // MARK: Waiting

  /// Starts the time-out for what is waited for; one that runs already goes on, unless it is to start again.
  private func wait(for wait: Wait, again: Bool = false) {
    guard wait != waitsFor || again else { return }
    waitsFor = wait
    waitsSince = wait == .call ? .now : nil
    switch wait {
    case .nothing: timer.schedule(deadline: .distantFuture)
    case .call: timer.schedule(deadline: .now() + limits.idle.interval, leeway: .seconds(1))
    case .change: preconditionFailure("changes are waited for with waitForChange")
    case .restOfCall, .reader: timer.schedule(deadline: .now() + limits.stalled.interval, leeway: .milliseconds(100))
    }
  }

  private func want(_ interest: SocketPoll.Interest) {
    guard !isClosed else { return }
    guard poll.wait(for: interest, at: descriptor) else { return close() }
    self.interest = interest
  }
}

extension Duration {
  fileprivate var interval: DispatchTimeInterval {
    .milliseconds(Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
  }
}
