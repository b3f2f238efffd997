import Glibc
import Subprocess

/// Runs one program to its end, or ends it.
///
/// The child gets a process group of its own, standard input from a file, an almost empty environment and `/` to stand in.
/// Its standard output is discarded, unless it is given a place; of its standard error the first 4 KiB are kept and the rest is read and dropped. When
/// the time is up the group gets SIGTERM, and SIGKILL two seconds later or once the child itself has ended. What it leaves running
/// after an end of its own is left alone (MTAs deliver in the background), and not waited for, whatever it holds open.
///
/// A child that even SIGKILL can't end (hung in the kernel) is waited for.
package struct ChildProcess: Sendable {
  /// An absolute path.
  package let program: String
  package let arguments: [String]
  package let timeout: Duration

  package init(program: String, arguments: [String], timeout: Duration) {
    self.program = program
    self.arguments = arguments
    self.timeout = timeout
  }

  /// How a run went.
  package enum Ending: Sendable, Equatable {
    case exited(Int32, said: [UInt8])
    case killed(signal: Int32, said: [UInt8])
    case timedOut(said: [UInt8])
    /// A sentence.
    case notStarted(String)
  }

  private static let keptBytes = 4096
  private static let grace = Duration.seconds(2)

  /// Runs it.
  ///
  /// - Parameters:
  ///   - input: a descriptor of what it reads on standard input; not closed.
  ///   - output: a descriptor to which it writes its standard output; not closed, and read by whoever gave it, or a pipe
  ///     fills up. Nil: nowhere.
  package func run(input: Int32, output: Int32? = nil) async -> Ending {
    guard let output else {
      let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
      guard nowhere >= 0 else { return .notStarted("can't open /dev/null: \(String(cString: strerror(errno)))") }
      defer { close(nowhere) }
      return await run(input: input, output: nowhere)
    }
    guard !arguments.contains(where: { $0.utf8.contains(0) }) else { return .notStarted("an argument holds a NUL") }
    guard Self.areDescriptorsSpare(beside: input) else { return .notStarted("too many files are open") }
    // Also where the surrounding task is cancelled.
    let stop = [TeardownStep.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = stop
    do {
      let timeout = timeout
      let result = try await Subprocess.run(
        .path(.init(program)), arguments: Arguments(arguments),
        environment: .custom(["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"]),
        workingDirectory: "/", platformOptions: options,
        input: .fileDescriptor(.init(rawValue: input), closeAfterSpawningProcess: false),
        output: .fileDescriptor(.init(rawValue: output), closeAfterSpawningProcess: false), error: .sequence
      ) { child in
        let deadline = ContinuousClock.now + timeout
        let reader = Task { await Self.firstBytes(of: child.standardError) }
        // Signal 0 only looks: the first step waits for the child until the time is up.
        let wait = TeardownStep.send(signal: Signal(rawValue: 0), allowedDurationToNextStep: timeout)
        await child.teardown(using: [wait] + stop)
        let isLate = ContinuousClock.now >= deadline
        // The child is not reaped yet, so the group's number is still its own.
        var said: [UInt8] = []
        if isLate { said = Self.kill(group: child.processIdentifier.value) }
        reader.cancel()
        said = await reader.value + said
        return (isLate: isLate, said: said)
      }
      let (isLate, said) = result.closureResult
      if isLate { return .timedOut(said: said) }
      switch result.terminationStatus {
      case .exited(let code): return .exited(code, said: said)
      case .signaled(let signal): return .killed(signal: signal, said: said)
      }
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return .notStarted(whyNotFound)
    } catch {
      return .notStarted(String(describing: error))
    }
  }

  /// What starting a child takes for a moment, and as much again.
  private static let spareDescriptors = 16

  /// Whether there are as many descriptors as starting a child takes: where they run out halfway, the library may wait for ever
  /// for a child that it has lost.
  private static func areDescriptorsSpare(beside input: Int32) -> Bool {
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    while copies.count < spareDescriptors {
      let copy = fcntl(input, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else { return false }
      copies.append(copy)
    }
    return true
  }

  /// The library doesn't tell a program that is missing from one that may not be run.
  private var whyNotFound: String {
    access(program, X_OK) == 0 ? "its interpreter is missing or may not be run" : String(cString: strerror(errno))
  }

  /// Returns what there is to say about it: nothing, or that it failed.
  private static func kill(group: pid_t) -> [UInt8] {
    guard Glibc.kill(-group, SIGKILL) != 0 else { return [] }
    return Array("\ncan't kill what it left running: \(String(cString: strerror(errno)))".utf8)
  }

  /// Reads to the end, or, once the child is gone (the task is cancelled), no more than there is to keep: what the child left
  /// running may hold the pipe open, and may write for ever.
  private static func firstBytes(of output: SubprocessOutputSequence) async -> [UInt8] {
    var kept: [UInt8] = []
    do {
      for try await buffer in output {
        buffer.withUnsafeBytes { kept.append(contentsOf: $0.prefix(keptBytes - kept.count)) }
        if Task.isCancelled, kept.count == keptBytes { break }
      }
    } catch {
      kept += Array("\ncan't read its messages: \(error)".utf8)
    }
    return kept
  }
}
