import Dispatch
import Foundation
import Synchronization
import Testing

@testable import CallbackControl

@Suite struct SocketPollTests {
  private let queue = DispatchQueue(label: "socket poll tests")

  /// Both ends of a stream.
  private func pair() throws -> (here: Int32, there: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  /// Returns when the poll has told all that there is to tell: of a socket that is ready, and was added last.
  private func waitForTurn(_ poll: SocketPoll) throws {
    let (here, there) = try pair()
    let came = DispatchSemaphore(value: 0)
    queue.sync {
      poll.add(here) {
        poll.remove(here)
        came.signal()
      }
      #expect(poll.wait(for: .writing, at: here))
    }
    #expect(came.wait(timeout: .now() + 10) == .success)
    close(here)
    close(there)
  }

  @Test("what is not waited for is not told, not even the end of a socket; it is when it is waited for")
  func interests() throws {
    let poll = try #require(SocketPoll(queue: queue))
    let (here, there) = try pair()
    let told = Counter()
    let came = DispatchSemaphore(value: 0)
    queue.sync {
      poll.add(here) {
        told.increment()
        #expect(poll.wait(for: .nothing, at: here))
        came.signal()
      }
    }
    close(there)
    try waitForTurn(poll)
    #expect(told.value == 0)
    for (count, interest) in [(1, SocketPoll.Interest.reading), (2, .writing)] {
      #expect(queue.sync { poll.wait(for: interest, at: here) })
      #expect(came.wait(timeout: .now() + 10) == .success)
      try waitForTurn(poll)
      #expect(told.value == count)
    }
    queue.sync { poll.remove(here) }
    close(here)
  }

  @Test("of two sockets that are ready, the one that the other's turn removes is not told")
  func removed() throws {
    let poll = try #require(SocketPoll(queue: queue))
    let (first, second) = (try pair(), try pair())
    let told = Counter()
    queue.sync {
      for socket in [first.here, second.here] {
        poll.add(socket) {
          told.increment()
          poll.remove(first.here)
          poll.remove(second.here)
        }
        #expect(poll.wait(for: .reading, at: socket))
      }
      close(first.there)
      close(second.there)
    }
    try waitForTurn(poll)
    #expect(told.value == 1)
    close(first.here)
    close(second.here)
  }

  @Test("clients that hang up by the thousand, four at a time, end nobody but themselves", .timeLimit(.minutes(2)))
  func hangUps() throws {
    let server = try TestServer()
    let path = server.path
    let failures = Mutex<[any Error]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<500 {
        do {
          let client = try RawClient(path)
          client.send(#"{"method":"org.varlink.service.GetInfo"}"# + "\0")
          #expect(client.receive()?.contains("callbackd") == true)
        } catch {
          failures.withLock { $0.append(error) }
        }
      }
    }
    #expect(failures.withLock { $0 }.isEmpty)
    #expect(try server.client().status().version == "1.2")
  }
}
