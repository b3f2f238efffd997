import Dispatch
import Foundation

/// Delivers signals on a queue, from the moment it is made.
///
/// Not Dispatch's own signal sources: on Linux such a source is registered some time after it was resumed, and a signal that
/// comes before is lost, so that a daemon which was told to end goes on. Here a handler writes each signal's number into a
/// pipe, where it waits for the queue. Handlers, unlike ignored or blocked signals, don't pass on to child processes.
final class SignalReader {
  private let source: any DispatchSourceRead

  /// Takes over these signals for the rest of the process's life; to be made once.
  ///
  /// - Parameter handler: called on the queue, with the number of each signal.
  /// - Throws: if there is no pipe to be had.
  init(_ signals: [Int32], queue: DispatchQueue, handler: @escaping @Sendable (Int32) -> Void) throws(StartError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0,
      ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 && fcntl($0, F_SETFL, O_NONBLOCK) == 0 })
    else {
      throw StartError(
        status: .temporaryFailure, "Signals can't be received: \(String(cString: strerror(errno))); start again.")
    }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    signalPipe = writeEnd
    source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: queue)
    source.setEventHandler { @Sendable in
      var number: UInt8 = 0
      while read(readEnd, &number, 1) == 1 { handler(Int32(number)) }
    }
    source.setCancelHandler { @Sendable in close(readEnd) }
    source.resume()
    for number in signals {
      signal(number) { number in
        // Only what signal-safety(7) allows, and the code that was interrupted may be about to look at errno. A full pipe
        // holds the same news already.
        let code = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe, &byte, 1)
        errno = code
      }
    }
  }

  /// Has the calling thread take these signals.
  static func letThrough(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  deinit { source.cancel() }
}

/// Where handlers write. A handler has no other way to reach it; it is set before the first one is there, and never again.
private nonisolated(unsafe) var signalPipe: Int32 = -1
