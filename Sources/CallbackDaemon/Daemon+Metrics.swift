import CallbackControl
import CallbackStore
import ChildProcesses
import Dispatch
import Foundation

/// What others watch callbackd by. Figures for Prometheus, over the control socket, and in a file for the node exporter's textfile
/// collector; and a file that grows old when a stage stands still.
extension Daemon {
  var metrics: Metrics {
    var metrics = Metrics(
      version: Version.current, startedAt: startedAt, now: now, stages: health.report, counts: nil, counters: counters)
    do throws(StoreError) {
      metrics.counts = try stages.store.counts()
      metrics.oldestNoticeAt = try stages.store.oldestNotice()
    } catch {
      storeFailed(error)
      metrics.stages = health.report
    }
    return metrics
  }

  /// With the slow tick, and once at the end of a start. Beside the queue: the directory may be on a disk that does not answer.
  func writeMetrics() {
    write(metrics.text, to: configuration.metricsFile, "metrics.file")
  }

  /// With the slow tick, where every stage makes progress.
  func beat() { write(now.formatted(.iso8601) + "\n", to: configuration.heartbeatFile, "metrics.heartbeat") }

  /// How the writing of such a file stands.
  struct Writing {
    var isUnderWay = false
    /// Why the last one was not written; nil: it was.
    var problem: String?
  }

  /// - Parameter key: the configuration's, which names the file.
  private func write(_ text: @autoclosure () -> String, to path: String?, _ key: String) {
    guard let path, writing[key]?.isUnderWay != true else { return }
    writing[key, default: Writing()].isUnderWay = true
    let text = text()
    DispatchQueue(label: "callbackd.metrics").async { [self] in
      var problem: String?
      do throws(FileFailure) {
        try ReplacedFile(path: path).replace(with: text)
      } catch {
        problem = error.description
      }
      enqueue { [problem] in $0.wrote(key, problem) }
    }
  }

  private func wrote(_ key: String, _ problem: String?) {
    // Said once: nothing depends on the file, and whoever watches it sees that it is old.
    if let problem, problem != writing[key]?.problem {
      logger.warning("What \(key) names is not written: \(problem).")
    }
    writing[key] = Writing(problem: problem)
  }
}
