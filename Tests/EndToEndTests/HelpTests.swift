import CallbackControl
import Foundation
import Testing

@Suite("callbackctl's help", .fewAtOnce)
struct HelpTests {
  /// In an order in which each can be done.
  private static let commands = [
    "", "list", "show", "reopen", "ack", "attempt", "snooze", "note", "assign", "done", "reopen", "close", "oncall",
    "drop", "parse", "status", "preview", "report", "check", "backup", "verify", "export", "purge",
  ]
  /// What works only while no daemon runs.
  private static let offline = ["restore"]

  /// The lines below "Example:".
  private static func examples(in help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: "Example:") else { return [] }
    return lines[(start + 1)...].prefix { $0.hasPrefix("  callbackctl ") }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test("every command's help has an example, and each of them runs as it stands there")
  func examples() async throws {
    var office = OfficeText()
    office.chen = #"login = "\#(NSUserName())""#
    office.further = """
      [[rotation]]
      id = "oncall"
      members = ["rivera"]
      starts = "2026-11-02 08:00"
      every = "1w"

      [[team]]
      id = "manager"
      members = ["rivera"]

      """
    let place = try Workplace(office)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try #require(mkdir(place.root + "/spool/incoming/night-desk", 0o777) == 0)
    for number in 1...12 { try place.drop("Caller: C\(number)\nCallback: 555-010-10\(10 + number)\n", as: "\(number)") }
    try await waitUntil("callbacks", context: place.log) { try daemon.client().status().counts.open == 12 }
    let folder = URL(fileURLWithPath: try Binary.callbackctl.path).deletingLastPathComponent().path
    func shell(_ line: String) async throws -> Run {
      try await Run(
        "/usr/bin/env",
        [
          "PATH=\(folder):/usr/bin:/bin", "CALLBACKD_CONFIG=\(place.configuration)", "/bin/sh", "-c",
          "cd \(place.root) && \(line)",
        ], in: place)
    }
    try Data("To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n".utf8)
      .write(to: URL(fileURLWithPath: place.root + "/message.txt"))
    func runExamples(of command: String) async throws {
      let help = try await shell("callbackctl \(command) --help")
      let examples = Self.examples(in: help.output)
      #expect(help.status == 0 && !examples.isEmpty, "\(command): \(help.output)\(help.errors)")
      for example in examples {
        #expect(example.hasPrefix("callbackctl \(command)"))
        let run = try await shell(example.replacing(" /backup", with: " \(place.root)/backup"))
        #expect(run.status == 0, "\(example): \(run.status), \(run.errors)")
      }
    }
    try #require(mkdir(place.root + "/backup", 0o700) == 0)
    for command in Self.commands {
      try await runExamples(of: command)
      guard command == "backup" else { continue }
      // The names that the examples after it have.
      for name in ["callbackd-2026-11-25.db", "callbackd-2026-11-25T091500Z.db"] {
        try FileManager.default.copyItem(
          atPath: place.root + "/backup/callbackd.db", toPath: "\(place.root)/backup/\(name)")
      }
    }
    try await daemon.stop()
    for command in Self.offline { try await runExamples(of: command) }
  }

  @Test("every command that there is stands among them, but for the one that needs a terminal")
  func whole() async throws {
    let place = try Workplace()
    let run = try await Run(try Binary.callbackctl.path, ["--help"], in: place)
    let start = try #require(run.output.range(of: "SUBCOMMANDS:\n"))
    let names = run.output[start.upperBound...].split(separator: "\n")
      .filter { $0.wholeMatch(of: /\ {2}[a-z].*/) != nil }.compactMap {
        $0.split(separator: " ").first.map(String.init)
      }
    #expect(
      Set(names).subtracting(["help"]) == Set(Self.commands + Self.offline).subtracting([""]).union(["watch"]),
      "\(names)")
    let watch = try await Run(try Binary.callbackctl.path, ["watch", "--help"], in: place)
    #expect(!Self.examples(in: watch.output).isEmpty)
  }
}
