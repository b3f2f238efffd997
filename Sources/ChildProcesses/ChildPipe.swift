import Glibc

/// A pipe by which a child says something, and the first of what it says.
final class ChildPipe {
  /// -1 once nothing more is read.
  private(set) var readEnd: Int32
  /// -1 once the child has it.
  private(set) var writeEnd: Int32
  private(set) var bytes: [UInt8] = []
  /// Whether there was more than is kept.
  private(set) var hasMore = false
  private let mostBytes: Int
  private let closesBeyond: Bool

  private static let pieceBytes = 1 << 16

  /// - Parameter closesBeyond: whether a child that says more finds the pipe closed; else that is read and dropped.
  init(mostBytes: Int, closesBeyond: Bool) throws(FileFailure) {
    (readEnd, writeEnd) = try makePipe()
    self.mostBytes = mostBytes
    self.closesBeyond = closesBeyond
    guard fcntl(readEnd, F_SETFL, O_NONBLOCK) == 0 else { throw FileFailure("set up", "a pipe") }
  }

  deinit {
    closeReadEnd()
    closeWriteEnd()
  }

  private func closeReadEnd() {
    if readEnd >= 0 { close(readEnd) }
    readEnd = -1
  }

  func closeWriteEnd() {
    if writeEnd >= 0 { close(writeEnd) }
    writeEnd = -1
  }

  /// Reads a piece of what is there.
  ///
  /// - Returns: false where nothing is.
  @discardableResult
  func readOnce() -> Bool {
    guard readEnd >= 0 else { return false }
    var count = 0
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, filled in
      repeat { count = read(readEnd, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
      filled = max(count, 0)
    }
    if count < 0, errno == EAGAIN { return false }
    guard count > 0 else {
      closeReadEnd()
      return false
    }
    hasMore = hasMore || count > mostBytes - bytes.count
    bytes += piece.prefix(mostBytes - bytes.count)
    if hasMore, closesBeyond { closeReadEnd() }
    return true
  }

  func readWhatIsThere() {
    while !hasMore, readOnce() {}
  }
}

/// A pipe of which no child gets an end that it is not given.
func makePipe() throws(FileFailure) -> (readEnd: Int32, writeEnd: Int32) {
  var ends: [Int32] = [-1, -1]
  guard pipe2(&ends, O_CLOEXEC) == 0 else { throw FileFailure("make", "a pipe") }
  return (ends[0], ends[1])
}

/// pipe2(2), which Swift's Glibc leaves out.
@_silgen_name("pipe2")
private func pipe2(_ ends: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32
