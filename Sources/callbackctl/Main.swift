// callbackctl: what staff, administrators and scripts say to callbackd.
//
// Trusts nothing that a callback contains: whatever reaches a terminal is made harmless first. `drop` works with the daemon
// down; everything else asks it over the control socket, which decides who may do what. Each failure is one sentence on
// standard error and a code of sysexits(3).

import ArgumentParser
import CallbackConfiguration
import CallbackControl
import Foundation

@main struct Callbackctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callbackctl",
    abstract: "See and work the callbacks that callbackd keeps.",
    discussion: """
      Example:
        callbackctl list --overdue
        callbackctl ack 12
        callbackctl done 12

      Exit codes: 0, 64 usage, 65 bad data, 66 no such callback, 69 daemon not reachable, 75 try again, 77 not allowed.
      """,
    version: Version.current,
    subcommands: [
      List.self, Show.self, Acknowledge.self, Attempt.self, Done.self, Close.self, Reopen.self, Assign.self,
      Snooze.self, Note.self, Watch.self, OnCall.self, Drop.self, Parse.self, Preview.self, Report.self, Status.self,
      Check.self, Verify.self, Export.self, Backup.self, Restore.self, Purge.self,
    ])

  /// Whether a monitoring program runs it, to which 64 means nothing.
  private static var isPlugIn: Bool { CommandLine.arguments.dropFirst().first == "check" }

  static func main() {
    do {
      try checkName(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
      // A full disk behind standard output shows only now.
      guard fflush(nil) == 0 else {
        throw Failure(EX_IOERR, "Standard output can't be written: \(String(cString: strerror(errno))).")
      }
    } catch let failure as Failure {
      // What was printed before it stands before it.
      fflush(nil)
      Terminal.complain(failure.sentence)
      exit(withError: ExitCode(failure.code))
    } catch {
      if isPlugIn, exitCode(for: error) == .validationFailure { Check.complain(of: message(for: error)) }
      exit(withError: error)
    }
  }

  /// A command that there is not: ArgumentParser says of it only that it did not expect it.
  private static func checkName(_ word: String?) throws(Failure) {
    guard let word, !word.hasPrefix("-") else { return }
    let names =
      configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() } + ["help"]
    guard !names.contains(word) else { return }
    let meant = nearest(to: word, among: names).map { "did you mean \($0)? " } ?? ""
    throw Failure(EX_USAGE, "There is no command “\(word)”; \(meant)`callbackctl --help` lists them.")
  }
}
