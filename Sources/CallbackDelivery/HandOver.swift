import CallbackRules
import ChildProcesses

/// Says what the end of a program that was to take a notice means.
///
/// 0: delivered. 67 (EX_NOUSER) and 65 (EX_DATAERR), where the recipient is at fault: refused, so that the next channel or
/// person is taken at once. Everything else, a missing program, a signal, a time-out and all other codes, may be better
/// next time: retryLater. (sysexits.h; 68, EX_NOHOST, is what relays without a queue such as msmtp say when the network is
/// down.)
struct HandOver: Sendable {
  let child: ChildProcess
  let scratchDirectory: String
  /// Whether the first line of the child's standard error may stand in the sentence.
  let quotesErrors: Bool
  /// Says whether a code that is no refusal by itself is one together with what the program said.
  var isRefusal: @Sendable (_ code: Int32, _ said: [UInt8]) -> Bool = { _, _ in false }

  func run(_ input: [UInt8]) async -> Delivery {
    let program = PrintableLine(child.program, limit: 200).text
    func later(_ why: String, _ extent: Delivery.Extent = .notice) -> Delivery {
      Delivery(outcome: .retryLater("\(program) \(why)"), extent: extent)
    }
    guard !Task.isCancelled else { return later("was not started: callbackd is stopping") }
    let file: UnnamedFile
    do throws(FileFailure) {
      file = try UnnamedFile(holding: input, in: scratchDirectory)
    } catch {
      return later("was not started: \(error)", .channel)
    }
    switch await child.run(input: file.descriptor) {
    case .exited(0, _): return Delivery(outcome: .delivered)
    case .exited(let code, let said):
      let ending = "ended with exit code \(code)\(Self.name(code))\(quote(said))"
      guard Self.refusals.contains(code) || isRefusal(code, said) else { return later(ending) }
      return Delivery(outcome: .refused("\(program) \(ending)"))
    case .killed(let signal, let said): return later("was killed by signal \(signal)\(quote(said))")
    case .unknown(let said): return later("ran, and how it ended can't be learnt\(quote(said))")
    case .timedOut(let said):
      return later("was stopped after \(child.timeout.components.seconds) s\(quote(said))", .person)
    case .notStarted(let why):
      return later("could not be started: \(PrintableLine(why, limit: 200).text)", .channel)
    }
  }

  private func quote(_ said: [UInt8]) -> String {
    guard quotesErrors else { return "" }
    let line = PrintableLine(said, limit: 200).text
    return line.isEmpty ? "" : ": \(line)"
  }

  private static let refusals: Set<Int32> = [65, 67]

  private static func name(_ code: Int32) -> String {
    let names = [
      "EX_USAGE", "EX_DATAERR", "EX_NOINPUT", "EX_NOUSER", "EX_NOHOST", "EX_UNAVAILABLE", "EX_SOFTWARE", "EX_OSERR",
      "EX_OSFILE", "EX_CANTCREAT", "EX_IOERR", "EX_TEMPFAIL", "EX_PROTOCOL", "EX_NOPERM", "EX_CONFIG",
    ]
    let index = Int(code) - 64
    return names.indices.contains(index) ? " (\(names[index]))" : ""
  }
}
