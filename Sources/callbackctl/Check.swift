import ArgumentParser
import CallbackControl
import CallbackRules
import Foundation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say how callbackd does, as a plug-in of Nagios, Icinga and their like.",
    discussion: """
      Example:
        callbackctl check
        callbackctl check -w 2 -c 10 --late-critical 1h

      One line and performance data. Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. CRITICAL is also a daemon that does \
      not answer, or that can't take messages in, look at deadlines, or use its store; WARNING is trouble with handing over, or with answers by mail.

      A range is written as plug-ins do: 4 alerts above 4 (and below 0), 1: below 1, ~:4 above 4, 2:4 outside, @2:4 inside.
      """)

  @Option(name: .shortAndLong, help: "WARNING for so many overdue callbacks.")
  var warning = AlertRange(above: 0)

  @Option(name: .shortAndLong, help: "CRITICAL for so many overdue callbacks.")
  var critical = AlertRange(above: 4)

  @Option(
    help: ArgumentHelp("WARNING where a callback is overdue by more: a span such as 30m.", valueName: "span"),
    transform: Self.span)
  var lateWarning: TimeSpan?

  @Option(
    help: ArgumentHelp("CRITICAL where a callback is overdue by more. (default: 4h)", valueName: "span"),
    transform: Self.span)
  var lateCritical: TimeSpan?

  @Option(help: ArgumentHelp("WARNING for so many notices that wait to be handed over.", valueName: "range"))
  var waitingWarning: AlertRange?

  @Option(help: ArgumentHelp("CRITICAL for so many notices that wait.", valueName: "range"))
  var waitingCritical: AlertRange?

  @Option(name: .shortAndLong, help: ArgumentHelp("How long the daemon may take to answer.", valueName: "seconds"))
  var timeout = 10

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...600).contains(timeout) else { throw ValidationError("--timeout is 1 to 600 seconds.") }
  }

  func run() throws {
    let result = result()
    if global.json {
      try global.printJSON(result)
    } else {
      print(result.line)
    }
    throw ExitCode(result.state.code)
  }

  private func result() -> CheckResult {
    var limits = CheckResult.Limits()
    (limits.overdueWarning, limits.overdueCritical) = (warning, critical)
    limits.lateWarning = lateWarning
    limits.lateCritical = lateCritical ?? limits.lateCritical
    (limits.waitingWarning, limits.waitingCritical) = (waitingWarning, waitingCritical)
    do {
      let path = try global.places.controlSocket()
      return CheckResult(try ControlClient(path: path, timeout: .seconds(timeout)).status(), limits: limits)
    } catch let error as ControlError {
      return CheckResult(error)
    } catch let failure as Failure {
      return CheckResult(.unknown, failure.sentence)
    } catch {
      return CheckResult(.unknown, "\(error)")
    }
  }

  /// How wrong arguments end a plug-in.
  static func complain(of sentence: String) -> Never {
    print(CheckResult(.unknown, sentence).line)
    exit(withError: ExitCode(CheckResult.State.unknown.code))
  }

  @Sendable private static func span(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else { throw ValidationError("Write a span such as 30m, 4h or 1h30m.") }
    return span
  }
}

extension AlertRange: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }

  var defaultValueDescription: String { text }
}
