import CallbackControl
import Foundation
import Testing

/// One run of the real callbackd.
final class DaemonProcess {
  let manager: ServiceManager
  private let process = Process()
  private let place: Workplace
  /// How long its standard error was before it.
  private let logStart: Int

  enum Ending: Equatable {
    case exited(Int32)
    case killed(Int32)
  }

  /// Starts it, and does not wait.
  ///
  /// - Parameters:
  ///   - environment: beside PATH and NOTIFY_SOCKET.
  ///   - softDescriptorLimit: how many files it may have open, until it asks for more.
  ///   - groups: a file that it takes for /etc/group, in a mount namespace of its own; only for root.
  ///   - accounts: as well, one that it takes for /etc/passwd.
  ///   - namesItself: whether WATCHDOG_PID is its own number, as systemd sets it.
  ///   - wrapper: a command and its arguments that prepares for the daemon, then becomes it.
  init(
    in place: Workplace, arguments: [String] = [], environment: [String: String] = [:], softDescriptorLimit: Int? = nil,
    groups: String? = nil, accounts: String? = nil, namesItself: Bool = false, wrapper: [String] = []
  ) throws {
    self.place = place
    manager = try ServiceManager(path: place.newPath("notify"))
    logStart = place.log.utf8.count
    let program = [try Binary.callbackd.path, "--config", place.configuration] + arguments
    let command =
      groups.map {
        let logins = accounts.map { "mount --bind '\($0)' /etc/passwd && " } ?? ""
        let script = logins + #"mount --bind "$0" /etc/group && exec "$@""#
        return ["/usr/bin/unshare", "-m", "--propagation", "private", "/bin/sh", "-c", script, $0] + program
      } ?? wrapper + program
    let prelude = softDescriptorLimit.map { "ulimit -S -n \($0); " } ?? ""
    if namesItself || !prelude.isEmpty {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", prelude + (namesItself ? "WATCHDOG_PID=$$ " : "") + #"exec "$@""#, "sh"] + command
    } else {
      process.executableURL = URL(fileURLWithPath: command[0])
      process.arguments = Array(command.dropFirst())
    }
    var variables = ["PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": manager.path, "NO_COLOR": "1", "TZ": "UTC"]
    variables.merge(environment) { _, given in given }
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try place.appendToLog()
    try process.run()
  }

  deinit {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// What it has written to standard error.
  var log: String { String(decoding: place.logBytes.dropFirst(logStart), as: UTF8.self) }

  var pid: pid_t { process.processIdentifier }

  /// Waits for READY=1; fails at once if it ends instead.
  @discardableResult
  func ready() async throws -> ServiceManager.Message {
    try await waiting(for: "READY=1", context: context()) {
      if let message = manager.first("READY=1") { return message }
      try #require(process.isRunning, "callbackd ended with \(process.terminationStatus): \(log)")
      return nil
    }
  }

  /// Looks without a pause, so as to act at that very moment, in the middle of something.
  func spin(until condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + patience
    while try !condition() {
      try #require(ContinuousClock.now < end, "the daemon makes no progress: \(log)")
      await Task.yield()
    }
  }

  func send(_ number: Int32) throws {
    try #require(kill(pid, number) == 0)
  }

  /// Waits until it has ended.
  func ended(within limit: Duration = patience) async throws -> Ending {
    _ = try await waiting(for: "an end of callbackd", upTo: limit, context: context()) {
      process.isRunning ? nil : true
    }
    return process.terminationReason == .exit ? .exited(process.terminationStatus) : .killed(process.terminationStatus)
  }

  /// Ends it as a power cut would.
  func crash() async throws {
    try send(SIGKILL)
    try #require(try await ended() == .killed(SIGKILL))
  }

  /// Ends it as systemd would.
  func stop() async throws {
    try send(SIGTERM)
    #expect(try await ended() == .exited(0), "\(log)")
  }

  /// - Parameter limit: how long an answer may take; more than a program would wait where a test is about something else.
  func client(within limit: Duration = .seconds(30)) throws -> ControlClient {
    try ControlClient(path: place.control, timeout: limit)
  }

  private func context() -> String { "it said:\n\(log)" }
}

extension DaemonProcess {
  /// Whether `groups` can be given: some containers keep mounts even from root.
  static let mayHaveGroups: Bool = {
    guard geteuid() == 0 else { return false }
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    probe.arguments = ["-m", "--propagation", "private", "mount", "--bind", "/etc/hosts", "/etc/hosts"]
    probe.standardError = FileHandle.nullDevice
    do {
      try probe.run()
    } catch {
      return false
    }
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }()
}
