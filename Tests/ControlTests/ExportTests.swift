import CallbackControl
import CallbackRules
import Foundation
import Testing

@testable import callbackctl

@Suite struct ExportTests {
  private func line(_ texts: String?...) -> String {
    var line = CSVLine()
    for text in texts { line.add(text: text) }
    return line.text
  }

  @Test("Cells are quoted where RFC 4180 wants it, and lines end as it says")
  func quoting() {
    #expect(line("a", nil, "", "ä €") == "a,,,ä €\r\n")
    #expect(
      line("a,b", "say \"hi\"", "two\nlines", "r\r\n", " blank ")
        == "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"r\r\n\",\" blank \"\r\n")
  }

  @Test(
    "What a spreadsheet would compute is text there",
    arguments: [
      "=1+1", "+1 555 010 4477", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "＝1+1", "=cmd|' /C calc'!A0",
    ])
  func formulas(text: String) {
    let written = line(text)
    #expect(written.hasPrefix("'") || written.hasPrefix("\"'"), "\(written)")
    #expect(written.replacing("\"", with: "").contains(text.replacing("\"", with: "")))
  }

  @Test("A line has as many cells as the heading, whatever is missing, in the promised order")
  func columns() {
    let callback = sampleCallback()
    let detail = CallbackDetail(
      callback, events: [Event(at: sampleNow, actor: .person("chen", login: "mchen"), .note, text: "=x")], notices: [],
      now: sampleNow)
    let cells = ExportTable.line(detail).dropLast().split(separator: ",", omittingEmptySubsequences: false)
    #expect(cells.count == ExportTable.callbackColumns.count)
    let row = Dictionary(uniqueKeysWithValues: zip(ExportTable.callbackColumns, cells.map(String.init)))
    #expect(row["id"] == "12" && row["caller"] == "Ana Diaz" && row["state"] == "open" && row["due_basis"] == "policy")
    #expect(
      row["taken_at"] == "2026-11-23T18:05:00Z" && row["due_at"] == "2026-11-23T19:03:30Z" && row["closed_at"] == "")
    #expect(row["attempts"] == "0" && row["voicemail_ok"] == "true" && row["callback"] == "(555) 010-4477 ext 2")
    let event = ExportTable.line(detail.events[0], of: 12)
    #expect(event == "12,2026-11-23T19:05:00Z,person,chen,mchen,note,,,,,,,'=x\r\n")
    #expect(event.split(separator: ",", omittingEmptySubsequences: false).count == ExportTable.eventColumns.count)
  }

  @Test("Nothing is printed, not even a heading, where it is refused", arguments: [[], ["--events"], ["--json"]])
  func refused(arguments: [String]) throws {
    let server = try TestServer(handler: { _, _ in .failed(.notAllowed("You may not.")) })
    let result = try Program.run(
      ["export", "--since", "7d"] + arguments, environment: ["CALLBACKD_SOCKET": server.path])
    #expect(result == .init(status: 77, output: "", errors: "callbackctl: You may not.\n"))
  }

  @Test("Pages come one after the other, as CSV with one heading, as JSON in one array")
  func pages() throws {
    let server = try TestServer()
    let environment = ["CALLBACKD_SOCKET": server.path]
    let csv = try Program.run(["export", "--since", "7d"], environment: environment)
    #expect(csv.status == 0)
    #expect(csv.output.split(separator: "\r\n").map { $0.prefix(3) } == ["id,", "12,", "13,"])
    for arguments in [["--json"], ["--format", "json"]] {
      let json = try Program.run(["export", "--since", "2026-11-01"] + arguments, environment: environment)
      let details = try ControlCoding.decode([CallbackDetail].self, from: Data(json.output.utf8))
      #expect(details.map(\.callback.id) == [12, 13])
      #expect(json.output.split(separator: "\n").count == 4)
    }
  }

  @Test(
    "A span or format that makes no sense is a usage error",
    arguments: [
      [], ["--since", "soon"], ["--since", "1d", "--until", "2d"], ["--since", "1d", "--format", "xml"],
      ["--since", "1d", "--json", "--events"], ["--since", "1d", "--json", "--format", "csv"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try Program.run(["export"] + arguments).status == 64)
  }
}
