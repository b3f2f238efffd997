import CallbackConfiguration
import CallbackDelivery
import CallbackIntake
import CallbackRules
import Foundation
import Systemd

/// Reload and shutdown.
extension Daemon {
  /// How long a shutdown waits for children that are handing over.
  private static let graceSeconds = 0.9

  /// Reload; and shutdown, twice.
  static let signals = [SIGHUP, SIGTERM, SIGINT]

  /// Signals that must not end the daemon.
  nonisolated func ignoreSignals() {
    signal(SIGPIPE, SIG_IGN)
    // Sent when somebody opens a file for writing on which there is a read lease (fcntl(2)).
    signal(SIGIO, SIG_IGN)
  }

  /// From here on signals wait for the queue, however early they come.
  func startSignals() throws(StartError) {
    signals = try SignalReader(Self.signals, queue: queue) { @Sendable number in
      self.assumeIsolated { daemon in
        if number == SIGHUP { daemon.reload() } else { daemon.stop() }
      }
    }
  }

  /// Reads the configuration again; a bad one changes nothing.
  private func reload() {
    tell { notifier throws(SystemdError) in try notifier.reloading() }
    do throws(ConfigurationError) {
      let (checked, templates) = try Configuration.loadWithTemplates(file: configurationFile)
      for warning in checked.warnings { logger.warning("\(warning)") }
      use(checked.configuration, templates)
      logger.report(.reloaded, "The configuration was read again.")
    } catch {
      for problem in error.problems { logger.error("\(problem)") }
      let problems = error.problems.count == 1 ? "a problem" : "\(error.problems.count) problems"
      logger.report(
        .reloadRefused,
        "The configuration has \(problems), so the old one stays in force; mend the file and reload.")
    }
    tell { notifier throws(SystemdError) in try notifier.ready(status: statusLine) }
  }

  private func use(_ new: Configuration, _ templates: NoticeTemplates) {
    if new.paths != configuration.paths {
      logger.warning("A change of [paths] takes effect when callbackd is restarted.")
    }
    let paths = configuration.paths
    configuration = new
    configuration.paths = paths
    stages.rules = Rules(office: new.office)
    stages.use(new.mail)
    control?.know(groups: office.accountGroups)
    scanner.use(Spool.Settings(configuration), reader: MessageReader(configuration))
    deliverer = Deliverer(configuration, templates: templates, host: host, files: deliverer.files)
    queueScan()
    lookAtShifts()
    queueReplan()
  }

  /// Takes in nothing more, lets children finish for a moment, and ends.
  private func stop() {
    guard !isStopping else { return }
    noteAlive()
    isStopping = true
    logger.report(.stopping, "callbackd stops.")
    tell { notifier throws(SystemdError) in
      try notifier.stopping(status: "stopping, \(handingOver.count) notices in hand")
    }
    tick?.cancel()
    control?.stop()
    watcher = nil
    answerWatcher = nil
    queue.asyncAfter(deadline: .now() + Self.graceSeconds) { @Sendable in
      self.assumeIsolated { daemon in
        // What they hand over is tried again after the next start, with the same Message-ID.
        for task in daemon.handingOver.values { task.cancel() }
        daemon.directAlarm?.cancel()
      }
    }
    queue.asyncAfter(deadline: .now() + Self.graceSeconds + 0.4) { @Sendable in
      self.assumeIsolated { daemon in
        daemon.handingOver.removeAll()
        daemon.directAlarm = nil
        daemon.intake = IntakeProgress()
        daemon.finishStopping()
      }
    }
    finishStopping()
  }

  func finishStopping() {
    guard isStopping, handingOver.isEmpty, directAlarm == nil, intake.isIdle else { return }
    hasStopped.signal()
  }
}
