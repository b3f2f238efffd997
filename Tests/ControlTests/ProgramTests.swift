import CallbackControl
import Foundation
import Testing

/// The built callbackctl against a server that plays the daemon.
@Suite struct ProgramTests {
  @Test(
    "A usage error says what is wrong, and ends with 64",
    arguments: [
      (
        ["attempt", "12", "no-anser"],
        "Error: The value 'no-anser' is invalid for '<outcome>': Did you mean no-answer?\n"
      ),
      (
        ["attempt", "12", "xyz"],
        "Error: The value 'xyz' is invalid for '<outcome>': It is one of reached, no-answer, busy, voicemail, wrong-number,"
          + " declined.\n"
      ),
      (["ack", "twelve"], "Error: The value 'twelve' is invalid for '<number>'\n"),
      (["close", "12"], "Error: Missing expected argument '--reason <text>'\n"),
      (["lsit"], "callbackctl: There is no command “lsit”; did you mean list? `callbackctl --help` lists them.\n"),
      (["xyzzy"], "callbackctl: There is no command “xyzzy”; `callbackctl --help` lists them.\n"),
      (["list", "--overdeu"], "Error: Unknown option '--overdeu'. Did you mean '--overdue'?\n"),
      (["drop", "--service", "../x"], "Error: A service is named by its id, as the configuration has it.\n"),
    ])
  func usage(arguments: [String], complaint: String) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix(complaint), "\(result.errors)")
  }

  @Test(
    "Each command that a document or the journal's catalog says to type is there",
    arguments: ["README.md", "docs/messages.md", "docs/operations.md", "docs/reports.md", "systemd/callbackd.catalog"])
  func named(in document: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../\(document)")
    let text = try String(contentsOf: file, encoding: .utf8)
    let commands = Set(text.matches(of: /(?:`|\$ |# )callbackctl ([a-z]+)/).map { String($0.output.1) })
    #expect(!commands.isEmpty)
    for command in commands {
      #expect(try Program.run([command, "--help"]).status == 0, "callbackctl \(command)")
    }
  }

  @Test("Each command helps with an example")
  func help() throws {
    for command in [
      "list", "show", "ack", "attempt", "done", "close", "reopen", "assign", "snooze", "note", "watch", "oncall",
      "drop", "parse", "preview", "report", "status", "check", "verify", "export", "backup", "restore", "purge",
    ] {
      let result = try Program.run([command, "--help"])
      #expect(result.status == 0)
      #expect(result.output.contains("Example:\n  callbackctl \(command)"))
    }
  }

  @Test("With no daemon there it says where it looked, and ends with 69")
  func unreachable() throws {
    let result = try Program.run(["status", "--socket", "/nowhere/control"])
    #expect(
      result
        == .init(
          status: 69, output: "",
          errors:
            "callbackctl: callbackd can't be reached at /nowhere/control (No such file or directory): is it running "
            + "(`systemctl status callbackd`), and is this its socket?\n"))
  }

  @Test(
    "What the daemon refuses is one sentence and a code",
    arguments: [
      (
        ["show", "13"], 66,
        "There is no callback 13: look for its number with `callbackctl list`, or `list --closed`."
      ),
      (["ack", "12"], 77, "Dr. Chen has it since 02:14; use --take."),
      (["done", "12"], 77, "Say who you are with --as."),
      (["close", "12", "--reason", "x"], 77, "Not you."),
      (["reopen", "12"], 75, "Later."),
      (["note", "12", "a\u{1B}b"], 65, "note: a�b"),
    ])
  func refused(arguments: [String], status: Int32, sentence: String) throws {
    let server = try TestServer()
    let result = try Program.run(arguments, environment: ["CALLBACKD_SOCKET": server.path])
    #expect(result == .init(status: status, output: "", errors: "callbackctl: \(sentence)\n"))
  }

  @Test("--json pages through all rows, one a line")
  func json() throws {
    let server = try TestServer()
    let result = try Program.run(["list", "--json", "--socket", server.path])
    #expect(result.status == 0)
    let rows = try ControlCoding.decode([CallbackRow].self, from: Data(result.output.utf8))
    #expect(rows.map(\.id) == Array(1...500) + [1])
    #expect(result.output.split(separator: "\n").count == 503)
  }

  @Test("A table goes on where it ends, says that more is there, and a pipe gets no colour and nothing cut")
  func table() throws {
    let server = try TestServer()
    let result = try Program.run(["list", "--socket", server.path])
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 101)
    #expect(lines[100].hasPrefix("100  "))
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.errors == "callbackctl: These are the first 100; narrow the list, or use --json for all.\n")
    let narrow = try Program.run(["list", "--socket", server.path], environment: ["COLUMNS": "70"])
    #expect(narrow.output.split(separator: "\n").allSatisfy { $0.count <= 70 })
  }

  @Test("What was done is one sentence, or the row")
  func acted() throws {
    let server = try TestServer()
    let environment = ["CALLBACKD_SOCKET": server.path]
    let said = try Program.run(["ack", "12", "--take", "--as", "chen"], environment: environment)
    #expect(said.status == 0)
    #expect(said.output.hasPrefix("Callback 12 is yours, Dr. Chen; "))
    let row = try Program.run(["ack", "12", "--take", "--as", "chen", "--json"], environment: environment)
    #expect(try ControlCoding.decode(CallbackRow.self, from: Data(row.output.utf8)).owner == "chen")
  }

  @Test("The original comes byte for byte")
  func original() throws {
    let server = try TestServer()
    #expect(try Program.run(["show", "12", "--original", "--socket", server.path]).output == "raw\0")
  }
}
