import Dispatch

/// Runs tasks that wait for a disk or a program, each on a thread that waits for nobody else's.
///
/// Each job has a serial queue of its own, for which libdispatch starts a thread even where all cores are busy. The threads that
/// Swift's tasks share are as few as the cores: one disk that does not answer would hold them, and from their first use on
/// libdispatch wakes the process each second to look after them. So no task of the daemon runs there.
package final class BlockingExecutor: TaskExecutor {
  package static let shared = BlockingExecutor()

  private init() {}

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    DispatchQueue(label: "callbackd.blocking").async { [self] in
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
