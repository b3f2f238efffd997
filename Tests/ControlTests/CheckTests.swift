import CallbackControl
import Foundation
import Testing

/// The built callbackctl as a plug-in, against a server that plays the daemon.
@Suite struct CheckTests {
  private func run(
    _ arguments: [String] = [], overdue: Int = 0, late: Int? = nil, waiting: Int = 0,
    _ change: @escaping @Sendable (inout StatusReport.Stages) -> Void = { _ in }
  ) throws -> Program.Result {
    let server = try TestServer(handler: { _, _ in
      var stages = StatusReport.Stages()
      change(&stages)
      return .status(
        StatusReport(
          version: "1.2", startedAt: sampleNow, stages: stages,
          counts: .init(open: 12, overdue: overdue, owned: 8, unowned: 4), oldestOverdueSeconds: late,
          noticesWaiting: waiting))
    })
    return try Program.run(["check"] + arguments, environment: ["CALLBACKD_SOCKET": server.path])
  }

  @Test("In order it says so in one line, with performance data")
  func ok() throws {
    let expected = """
      CALLBACKD OK - 12 open, 4 nobody's, 0 overdue, 1 notice waits | 'overdue'=0;0;4;0 'oldest_overdue'=0s;;14400;0 \
      'open'=12;;;0 'unowned'=4;;;0 'notices_waiting'=1;;;0

      """
    #expect(try run(waiting: 1) == .init(status: 0, output: expected, errors: ""))
  }

  @Test(
    "Overdue callbacks alert by the ranges that were given, late ones by how late they are",
    arguments: [
      ([], 1, 60, 1, "WARNING - 1 overdue; 12 open"), ([], 4, 60, 1, "WARNING - 4 overdue; "),
      ([], 5, 60, 2, "CRITICAL - 5 overdue; "), ([], 1, 14_401, 2, "CRITICAL - one is overdue by 4 h; 1 overdue; "),
      (["-w", "2", "-c", "9"], 2, 60, 0, "OK - 12 open"), (["-w", "2", "-c", "9"], 3, 60, 1, "WARNING - 3 overdue"),
      (["--warning", "1:", "-c", "~:9"], 0, nil, 1, "WARNING - 0 overdue"),
      (["-w", "@3:5"], 4, 60, 1, "WARNING - 4 overdue"), (["-w", "@3:5", "-c", "10"], 6, 60, 0, "OK - "),
      (
        ["-w", "99", "-c", "99", "--late-warning", "10m", "--late-critical", "1d"], 6, 601, 1,
        "WARNING - one is overdue by 10 min; "
      ),
    ] as [([String], Int, Int?, Int32, String)])
  func overdue(arguments: [String], overdue: Int, late: Int?, status: Int32, text: String) throws {
    let result = try run(arguments, overdue: overdue, late: late)
    #expect(result.status == status)
    #expect(result.output.hasPrefix("CALLBACKD \(text)"), "\(result.output)")
    #expect(result.output.contains(" | 'overdue'=\(overdue);"))
    #expect(result.output.split(separator: "\n").count == 1)
  }

  @Test("Notices that wait alert where that was asked for")
  func waiting() throws {
    #expect(try run(waiting: 5000).status == 0)
    #expect(try run(["--waiting-warning", "100"], waiting: 5000).status == 1)
    let result = try run(["--waiting-warning", "10", "--waiting-critical", "100"], waiting: 101)
    #expect(result.status == 2 && result.output.contains("'notices_waiting'=101;10;100;0"))
  }

  @Test("A stage without which promises are broken unseen is critical, another a warning, and its words can't act")
  func stages() throws {
    let critical = try run { $0.store = .init(ok: false, detail: "disk|full\n'overdue'=0;\u{1B}[2J") }
    #expect(critical.status == 2)
    #expect(critical.output.hasPrefix("CALLBACKD CRITICAL - trouble in store: disk/full 'overdue'=0;�[2J; 12 open"))
    #expect(critical.output.filter { $0 == "|" }.count == 1 && critical.output.filter { $0 == "\n" }.count == 1)
    #expect(try run { $0.intake.ok = false }.status == 2)
    #expect(try run { $0.timer.ok = false }.status == 2)
    let answers = try run { $0.answers = .init(ok: false, detail: "no folder") }
    #expect(answers.status == 1)
    #expect(answers.output.hasPrefix("CALLBACKD WARNING - trouble in answers: no folder; 12 open"))
    let warning = try run { $0.delivery = .init(ok: false, detail: String(repeating: "x", count: 9999)) }
    #expect(warning.status == 1 && warning.output.utf8.count < 600)
    #expect(
      try run(overdue: 9) { $0.delivery.ok = false }.output.hasPrefix("CALLBACKD CRITICAL - 9 overdue; trouble in d"))
  }

  @Test("A daemon that can't be reached, does not answer, or can't use its store is critical")
  func unreachable() throws {
    let away = try Program.run(["check", "--socket", "/nowhere/control"])
    #expect(away.status == 2 && away.errors.isEmpty)
    #expect(away.output.hasPrefix("CALLBACKD CRITICAL - callbackd can't be reached at /nowhere/control"))
    let silent = try TestServer(handler: { _, _ in .later(LaterReply { _ in }) })
    let result = try Program.run(["check", "-t", "1", "--socket", silent.path])
    #expect(result.status == 2 && result.output.contains("did not answer in time"))
    let stuck = try TestServer(handler: { _, _ in .failed(.tryAgain("The disk is full.")) })
    #expect(
      try Program.run(["check", "--socket", stuck.path])
        == .init(status: 2, output: "CALLBACKD CRITICAL - The disk is full.\n", errors: ""))
  }

  @Test(
    "Wrong arguments are UNKNOWN, in one line on standard output",
    arguments: [
      ["-w", "x"], ["-w", "5:3"], ["-c", ""], ["-t", "0"], ["-t", "x"], ["--late-critical", "soon"], ["--nonsense"],
      ["--config", "/nowhere.toml"], ["-w", "1:2:3"], ["-w", "1e3"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Program.run(["check"] + arguments)
    #expect(result.status == 3)
    #expect(result.output.hasPrefix("CALLBACKD UNKNOWN - ") && result.output.split(separator: "\n").count == 1)
  }

  @Test("Help is no alarm, and --json says the same for programs")
  func others() throws {
    #expect(try Program.run(["check", "--help"]).status == 0)
    let result = try run(["--json"], overdue: 1, late: 60)
    #expect(result.status == 1)
    #expect(
      result.output.hasPrefix(#"{"performance":[{"critical":"4","name":"overdue","unit":"","value":1,"warning":"0"}"#))
    #expect(
      result.output.hasSuffix(
        "\"state\":\"warning\",\"text\":\"1 overdue; 12 open, 4 nobody's, 1 overdue, 0 notices wait\"}\n"))
  }
}
