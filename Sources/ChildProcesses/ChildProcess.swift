import Glibc

/// Runs one program to its end, or ends it.
///
/// The child gets a process group of its own, standard input from a file, an almost empty environment, no descriptor beyond
/// standard error, and `/` to stand in. Of its standard error the first 4 KiB are kept and the rest is read and dropped. When the
/// time is up the group gets SIGTERM, and SIGKILL two seconds later or once the child itself has ended. What it leaves running
/// after an end of its own is left alone (MTAs deliver in the background), and not waited for, whatever it holds open.
///
/// A child that even SIGKILL can't end (hung in the kernel) is waited for.
///
/// Not by a library: swift-subprocess has Swift's shared threads at work for each child, from which on libdispatch wakes the
/// process each second for ever; a child costs it half a millisecond more; and where descriptors run short it waits for ever.
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
    /// It ran, and how it ended can't be learnt.
    case unknown(said: [UInt8])
    /// A sentence.
    case notStarted(String)
  }

  private static let keptBytes = 4096

  /// Runs it; when the task is cancelled it is stopped, as when its time is up.
  ///
  /// - Parameters:
  ///   - input: a descriptor of what it reads on standard input; not closed.
  ///   - output: a descriptor to which it writes its standard output; not closed. Nil: nowhere.
  package func run(input: Int32, output: Int32? = nil) async -> Ending {
    let stop: StopSignal
    do throws(FileFailure) {
      stop = try StopSignal()
    } catch {
      return .notStarted(error.description)
    }
    return await withTaskExecutorPreference(BlockingExecutor.shared) {
      await withTaskCancellationHandler {
        run(input: input, output: output.map { .descriptor($0) } ?? .nowhere, stop: stop)
      } onCancel: {
        stop.give()
      }
    }
  }

  /// Runs it, while the calling thread waits, and gives how it went with what it wrote on standard output; nil where that was
  /// more than `mostBytes`.
  ///
  /// - Parameter input: a descriptor of what it reads on standard input; not closed.
  package func output(input: Int32, mostBytes: Int) throws(FileFailure) -> (ending: Ending, output: [UInt8]?) {
    // One that still writes is ended by the first byte too much.
    let output = try ChildPipe(mostBytes: mostBytes, closesBeyond: true)
    let ending = run(input: input, output: .pipe(output), stop: nil)
    return (ending, output.hasMore ? nil : output.bytes)
  }

  private enum Output {
    case nowhere
    case descriptor(Int32)
    case pipe(ChildPipe)
  }

  private func run(input: Int32, output: Output, stop: StopSignal?) -> Ending {
    let errors: ChildPipe
    do throws(FileFailure) {
      errors = try ChildPipe(mostBytes: Self.keptBytes, closesBeyond: false)
    } catch {
      return .notStarted(error.description)
    }
    var pipes = [errors]
    var spawn = Spawn(program: program, arguments: arguments, input: input, errors: errors.writeEnd)
    switch output {
    case .nowhere: break
    case .descriptor(let descriptor): spawn.output = descriptor
    case .pipe(let pipe):
      spawn.output = pipe.writeEnd
      pipes.append(pipe)
    }
    var child: RunningChild
    do throws(SpawnFailure) {
      child = try RunningChild(spawn, pipes: pipes)
    } catch {
      return .notStarted(error.description)
    }
    let isLate = child.wait(until: .now + timeout, stop: stop)
    let status = child.reap()
    let said = errors.bytes + child.problems
    if isLate { return .timedOut(said: said) }
    // Where SIGCHLD is ignored, the kernel reaps it before anybody has asked.
    guard let status else { return .unknown(said: said) }
    // As in <bits/waitstatus.h>, whose macros Swift doesn't see.
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff, said: said) : .killed(signal: signal, said: said)
  }
}
