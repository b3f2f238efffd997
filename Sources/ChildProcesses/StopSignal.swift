import Glibc

/// Wakes whoever waits for a child, from any thread: a pipe into which a byte is written.
final class StopSignal: Sendable {
  /// Readable once it was given.
  let descriptor: Int32
  private let writeEnd: Int32

  init() throws(FileFailure) {
    (descriptor, writeEnd) = try makePipe()
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  func give() {
    var byte: UInt8 = 0
    // A pipe that is full has been given, too.
    _ = write(writeEnd, &byte, 1)
  }
}
