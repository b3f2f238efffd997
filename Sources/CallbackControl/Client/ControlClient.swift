import CallbackReports
import Foundation

/// A connection to the daemon for programs that ask and wait.
///
/// Blocks for at most the time given for each call. Not thread-safe: one client, one thread.
public final class ControlClient {
  private let path: String
  private let timeout: Duration
  private let descriptor: Int32
  private var input: FrameBuffer

  /// A longer answer is none that the daemon gives: a page of rows is bounded, an original too.
  static let longestReply = 64 << 20

  /// Connects.
  ///
  /// - Parameters:
  ///   - path: the control socket.
  ///   - timeout: for connecting, and for each call.
  public init(path: String, timeout: Duration = .seconds(10)) throws(ControlError) {
    guard let address = SocketAddress(path: path) else { throw .unreachable(path: path, errno: ENAMETOOLONG) }
    guard let descriptor = SocketAddress.makeSocket(nonBlocking: false) else {
      throw .unreachable(path: path, errno: errno)
    }
    // Bounds connect(2) too, which waits while the daemon's queue is full (unix(7)).
    var limit = timeval(tv_sec: Int(timeout.components.seconds), tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EAGAIN ? .timedOut(path: path) : .unreachable(path: path, errno: code)
    }
    self.path = path
    self.timeout = timeout
    self.descriptor = descriptor
    input = FrameBuffer(limit: Self.longestReply)
  }

  deinit { close(descriptor) }

  /// One page of callbacks.
  public func list(_ query: ControlCall.ListQuery) throws(ControlError) -> ListReply {
    try ask(.list(query), ListReply.self)
  }

  public func show(_ number: Int64, original: Bool = false) throws(ControlError) -> ShowReply {
    try ask(.show(number, original: original), ShowReply.self)
  }

  public func act(_ act: ControlCall.Act) throws(ControlError) -> ActReply {
    try ask(.act(act), ActReply.self)
  }

  public func onCall(_ query: ControlCall.OnCallQuery) throws(ControlError) -> OnCallReply {
    try ask(.onCall(query), OnCallReply.self)
  }

  /// What became of the file that was dropped under this name.
  public func receipt(ofFile name: String) throws(ControlError) -> ReceiptReply {
    try ask(.receipt(file: name), ReceiptReply.self)
  }

  /// Who and what can be named.
  public func names() throws(ControlError) -> NamesReply {
    try ask(.names, NamesReply.self)
  }

  /// The next piece of a look through the record.
  public func verify(_ query: ControlCall.VerifyQuery) throws(ControlError) -> VerifyReply {
    try ask(.verify(query), VerifyReply.self)
  }

  /// The next page of what came in within a span.
  public func export(_ query: ControlCall.ExportQuery) throws(ControlError) -> ExportReply {
    try ask(.export(query), ExportReply.self)
  }

  public func purge(dryRun: Bool = false) throws(ControlError) -> PurgeReply {
    try ask(.purge(dryRun: dryRun), PurgeReply.self)
  }

  // MARK: Watching

  /// To be waited on for `nextChange`, in poll(2).
  public var fileDescriptor: Int32 { descriptor }

  /// Asks for a page and what changes from then on; gives the page. Nothing else can be asked on this connection.
  public func watch(_ query: ControlCall.WatchQuery) throws(ControlError) -> WatchReply {
    try ask(.watch(query), WatchReply.self)
  }

  /// What has changed; nil if nothing has come, or not whole. Does not wait.
  public func nextChange() throws(ControlError) -> WatchReply? {
    try translatingErrors {
      while true {
        if let frame = try input.next() { return try Self.reply(WatchReply.self, from: Data(frame)) }
        guard try receive(flags: Int32(MSG_DONTWAIT)) else { return nil }
      }
    }
  }

  public func status() throws(ControlError) -> StatusReport {
    try ask(.status, StatusReport.self)
  }

  public func metrics() throws(ControlError) -> MetricsReply {
    try ask(.metrics, MetricsReply.self)
  }

  public func report(_ request: ControlCall.ReportRequest) throws(ControlError) -> Report {
    try ask(.report(request), Report.self)
  }

  /// Has a report mailed, and waits until it is handed over.
  public func mailReport(_ request: ControlCall.ReportRequest, to person: String) throws(ControlError) -> MailedReply {
    try ask(.mailReport(request, to: person), MailedReply.self)
  }

  private func ask<Reply: Decodable>(_ call: ControlCall, _ type: Reply.Type) throws(ControlError) -> Reply {
    let message = Message(method: ControlInterface.name + "." + call.method, parameters: call, more: call.isStream)
    let deadline = ContinuousClock.now.advanced(by: timeout)
    return try translatingErrors {
      try write(ControlCoding.encode(message) + [0])
      let frame = try read(until: deadline)
      return try Self.reply(type, from: Data(frame))
    }
  }

  private func translatingErrors<Value>(_ body: () throws -> Value) throws(ControlError) -> Value {
    do {
      return try body()
    } catch let error as ControlError {
      throw error
    } catch let failure as ControlFailure {
      throw .failed(failure)
    } catch {
      throw .garbled(path: path)
    }
  }

  private static func reply<Reply: Decodable>(_ type: Reply.Type, from data: Data) throws -> Reply {
    if let name = try ControlCoding.decode(ErrorName.self, from: data).error {
      let parameters = try ControlCoding.decode(Parameters<FailureParameters?>.self, from: data).parameters
      guard let failure = ControlFailure(name: name, parameters: parameters ?? FailureParameters()) else {
        throw ControlFailure.badRequest("callbackd answered \(name), which this version of callbackctl does not know.")
      }
      throw failure
    }
    return try ControlCoding.decode(Parameters<Reply>.self, from: data).parameters
  }

  private func write(_ data: Data) throws(ControlError) {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE || errno == ECONNRESET {
        // The daemon closed it, and may have said why before it did.
        return
      } else if errno == EAGAIN {
        throw .timedOut(path: path)
      } else if errno != EINTR {
        throw .unreachable(path: path, errno: errno)
      }
    }
  }

  private func read(until deadline: ContinuousClock.Instant) throws -> [UInt8] {
    while true {
      if let frame = try input.next() { return frame }
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { throw ControlError.timedOut(path: path) }
      let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, Int32(clamping: milliseconds + 1))
      if ready < 0, errno != EINTR { throw ControlError.unreachable(path: path, errno: errno) }
      if ready > 0 { _ = try receive(flags: 0) }
    }
  }

  /// Takes in what has come; false if nothing has.
  private func receive(flags: Int32) throws(ControlError) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, flags)
    if count < 0 {
      let code = errno
      if code == EINTR || code == EAGAIN { return false }
      throw code == ECONNRESET ? .brokenOff(path: path) : .unreachable(path: path, errno: code)
    }
    guard count > 0 else { throw .brokenOff(path: path) }
    input.append(buffer[..<count])
    return true
  }
}

private struct Message: Encodable {
  var method: String
  var parameters: ControlCall
  var more: Bool
}

private struct ErrorName: Decodable {
  var error: String?
}

private struct Parameters<Value: Decodable>: Decodable {
  var parameters: Value
}
