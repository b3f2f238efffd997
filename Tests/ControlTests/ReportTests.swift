import CallbackControl
import CallbackReports
import Foundation
import Testing

/// The built callbackctl, asking for reports from a server that plays the daemon.
@Suite struct ReportTests {
  private func run(_ arguments: String...) throws -> Program.Result {
    let server = try TestServer()
    return try Program.run(["report"] + arguments, environment: ["CALLBACKD_SOCKET": server.path])
  }

  @Test("Each form is printed as it was asked for, and text is harmless")
  func forms() throws {
    let text = try run("--since", "30d")
    #expect(text.status == 0 && text.output.hasPrefix("Riverside [2J: how promises were kept\n"))
    #expect(text.output.contains("1 of 1 promise was kept: 100.0 %."))
    let csv = try run("--format", "csv", "--by", "account").output
    #expect(csv.hasPrefix("group,since,") && csv.contains("\r\n\"'=riverside\","))
    #expect(try run("--format", "html").output.hasPrefix("<!DOCTYPE html>\n"))
    for arguments in [["--json"], ["--format", "json"]] {
      let output = try run("--by", "urgency", arguments[0], arguments.last ?? "").output
      let report = try ControlCoding.decode(CallbackReports.Report.self, from: Data(output.utf8))
      #expect(report.total.kept == 1 && report.groups.map(\.key) == ["emergency", "urgent", "routine"])
    }
  }

  @Test("A span is given back from now, or as local dates; its end is that moment")
  func span() throws {
    let output = try run("--since", "2026-11-01", "--until", "2026-12-01 06:30", "--json").output
    let report = try ControlCoding.decode(CallbackReports.Report.self, from: Data(output.utf8))
    #expect(report.since.timeIntervalSince1970 == 1_793_505_600)
    #expect(report.until.timeIntervalSince1970 == 1_796_124_600)
  }

  @Test(
    "What makes no sense is a usage error",
    arguments: [
      ["--by", "patient"], ["--format", "pdf"], ["--since", "yesterday"], ["--json", "--format", "csv"],
      ["--since", "2026-11-02", "--until", "2026-11-01"], ["--mail", "chen", "--format", "html"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(["report"] + arguments)
    #expect(result.status == 64 && result.output.isEmpty)
  }

  @Test("A mailed report says to whom it went; one that can't go says why")
  func mail() throws {
    #expect(try run("--mail", "chen") == .init(status: 0, output: "The report went to Dr. Chen.\n", errors: ""))
    #expect(
      try run("--mail", "nobody")
        == .init(status: 75, output: "", errors: "callbackctl: The mail program is away.\n"))
  }

  @Test("While one client waits for its answer, others get theirs")
  func later() async throws {
    let gate = Gate()
    let server = try TestServer(handler: { call, peer in
      guard case .report(let request) = call else { return sampleHandler(call, peer) }
      return .later(LaterReply { answer in gate.wait { answer(.report(sampleReport(request))) } })
    })
    let slow = try RawClient(server.path)
    slow.send(#"{"method":"org.callbackd.Control.Report","parameters":{"since":"2026-11-01T00:00:00Z"}}"# + "\0")
    // A second call of the same client waits for the first.
    slow.send(#"{"method":"org.callbackd.Control.Status"}"# + "\0")
    #expect(try server.client().status().version == "1.2")
    gate.open()
    #expect(try #require(slow.receive()).contains(#""reach_times""#))
    #expect(try #require(slow.receive()).contains(#""started_at""#))
  }

  @Test("A client that goes while it waits harms nobody, and one that wants no answer gets none")
  func gone() throws {
    let gate = Gate()
    let server = try TestServer(handler: { call, peer in
      guard case .report(let request) = call else { return sampleHandler(call, peer) }
      return .later(LaterReply { answer in gate.wait { answer(.report(sampleReport(request))) } })
    })
    let call = #"{"method":"org.callbackd.Control.Report","parameters":{"since":"2026-11-01T00:00:00Z"}"#
    do {
      let client = try RawClient(server.path)
      client.send(call + "}\0")
      _ = try server.client().status()
    }
    let silent = try RawClient(server.path)
    silent.send(call + #","oneway":true}"# + "\0")
    silent.send(#"{"method":"org.callbackd.Control.Status"}"# + "\0")
    _ = try server.client().status()
    gate.open()
    #expect(try #require(silent.receive()).contains(#""started_at""#))
  }
}

/// Holds work back until it is opened.
///
/// `@unchecked Sendable`: its state is behind a lock.
private final class Gate: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting: [@Sendable () -> Void]? = []

  func wait(_ work: @escaping @Sendable () -> Void) {
    let isOpen = lock.withLock { () -> Bool in
      waiting?.append(work)
      return waiting == nil
    }
    if isOpen { work() }
  }

  func open() {
    let works = lock.withLock { () -> [@Sendable () -> Void] in
      defer { waiting = nil }
      return waiting ?? []
    }
    for work in works { work() }
  }
}
