import CallbackControl
import CallbackStore
import ChildProcesses
import Dispatch
import Foundation

/// Figures for Prometheus: over the control socket, and in a file for the node exporter's textfile collector.
extension Daemon {
  var metrics: Metrics {
    var metrics = Metrics(
      version: Version.current, startedAt: startedAt, now: now, stages: health.report, counts: nil, counters: counters)
    do throws(StoreError) {
      metrics.counts = try stages.store.counts()
      metrics.oldestNoticeAt = try stages.store.oldestNotice()
    } catch {
      trouble(\.store, .storeTrouble, error.description)
      metrics.stages = health.report
    }
    return metrics
  }

  /// With the slow tick, and once at the end of a start. Beside the queue: the directory may be on a disk that does not answer.
  func writeMetrics() {
    guard let path = configuration.metricsFile, !isWritingMetrics else { return }
    isWritingMetrics = true
    let text = metrics.text
    DispatchQueue.global().async { [self] in
      var problem: String?
      do throws(FileFailure) {
        try MetricsFile(path: path).replace(with: text)
      } catch {
        problem = error.description
      }
      enqueue { [problem] in $0.wroteMetrics(problem) }
    }
  }

  private func wroteMetrics(_ problem: String?) {
    isWritingMetrics = false
    // Said once: nothing depends on the file but graphs, and whoever watches it sees that it is old.
    if let problem, problem != metricsProblem {
      logger.warning("The metrics are not written: \(problem); see metrics.file.")
    }
    metricsProblem = problem
  }
}
