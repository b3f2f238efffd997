import ArgumentParser
import CallbackConfiguration
import CallbackControl
import CallbackDaemon
import CallbackDelivery
import Foundation
import Systemd

/// callbackd: keeps the promise that somebody will ring back.
///
/// Reads its configuration, then hands over to `Daemon`. A bad configuration is printed whole and ends it with 78; a start
/// that fails otherwise says why and ends with the status that says whether trying again may help.
@main
struct Callbackd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "callbackd",
    abstract: "Keeps the promise that somebody will ring back.",
    discussion: """
      Watches the spool for messages, reminds whoever owes a call, and escalates until a person says that the patient was \
      reached. SIGHUP reads the configuration again, SIGTERM ends it.
      """,
    version: Version.current)

  @Option(
    name: .shortAndLong, help: "The configuration (default: $CALLBACKD_CONFIG, or /etc/callbackd/callbackd.toml).")
  var config: String?

  @Flag(help: "Check the configuration, print every problem, and end: with 0 if there is none, else with 78.")
  var check = false

  @Flag(help: "Log each step, too: what is looked at, asked and tried.")
  var verbose = false

  func run() throws {
    // Whoever started it may have ignored that, and nobody would learn how a child ended.
    signal(SIGCHLD, SIG_DFL)
    let file = config ?? ProcessInfo.processInfo.environment["CALLBACKD_CONFIG"] ?? "/etc/callbackd/callbackd.toml"
    let (checked, templates) = try load(file)
    if check {
      let ofHost = HostCheck(configuration: checked.configuration).warnings
      for warning in ofHost { say("\(file): \(warning)") }
      let count = checked.warnings.count + ofHost.count
      print("\(file): no problem found\(count == 0 ? "" : count == 1 ? ", but 1 warning" : ", but \(count) warnings").")
      return
    }
    SystemLog.bootstrap(level: verbose ? .debug : .info)
    do throws(StartError) {
      try Daemon(configuration: checked.configuration, templates: templates, file: file).run()
    } catch {
      say("callbackd: \(error)")
      let trouble = StartTrouble(checked.configuration)
      for line in trouble.note(error, checked.configuration, templates: templates, at: Date()) {
        say("callbackd: \(line)")
      }
      throw ExitCode(error.status.rawValue)
    }
  }

  private func load(_ file: String) throws -> (checked: Configuration.Checked, templates: NoticeTemplates) {
    do throws(ConfigurationError) {
      let loaded = try Configuration.loadWithTemplates(file: file)
      for warning in loaded.checked.warnings { say("\(warning)") }
      return loaded
    } catch {
      for problem in error.problems { say("\(problem)") }
      throw ExitCode(ExitStatus.configuration.rawValue)
    }
  }

  private func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
