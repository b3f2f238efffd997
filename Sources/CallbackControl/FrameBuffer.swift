/// Cuts a stream of bytes into varlink's messages, each ended by a NUL byte.
///
/// Pure. Every byte is looked at once, however small the pieces are in which it comes.
struct FrameBuffer {
  /// What has come and was not taken yet; the first `start` bytes of it are done with.
  private var bytes: [UInt8] = []
  private var start = 0
  /// Up to here there is no NUL.
  private var searched = 0
  /// The longest message, without its NUL.
  let limit: Int

  /// The message is longer than the limit; nothing that follows can be understood.
  struct TooLong: Error {}

  init(limit: Int) {
    self.limit = limit
  }

  /// How much it keeps, done with or not.
  var heldBytes: Int { bytes.count }

  /// Whether a message has begun, whole or not.
  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ new: some Collection<UInt8>) {
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
      (start, searched) = (0, 0)
    } else if start > 1 << 16, start > bytes.count / 2 {
      // A client whose messages never end together with a piece would have us keep all that it ever sent.
      bytes.removeFirst(start)
      (start, searched) = (0, searched - start)
    }
    bytes.append(contentsOf: new)
  }

  /// The next whole message without its NUL; nil until the rest of it has come.
  mutating func next() throws(TooLong) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0) else {
      searched = bytes.count
      if bytes.count - start > limit { throw TooLong() }
      return nil
    }
    if end - start > limit { throw TooLong() }
    let frame = Array(bytes[start..<end])
    start = end + 1
    searched = start
    return frame
  }
}
