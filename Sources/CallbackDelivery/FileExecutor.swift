import Dispatch

/// Runs what waits for a disk, so that one that does not answer does not hold the few threads that all other tasks share.
public final class FileExecutor: TaskExecutor {
  private let queue: DispatchQueue

  /// - Parameter label: shown by debuggers.
  public init(label: String) {
    // Those of another quality of service have threads of their own.
    queue = DispatchQueue(label: label, qos: .userInitiated, attributes: .concurrent)
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { @Sendable [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
