import CallbackControl
import Foundation

/// `watch --json`: what changes, for programs, a line of JSON for each reply.
struct ChangeLines {
  let path: String
  let query: ControlCall.WatchQuery

  /// The daemon says something every 15 s.
  private static let longestSilence = Duration.seconds(40)

  /// Prints until the daemon has hung up or says nothing any more, which is a failure, or nobody reads on.
  func print() throws(Failure) {
    do throws(ControlError) {
      let client = try ControlClient(path: path)
      guard Self.print(try client.watch(query)) else { return }
      var heardAt = ContinuousClock.now
      while true {
        while let reply = try client.nextChange() {
          heardAt = .now
          guard Self.print(reply) else { return }
        }
        guard heardAt.duration(to: .now) < Self.longestSilence else { throw .timedOut(path: path) }
        var watched = pollfd(fd: client.fileDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&watched, 1, 1000)
      }
    } catch {
      throw Failure(error)
    }
  }

  /// False if it can't be written.
  private static func print(_ reply: WatchReply) -> Bool {
    do {
      Swift.print(String(decoding: try ControlCoding.encode(reply), as: UTF8.self))
    } catch {
      preconditionFailure("a reply could not be encoded: \(error)")
    }
    // At once, whatever reads it.
    return fflush(nil) == 0
  }
}
