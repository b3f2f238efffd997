import CallbackControl
import Foundation
import Synchronization

/// One run of the callbackd that is measured.
final class DaemonProcess {
  private let process = Process()
  private let place: Workplace
  private static let running = Mutex<Set<pid_t>>([])

  /// Starts it, and does not wait.
  ///
  /// - Parameter notify: the socket on which it says that it is ready (sd_notify(3)).
  init(_ path: String, in place: Workplace, notify: String? = nil) throws {
    self.place = place
    let log = try done(open(place.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "open \(place.log)")
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--config", place.configuration]
    process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC"]
    if let notify { process.environment?["NOTIFY_SOCKET"] = notify }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: log, closeOnDealloc: true)
    try Self.running.withLock { running in
      try process.run()
      running.insert(process.processIdentifier)
    }
  }

  deinit {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    forget()
  }

  private func forget() { _ = Self.running.withLock { $0.remove(process.processIdentifier) } }

  /// Ends all at once, and starts no other before `body` has ended this program.
  static func killAll(then body: () -> Never) -> Never {
    running.withLock { running in
      for pid in running { kill(pid, SIGKILL) }
      body()
    }
  }

  /// Waits until the control socket answers: the daemon has then looked into the spool.
  func answers() throws -> ControlClient {
    try waiting(for: "an answer of callbackd", every: .milliseconds(2)) {
      do {
        let client = try ControlClient(path: place.control)
        _ = try client.status()
        return client
      } catch ControlError.unreachable {
        return nil  // It has not come so far.
      }
    }
  }

  var facts: ProcessFacts { ProcessFacts(pid: process.processIdentifier) }

  /// Waits until it does nothing more of its own, as after a start.
  func settles() throws {
    Progress.show("waiting until callbackd is at rest")
    var before = try facts.processorSeconds()
    let end = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < end {
      sleep(1)
      let after = try facts.processorSeconds()
      if after - before <= 0.02 { return }
      before = after
    }
    throw failed("was not at rest after ten minutes")
  }

  /// Ends it as systemd would.
  func stop() throws {
    process.terminate()
    process.waitUntilExit()
    forget()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { throw failed("did not end well") }
  }

  /// Looks until there is something; fails where the daemon ends instead, or after ten minutes.
  @discardableResult
  func waiting<Value>(for what: String, every pause: Duration, look: () throws -> Value?) throws -> Value {
    let end = ContinuousClock.now + .seconds(600)
    while true {
      if let found = try look() { return found }
      guard process.isRunning else { throw failed("ended with \(process.terminationStatus)") }
      guard ContinuousClock.now < end else { throw failed("kept us waiting: there never was \(what)") }
      usleep(UInt32(pause / .microseconds(1)))
    }
  }

  /// With the end of what it said.
  private func failed(_ what: String) -> CannotMeasure {
    let log = String(decoding: FileManager.default.contents(atPath: place.log) ?? Data(), as: UTF8.self)
    return CannotMeasure("callbackd \(what). The end of its log:\n\(log.suffix(2000))")
  }
}
