import CallbackControl
import Foundation
import Testing

/// `callbackctl watch` in a real terminal, with the real daemon.
@Suite("the board", .fewAtOnce, .enabled(if: TerminalWindow.isThere, "there is no tmux: `make deps` installs it"))
struct BoardTests {
  private static func watch(in place: Workplace) throws -> String {
    "\(try Binary.callbackctl.path) watch --config \(place.configuration) --as rivera"
  }

  /// An office that promises a call within an hour, so that nothing is late at once.
  private static func start(_ place: Workplace, messages: Int) async throws -> DaemonProcess {
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 0..<messages {
      try place.drop("To: Rivera\nCaller: Caller \(number)\nCallback: 555-010-\(1000 + number)\n", as: "m\(number).txt")
    }
    try await waitUntil("callbacks", context: place.log) { try daemon.client().status().counts.open == messages }
    return daemon
  }

  @Test(
    "it shows what is open, is worked with single keys, and follows the window's size",
    arguments: [(80, 24), (200, 60)])
  func work(columns: Int, rows: Int) async throws {
    let place = try Workplace()
    let daemon = try await Self.start(place, messages: 3)
    let window = try await TerminalWindow(in: place, columns: columns, rows: rows)
    try await window.run(try Self.watch(in: place))
    let screen = try await window.shows("JUST NOW")
    #expect(screen.contains("3 open, 0 overdue, 3 nobody's"))
    #expect(screen.contains("DUE NEXT") && screen.contains("for Dr. Rivera") && screen.contains("Caller 0"))
    #expect(screen.contains("live") && screen.contains("q quit"))
    #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count <= rows + 1)

    try await window.press("a")
    try await window.shows("Dr. Rivera has it")
    try await window.shows("Dr. Rivera (as ")
    #expect(try daemon.client().show(1).detail.callback.owner == "rivera")
    try await window.press("t")
    try await window.shows("4  wrong number")
    try await window.press("3")
    try await window.shows("voicemail; try again at")
    try await window.press("d")
    try await window.shows("reached? y/n")
    try await window.press("y")
    try await window.shows("2 open")
    #expect(try daemon.client().show(1).detail.closedBy == "rivera")

    // What others do shows by itself.
    _ = try daemon.client().act(.init(2, .acknowledge(take: false), asPerson: "chen"))
    try await window.shows("Dr. Chen has it")
    try await window.press("a")
    try await window.shows(" has callback 2. Take it over? y/n")
    try await window.press("n")
    try await window.press("Enter")
    try await window.shows("History")
    try await window.press("q")
    try await window.shows("JUST NOW")

    try await window.resize(columns: 120, rows: 30)
    let resized = try await window.shows("JUST NOW")
    #expect(resized.split(separator: "\n", omittingEmptySubsequences: false).count <= 31)
    try await window.resize(columns: 30, rows: 6)
    try await window.shows("Make the window larger")
    try await window.resize(columns: columns, rows: rows)
    try await window.shows("JUST NOW")
    try await window.press("q")
    try await window.shows("JUST NOW", not: true)
    try await window.run("echo it ended with $?")
    try await window.shows("it ended with 0")
    try await daemon.stop()
  }

  @Test("it says that the daemon is gone, and goes on when it is back")
  func restart() async throws {
    let place = try Workplace()
    let daemon = try await Self.start(place, messages: 2)
    let window = try await TerminalWindow(in: place, columns: 80, rows: 24)
    try await window.run(try Self.watch(in: place))
    try await window.shows("2 open")
    try await daemon.crash()
    let lost = try await window.shows("NOT CONNECTED since")
    #expect(lost.contains("Caller 0") && lost.contains(": trying again."))
    try await window.press("a")
    try await window.shows("can't be reached")
    let next = try DaemonProcess(in: place)
    try await next.ready()
    try await window.shows("live")
    try place.drop("To: Rivera\nCaller: Zoe New\nCallback: 555-010-7777\n", as: "new.txt")
    try await window.shows("Zoe New")
    try await next.stop()
  }

