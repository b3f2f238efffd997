import CallbackControl
import Foundation
import Testing

/// What shells offer when somebody presses Tab.
@Suite("completion in the shell", .fewAtOnce)
struct CompletionTests {
  private final class Scene {
    let place: Workplace
    let daemon: DaemonProcess

    init() async throws {
      place = try Workplace()
      daemon = try DaemonProcess(in: place)
      try await daemon.ready()
      for number in 1...3 { try place.drop("Caller: Jane Doe\nCallback: 555-010-447\(number)\n", as: "\(number)") }
      try await waitUntil("callbacks") { try daemon.client().status().counts.open == 3 }
    }

    /// Finds callbackctl, and by that the daemon.
    func environment(socket: String? = nil) throws -> [String] {
      let folder = URL(fileURLWithPath: try Binary.callbackctl.path).deletingLastPathComponent().path
      return [
        "PATH=\(folder):/usr/bin:/bin", "HOME=/nonexistent", "HISTFILE=", "CALLBACKD_SOCKET=\(socket ?? place.control)",
      ]
    }

    /// The words that bash offers after these, by what it calls for that.
    func offered(after line: String, socket: String? = nil) async throws -> [String] {
      let script = """
        source <(callbackctl --generate-completion-script bash)
        COMP_WORDS=(\(line) ""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE="\(line) "; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
        _callbackctl callbackctl "" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let run = try await Run(
        "/usr/bin/env", environment(socket: socket) + ["/bin/bash", "-c", script], in: place)
      #expect(run.errors == "", "\(run.errors)")
      #expect(!run.output.contains("Jane"))
      return run.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test("bash offers commands, numbers, persons, accounts and outcomes")
  func bash() async throws {
    let scene = try await Scene()
    func words(after line: String) async throws -> Set<String> { Set(try await scene.offered(after: line)) }
    #expect(try await words(after: "callbackctl ack").isSuperset(of: ["1", "2", "3"]))
    #expect(try await words(after: "callbackctl show").isSuperset(of: ["1", "2", "3"]))
    #expect(try await words(after: "callbackctl ack 1 --as") == ["chen", "rivera"])
    #expect(try await words(after: "callbackctl assign 1").isSuperset(of: ["chen", "rivera"]))
    #expect(try await words(after: "callbackctl list --account") == ["riverside"])
    #expect(try await words(after: "callbackctl attempt 1").isSuperset(of: ["no-answer", "reached"]))
    #expect(try await words(after: "callbackctl").isSuperset(of: ["ack", "list", "show"]))
    _ = try scene.daemon.client().act(.init(2, .done, asPerson: "chen"))
    #expect(try await words(after: "callbackctl reopen").contains("2"))
    #expect(!(try await words(after: "callbackctl ack").contains("2")))
    try await scene.daemon.stop()
    // With no daemon there it offers nothing, and says nothing.
    let offers = try await scene.offered(after: "callbackctl ack", socket: scene.place.root + "/nowhere")
    #expect(!offers.contains { $0.first?.isNumber == true })
  }

  struct Shell: Sendable, CustomTestStringConvertible {
    var command: String
    var setUp: String

    var testDescription: String { command }
    var isThere: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + command.prefix { $0 != " " }) }
  }

  /// In a real terminal: they have nothing that could be asked otherwise.
  static let shells = [
    Shell(command: "bash --norc", setUp: "source <(callbackctl --generate-completion-script bash)"),
    Shell(
      command: "zsh -f",
      setUp: "autoload -U compinit; compinit -u -D; source <(callbackctl --generate-completion-script zsh)"),
    Shell(command: "fish --no-config", setUp: "callbackctl --generate-completion-script fish | source"),
  ].filter { $0.isThere && TerminalWindow.isThere }

  @Test(
    "in a real shell, Tab shows callbacks, with how they stand where the shell can, and nothing of a patient",
    arguments: shells)
  func interactive(in shell: Shell) async throws {
    let scene = try await Scene()
    let window = try await TerminalWindow(
      in: scene.place, columns: 100, rows: 30, environment: scene.environment())
    try await window.run(shell.command)
    try await window.run(shell.setUp + "; echo set''up")
    try await window.shows("setup")
    try await window.run("clear")
    try await window.shows("setup", not: true)
    try await window.type("callbackctl ack ")
    try await window.press("Tab", "Tab")
    let offers = try await window.shows("3")
    #expect(offers.contains("1") && offers.contains("2") && !offers.contains("Jane"))
    if !shell.command.hasPrefix("bash") {
      try await window.shows("for Dr. Rivera")
      #expect(try await window.screen().contains("routine, in 59 min") || offers.contains("routine, in 60 min"))
    }
    try await window.press("C-c")
    try await window.run("clear")
    try await window.type("callbackctl assign 1 ch")
    try await window.press("Tab")
    try await window.shows("callbackctl assign 1 chen")
    try await scene.daemon.stop()
  }
}
