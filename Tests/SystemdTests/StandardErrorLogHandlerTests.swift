import Glibc
import Logging
import Testing

@testable import Systemd

@Suite("Lines on standard error")
struct StandardErrorLogHandlerTests {
  @Test("a line has the time with its offset, the level, the message and the metadata in order, without the id")
  func plain() throws {
    let line = line(.warning, "Overdue", ["callback": "12", "account": "riverside", "message_id": "88ef"], .plain)
    let parts = line.split(separator: " ", maxSplits: 3)
    try #require(parts.count == 4)
    #expect(parts[0].count == 10 && parts[1].count == 8 && parts[2].count == 5)
    #expect(parts[3] == "warning: Overdue account=riverside callback=12\n")
  }

  @Test("for the journal's stream, the priority stands in front, and the time is left to the journal")
  func prefixed() {
    #expect(line(.error, "No", ["callback": "1"], .prefixed) == "<3>No callback=1\n")
  }

  @Test("nothing in an event reaches the terminal as a command, or begins a line of its own")
  func harmless() {
    #expect(
      line(.info, "a\u{1B}[2J\n<0>b\u{9B}c\u{202E}d\u{2028}", ["k\u{7}": "v\r\n\u{7F}"], .prefixed)
        == #"<6>a\u{1B}[2J\n<0>b\u{009B}c\u{202E}d\u{2028} k\u{07}=v\r\n\u{7F}"# + "\n")
  }

  @Test(
    "values are quoted where they would be read as more than one word",
    arguments: [
      ("12", "12"), ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#), (#"say "x""#, #""say \"x\"""#),
      (#"C:\x"#, #""C:\\x""#), ("two\nlines", #"two\nlines"#), ("Müller", "Müller"),
      ("a\"\u{301}b", "\"a\\\"\u{301}b\""), ("a=\u{301}", "\"a=\u{301}\""),
    ])
  func values(value: String, expected: String) {
    #expect(OneLine.value(value) == expected)
  }

  @Test("an error stands behind the message")
  func error() {
    var event = event(.error, "Failed")
    event.error = SystemdError(purpose: "x", call: "f", code: EPERM, remedy: "y")
    #expect(
      StandardErrorLogHandler.line(for: event, metadata: [:], style: .prefixed, at: 0)
        == "<3>Failed error=\"could not x (f: Operation not permitted); y\"\n")
  }

  @Test("only the level is coloured")
  func coloured() {
    #expect(line(.warning, "Overdue", [:], .coloured).hasSuffix(" \u{1B}[33mwarning:\u{1B}[0m Overdue\n"))
  }

  @Test("colour needs a terminal that can, and gives way to NO_COLOR")
  func colourChoice() throws {
    var (terminal, other): (Int32, Int32) = (-1, -1)
    try #require(openpty(&terminal, &other, nil, nil, nil) == 0)
    defer {
      close(terminal)
      close(other)
    }
    let null = open("/dev/null", O_WRONLY)
    defer { close(null) }
    func style(_ descriptor: Int32, _ environment: [String: String]) -> StandardErrorLogHandler.Style {
      StandardErrorLogHandler.readableStyle(descriptor: descriptor) { environment[$0] }
    }
    #expect(style(other, ["TERM": "xterm"]) == .coloured)
    #expect(style(other, ["NO_COLOR": ""]) == .coloured)
    #expect(style(other, ["NO_COLOR": "1"]) == .plain)
    #expect(style(other, ["TERM": "dumb"]) == .plain)
    #expect(style(null, ["TERM": "xterm"]) == .plain)
  }

  @Test("a logger writes whole lines of its level and above, with its own metadata")
  func logger() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var logger = Logger(label: "test") { [end = ends[1]] _ in
      StandardErrorLogHandler(style: .prefixed, descriptor: end)
    }
    logger[metadataKey: "account"] = "riverside"
    logger.debug("not wanted")
    logger.report(.callbackOverdue, "12 is overdue", metadata: ["callback": "12"])
    logger.report(.started, "Started")
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(ends[0], &buffer, buffer.count)
    #expect(
      String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        == "<4>12 is overdue account=riverside callback=12\n<5>Started account=riverside\n")
  }

  private func line(
    _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata,
    _ style: StandardErrorLogHandler.Style
  ) -> String {
    StandardErrorLogHandler.line(for: event(level, message), metadata: metadata, style: style, at: 1_795_460_709)
  }
}
