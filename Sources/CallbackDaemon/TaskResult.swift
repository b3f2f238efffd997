import ChildProcesses
import Dispatch
import Synchronization

/// What a task comes to, for callers that may block.
final class TaskResult<Value: Sendable>: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let value = Mutex<Value?>(nil)

  /// Starts it at once.
  init(_ work: @escaping @Sendable () async -> Value) {
    Task.detached(executorPreference: BlockingExecutor.shared) { [self] in
      let value = await work()
      self.value.withLock { $0 = value }
      semaphore.signal()
    }
  }

  /// Waits for it: to be called once, and never on a thread of Swift's own pool.
  func wait() -> Value {
    semaphore.wait()
    guard let value = value.withLock({ $0 }) else { preconditionFailure("it is signalled once it is there") }
    return value
  }
}
