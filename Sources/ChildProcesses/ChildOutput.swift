import Dispatch
import Glibc
import Synchronization

/// What a child writes to its standard output, for callers that may block.
package enum ChildOutput {
  /// Runs a child to its end, and gives how it went with what it wrote; nil where that was more than `mostBytes`, or went on for
  /// longer than `limit`.
  ///
  /// Never to be called on a thread of Swift's own pool: it blocks until the child has ended.
  package static func of(
    _ child: ChildProcess, reading input: borrowing UnnamedFile, mostBytes: Int, within limit: Duration
  ) throws(FileFailure) -> (ending: ChildProcess.Ending, output: [UInt8]?) {
    var ends: [Int32] = [-1, -1]
    guard makePipe(&ends, O_CLOEXEC) == 0 else { throw FileFailure("make", "a pipe") }
    let (readEnd, writeEnd, standardInput) = (ends[0], ends[1], input.descriptor)
    let end = End()
    Task.detached {
      let ending = await child.run(input: standardInput, output: writeEnd)
      // This was the last end, unless the child left something running: whoever reads comes to the end.
      close(writeEnd)
      end.came(ending)
    }
    let output = read(readEnd, mostBytes: mostBytes, until: .now + limit)
    // A child that still writes is ended by the first byte.
    close(readEnd)
    return (end.wait(), output)
  }

  private static func read(_ descriptor: Int32, mostBytes: Int, until deadline: ContinuousClock.Instant) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= mostBytes {
      let left = (deadline - .now) / .milliseconds(1)
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let found = left > 0 ? poll(&ready, 1, Int32(min(left, 3_600_000))) : 0
      if found < 0, errno == EINTR { continue }
      guard found > 0 else { return nil }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    return nil
  }

  /// The end of a child, which comes on another thread.
  private final class End: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let ending = Mutex<ChildProcess.Ending?>(nil)

    func came(_ ending: ChildProcess.Ending) {
      self.ending.withLock { $0 = ending }
      semaphore.signal()
    }

    func wait() -> ChildProcess.Ending {
      semaphore.wait()
      guard let ending = ending.withLock({ $0 }) else { preconditionFailure("an end is signalled once it is there") }
      return ending
    }
  }
}

/// pipe2(2), which Swift's Glibc leaves out. Without O_CLOEXEC from the start another child could hold the end that is written to.
@_silgen_name("pipe2")
private func makePipe(_ ends: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32