  @Test(
    "however it is ended or stopped, the terminal is as it was",
    arguments: ["C-c", "q", "C-z", "TERM", "HUP", "SEGV"])
  func restoring(by way: String) async throws {
    let place = try Workplace()
    let daemon = try await Self.start(place, messages: 1)
    let window = try await TerminalWindow(in: place, columns: 80, rows: 24)
    try await window.run("echo before; stty -g >\(place.root)/before")
    try await window.run(try Self.watch(in: place))
    try await window.shows("JUST NOW")
    #expect(try await window.variable("alternate_on") == "1")
    #expect(try await window.variable("cursor_flag") == "0")
    switch way {
    case "TERM", "HUP", "SEGV":
      let shell = try await window.variable("pane_pid")
      let run = try await Run("/bin/sh", ["-c", "kill -\(way) $(pgrep -P \(shell))"], in: place)
      try #require(run.status == 0, "\(run.errors)")
    default: try await window.press(way)
    }
    try await window.shows("JUST NOW", not: true)
    #expect(try await window.variable("alternate_on") == "0")
    try await window.run("stty -g >\(place.root)/after; echo and''after")
    try await window.shows("andafter")
    #expect(try await window.variable("cursor_flag") == "1")
    #expect(try place.text("before") == place.text("after"))
    if way == "C-z" {
      try await window.run("fg")
      try await window.shows("JUST NOW")
      try await window.press("q")
      try await window.shows("andafter")
    }
    try await daemon.stop()
  }

  @Test("5,000 open callbacks are paged through")
  func many() async throws {
    let place = try Workplace(OfficeText(announce: "[]"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for file in 0..<10 {
      let rows = (0..<500).map { "rivera,Caller \(file * 500 + $0),555-01\(10_000 + file * 500 + $0)" }
      try place.drop((["To,Caller,Callback"] + rows).joined(separator: "\n"), as: "many\(file).csv")
    }
    try await waitUntil("callbacks", upTo: .seconds(120), context: place.log) {
      // A machine that is busy with other things may take its time.
      do { return try daemon.client().status().counts.open == 5000 } catch { return false }
    }
    let window = try await TerminalWindow(in: place, columns: 80, rows: 24)
    try await window.run(try Self.watch(in: place))
    try await window.shows("5000 open", upTo: .seconds(60))
    try await window.press("End")
    // 16 rows a page, and the section's heading.
    try await window.shows("page 313 of 313")
    try await window.press("Home")
    try await window.shows("page 1 of")
    try await window.press("/")
    try await window.run("Caller 4321")
    try await window.shows("  Caller 4321\n")
    try await window.press("q")
    try await daemon.stop()
  }

  @Test("without a terminal it says what to use instead, and ends with 64")
  func noTerminal() async throws {
    let place = try Workplace()
    let daemon = try await Self.start(place, messages: 0)
    let run = try await Run(
      try Binary.callbackctl.path, ["watch", "--config", place.configuration], in: place)
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.hasPrefix("callbackctl: watch needs a terminal"), "\(run.errors)")
    try await daemon.stop()
  }

  @Test("with --json it prints a line for what is open and for each change, until the daemon hangs up")
  func lines() async throws {
    let place = try Workplace()
    let daemon = try await Self.start(place, messages: 1)
    let program = Process()
    program.executableURL = URL(fileURLWithPath: try Binary.callbackctl.path)
    program.arguments = ["watch", "--json", "--config", place.configuration]
    let file = place.newPath("lines")
    try #require(FileManager.default.createFile(atPath: file, contents: nil))
    program.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    program.standardError = FileHandle.nullDevice
    try program.run()
    func replies() throws -> [WatchReply] {
      // A line that is not whole yet has no end.
      let text = try String(contentsOfFile: file, encoding: .utf8)
      return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        try ControlCoding.decode(WatchReply.self, from: Data($0.utf8))
      }
    }
    try await waitUntil("the page") { try replies().first?.callbacks.map(\.id) == [1] }
    #expect(try replies()[0].isPage)
    try place.drop("To: Rivera\nCaller: Joan\nCallback: 555-010-2222\n", as: "another.txt")
    try await waitUntil("the second callback") {
      try replies().dropFirst().contains { !$0.isPage && $0.callbacks.contains { $0.caller == "Joan" } }
    }
    try await daemon.stop()
    program.waitUntilExit()
    #expect(program.terminationStatus == 75)
  }
}
