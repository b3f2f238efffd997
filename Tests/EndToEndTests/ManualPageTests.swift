import Foundation
import Testing

/// The manual pages say what the programs do.
@Suite("manual pages", .fewAtOnce)
struct ManualPageTests {
  private static let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs")
    .standardizedFileURL

  /// The directory that holds them.
  private static var programs: String {
    get throws { URL(filePath: try Binary.callbackctl.path).deletingLastPathComponent().path }
  }

  private static func page(_ name: String) throws -> String {
    try String(contentsOf: docs.appending(path: name), encoding: .utf8)
  }

  /// The lines of examples that begin with "$ ", without it.
  private static func commands(_ name: String) throws -> [String] {
    try page(name).split(separator: "\n").filter { $0.hasPrefix("$ ") }.map {
      String($0.dropFirst(2)).replacing("\\e", with: "\\")
    }
  }

  @Test("pages that come from the programs' help and the shipped configuration are as `make man` makes them")
  func inStep() async throws {
    let place = try Workplace()
    let programs = try Self.programs
    let made = try await Run(Self.docs.path + "/man/pages", [programs, place.root], in: place)
    try #require(made.status == 0, "\(made.errors)")
    for name in ["callbackctl.1", "callbackd.8", "callbackd.toml.5"] {
      #expect(try place.text(name) == Self.page(name), "\(name): run `make man`")
    }
  }

  @Test("each example of callbackctl(1) is understood, and does what it can")
  func commands() async throws {
    let place = try Workplace()
    // Its service's.
    try #require(mkdir(place.root + "/spool/incoming/night-desk", 0o755) == 0)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 1...12 { try place.drop("Callback: 555-010-44\(10 + number)\n", as: "m\(number)") }
    try Data("Callback: 555-010-4477\n".utf8).write(to: URL(fileURLWithPath: place.root + "/message.txt"))
    try await waitUntil("twelve callbacks", context: place.log) { try place.receipts.count == 12 }
    let programs = try Self.programs
    let commands = try Self.commands("callbackctl.1")
    #expect(commands.count > 20)
    try #require(mkdir(place.root + "/backup", 0o700) == 0)
    for command in commands.map({ $0.replacing(" /backup", with: " \(place.root)/backup") }) {
      let shell = "cd \(place.root) && PATH=\(programs):$PATH CALLBACKD_CONFIG=\(place.configuration) \(command)"
      let run = try await Run("/bin/sh", ["-c", shell], in: place)
      // 66, 77: there is no such file, or whoever runs this is nobody of the office.
      let expected: [Int32] =
        switch command.split(separator: " ").dropFirst().first {
        case "check": [0, 1, 2]
        case "watch": [64]  // There is no terminal.
        case "restore": [75]  // The daemon runs.
        default: [0, 65, 66, 77]
        }
      #expect(expected.contains(run.status), "\(command): \(run.status), \(run.errors)")
    }
    try await daemon.stop()
  }

  @Test("the example of callbackd(8) checks a configuration, and that of callbackd.toml(5) has no mistake")
  func configuration() async throws {
    let place = try Workplace()
    let command = try #require(Self.commands("callbackd.8").first)
    let arguments = command.replacing("/etc/callbackd/callbackd.toml", with: place.configuration).split(separator: " ")
    let checked = try await Run(try Binary.callbackd.path, arguments.dropFirst().map(String.init), in: place)
    #expect(checked.status == 0 && checked.output.contains("no problem found"))
    let parts = try Self.page("callbackd.toml.5").components(separatedBy: ".Bd -literal -offset indent\n")
    try place.configure(text: try #require(parts.last).components(separatedBy: ".Ed\n")[0])
    let example = try await Run(
      try Binary.callbackd.path, ["--check", "--config", place.configuration], in: place)
    #expect(example.status == 0 && example.errors.isEmpty, "\(example.errors)")
  }

  @Test("callback-mail(1) has each option that its help has, and no other")
  func mail() async throws {
    let place = try Workplace()
    let help = try await Run(try Binary.callbackMail.path, ["--help"], in: place).output
    let told = Set(help.matches(of: /--([a-z]+)/).map { String($0.output.1) })
    let written = Set(try Self.page("callback-mail.1").matches(of: /\.It Fl.*?-([a-z]+)/).map { String($0.output.1) })
    #expect(written == told)
  }
}
