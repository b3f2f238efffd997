import Foundation
import Testing

/// What `parse` shows of profiles and limits.
@Suite struct ParseTests {
  private let directory: TemporaryDirectory
  private let environment: [String: String]

  private static let configuration = #"""
    [site]
    time_zone = "America/New_York"
    fallback = "pat"
    [mail]
    from = "callbacks@riverside.example"
    [spool]
    max_line = "2KiB"
    max_fields = 30
    [[person]]
    id = "pat"
    name = "Pat"
    email = "pat@riverside.example"
    [[policy]]
    urgency = "emergency"
    call_back_within = "10m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "urgent"
    call_back_within = "30m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "routine"
    call_back_within = "4h"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[service]]
    id = "night-desk"
    phone = "+1 555 010 9000"
    fields = { "Chart" = "" }
    patterns = [
      '''\bACCT (?<Account>\d+)''',
      '''^MSG FOR (?<To>.+?) FROM (?<Caller>.+?) AT (?<Callback>[0-9() .-]{7,}) RE:? (?<Regarding>.+)$''',
    ]
    [[account]]
    id = "riverside"
    also = ["4711"]
    fields = { "Nbr" = "Ref" }
    [[account]]
    id = "hillside"

    """#

  init() throws {
    directory = try TemporaryDirectory()
    environment = ["CALLBACKD_CONFIG": directory.path + "/callbackd.toml"]
    try directory.write(Self.configuration, to: "callbackd.toml")
  }

  private func parse(_ text: String, _ more: String...) throws -> Program.Result {
    try Program.run(["parse", "-", "--service", "night-desk"] + more, input: text, environment: environment)
  }

  private static let text = """
    ACCT 4711 *
    Chart: 7
    Nbr: 12
    MSG FOR Pat FROM Ana Diaz AT (555) 010-4477 RE: fever
    Shoe: 9
    PLS HURRY

    """

  @Test("It says whose profiles hold, what placed each field, and which lines nothing placed")
  func profiles() throws {
    let result = try parse(Self.text)
    #expect(result.status == 0)
    #expect(
      result.output.hasPrefix(
        """
        Standard input: plain text, UTF-8; profiles of account riverside, then service night-desk
        LINE  FIELD      MEANING        BY                               VALUE
           1  Account    Account        pattern 1 of service night-desk  4711
           2  Chart      kept as it is  service night-desk               7
           3  Nbr        Ref            account riverside                12
           4  To         To             pattern 2 of service night-desk  Pat
           4  Caller     Caller         pattern 2 of service night-desk  Ana Diaz
           4  Callback   Callback       pattern 2 of service night-desk  (555) 010-4477
           4  Regarding  Regarding      pattern 2 of service night-desk  fever
        Not placed:
           5  Shoe: 9
           6  PLS HURRY
        It would become a callback for Pat, routine, due 
        """), "\(result.output)")
  }

  @Test("The example of docs/messages.md is read as it says")
  func documented() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/messages.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let chapter = try #require(text.split(separator: "## A service with a layout of its own").dropFirst().first)
    let blocks = chapter.split(separator: "\n```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    try #require(
      blocks.count >= 3 && blocks[0].hasPrefix("toml\n") && blocks[2].hasPrefix("console\n$ callbackctl parse"))
    let others = Self.configuration.split(separator: "[[service]]")[0]
    try directory.write(others + String(blocks[0].dropFirst(5)), to: "documented.toml")
    let parsed = try Program.run(
      ["parse", "-", "--service", "night-desk", "--config", directory.path + "/documented.toml"],
      input: String(blocks[1].dropFirst()) + "\n", environment: [:])
    let shown = blocks[2].split(separator: "\n").dropFirst(3).joined(separator: "\n")
    #expect(
      !shown.isEmpty
        && parsed.output.hasPrefix("Standard input: plain text, UTF-8; profile of service night-desk\n" + shown))
    #expect(parsed.status == 0, "\(parsed.output)\(parsed.errors)")
  }

  @Test("JSON has the same")
  func json() throws {
    let result = try parse(Self.text, "--json")
    let all = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(all.count == 1)
    #expect(all[0]["format"] as? String == "plain text" && all[0]["encoding"] as? String == "UTF-8")
    let message = try #require((all[0]["messages"] as? [[String: Any]])?.first)
    #expect(message["profiles"] as? [String] == ["account riverside", "service night-desk"])
    let fields = try #require(message["fields"] as? [[String: Any]])
    #expect(
      fields.compactMap { $0["placed_by"] as? String }
        == ["pattern 1 of service night-desk", "service night-desk", "account riverside"]
        + Array(repeating: "pattern 2 of service night-desk", count: 4))
    #expect(fields[1]["meaning"] is NSNull)
    let unplaced = try #require(message["unplaced"] as? [[String: Any]])
    #expect(unplaced.compactMap { $0["line"] as? Int } == [5, 6])
    #expect(unplaced.compactMap { $0["text"] as? String } == ["Shoe: 9", "PLS HURRY"])
  }

  @Test("It holds to the configuration's limits, as the daemon does")
  func limits() throws {
    let long = try parse("Caller: Ana\nRegarding: \(String(repeating: "x", count: 3000))\n")
    #expect(long.status == 65)
    #expect(long.output.contains("Problem: line 2: it is longer than 2048 bytes (spool.max_line); break it into lines"))
    let many = try parse((1...31).map { "Caller \($0): x\n" }.joined())
    #expect(many.output.contains("there are more than 30 fields (spool.max_fields)"))
  }

  @Test("What is in no field of an unreadable message is shown line by line")
  func unreadable() throws {
    let result = try parse("pls call\n\nmrs smith\u{1B}[2J\n")
    #expect(result.status == 65)
    #expect(
      result.output.hasPrefix(
        """
        Standard input: plain text, UTF-8; profile of service night-desk
        Not placed:
           1  pls call
           3  mrs smith�[2J
        Odd: The message names no account; ask the service which practice it is for.
        Problem: line 1: no line is a field that is known, and none of the profile's patterns fits; 
        """), "\(result.output)")
  }
}
