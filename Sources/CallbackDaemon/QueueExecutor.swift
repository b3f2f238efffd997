import Dispatch

/// Runs an actor on one serial dispatch queue, so that timers, watches, signals and sockets made on that queue are inside the
/// actor already when they fire (`assumeIsolated`).
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: UnownedJob) {
    queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  func checkIsolated() {
    dispatchPrecondition(condition: .onQueue(queue))
  }
}
