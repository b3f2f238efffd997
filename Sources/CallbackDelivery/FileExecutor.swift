import Dispatch

/// Runs tasks that wait for a disk, beside the few threads that all other tasks share.
public final class FileExecutor: TaskExecutor {
  private let queue: DispatchQueue

  /// - Parameter label: shown by debuggers.
  public init(label: String) {
    queue = DispatchQueue(label: label, attributes: .concurrent)
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { @Sendable [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
