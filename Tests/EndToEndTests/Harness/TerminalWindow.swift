import ChildProcesses
import Foundation
import Testing

/// A real terminal with a shell in it: a window of tmux, with a server of its own.
final class TerminalWindow {
  private let place: Workplace
  private let socket: String
  /// In the foreground: a server that tmux starts by itself would keep what Foundation waits for the end of a program by.
  private let server = Process()

  /// Whether there is a tmux.
  static let isThere = FileManager.default.isExecutableFile(atPath: program)
  private static let program = "/usr/bin/tmux"

  /// - Parameter environment: what the shell has beside PATH, TERM and TZ.
  init(in place: Workplace, columns: Int, rows: Int, environment: [String] = []) async throws {
    self.place = place
    socket = place.newPath("tmux")
    server.executableURL = URL(fileURLWithPath: Self.program)
    server.arguments = ["-u", "-D", "-f", "/dev/null", "-S", socket]
    server.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    server.standardInput = FileHandle.nullDevice
    server.standardOutput = FileHandle.nullDevice
    server.standardError = FileHandle.nullDevice
    try server.run()
    try await waitUntil("tmux") { access(socket, F_OK) == 0 }
    let variables = ["PATH=/usr/bin:/bin", "TZ=UTC", "TERM=screen-256color", "LC_ALL=C.UTF-8", "PS1=$ "] + environment
    try await tmux(
      ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "/usr/bin/env", "-i"] + variables + ["/bin/sh"])
  }

  deinit { kill(server.processIdentifier, SIGKILL) }

  /// Types a line, and Enter.
  func run(_ line: String) async throws {
    try await type(line)
    try await press("Enter")
  }

  func type(_ text: String) async throws { try await tmux(["send-keys", "-l", text]) }

  /// Presses keys, by tmux's names.
  func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

  func resize(columns: Int, rows: Int) async throws {
    try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What it shows, a line a row.
  func screen() async throws -> String { try await tmux(["capture-pane", "-p"]) }

  /// One of tmux's variables.
  func variable(_ name: String) async throws -> String {
    try await tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .newlines)
  }

  /// Waits until the screen shows it, or shows it no more.
  @discardableResult
  func shows(_ text: String, not: Bool = false, upTo limit: Duration = patience) async throws -> String {
    let end = ContinuousClock.now + limit
    while true {
      let screen = try await screen()
      if screen.contains(text) != not { return screen }
      try #require(ContinuousClock.now < end, "there never was \(not ? "a screen without " : "")“\(text)”:\n\(screen)")
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// By ChildProcesses: a test looks at its screen a hundred times, which Foundation's Process does not stand.
  @discardableResult
  private func tmux(_ words: [String]) async throws -> String {
    let file = place.newPath("screen")
    let (input, output) = (open("/dev/null", O_RDONLY | O_CLOEXEC), open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    try #require(input >= 0 && output >= 0)
    defer {
      close(input)
      close(output)
    }
    let child = ChildProcess(program: Self.program, arguments: ["-u", "-S", socket] + words, timeout: patience)
    let ending = await child.run(input: input, output: output)
    guard case .exited(0, _) = ending else { throw NeverCame(description: "tmux \(words): \(ending)") }
    return try String(contentsOfFile: file, encoding: .utf8)
  }
}
