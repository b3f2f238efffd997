import Foundation
import Testing

@Suite("a configuration with mistakes", .fewAtOnce)
struct BadConfigurationTests {
  /// Three mistakes, and where they stand: the line, the key, and a word of what to do.
  ///
  /// The misspelt key is two problems: it is unknown, and the right one is missing.
  private func threeMistakes(_ place: Workplace) -> (text: String, wanted: [(line: Int, key: String, remedy: String)]) {
    let text = OfficeText().text(root: place.root)
      .replacingOccurrences(of: #"fallback = "chen""#, with: #"fallback = "chne""#)
      .replacingOccurrences(of: #"settle = "0s""#, with: #"settle = "soon""#)
      .replacingOccurrences(of: #"phone = "#, with: #"fone = "#)
    let lines = text.components(separatedBy: "\n")
    func line(_ start: String) -> Int { (lines.firstIndex { $0.hasPrefix(start) } ?? -1) + 1 }
    return (
      text,
      [
        (line("fallback"), "site.fallback", "chen"), (line("settle"), "spool.settle", "write"),
        (line("fone"), "service.fone", "phone"),
      ]
    )
  }

  @Test("the daemon doesn't start: every mistake with line, key and remedy, and exit 78", arguments: [[], ["--check"]])
  func refused(arguments: [String]) async throws {
    let place = try Workplace()
    let (text, wanted) = threeMistakes(place)
    try place.configure(text: text)
    let daemon = try DaemonProcess(in: place, arguments: arguments)
    #expect(try await daemon.ended() == .exited(78))
    for (line, key, remedy) in wanted {
      let start = "\(place.configuration):\(line): \(key): "
      let found = daemon.log.components(separatedBy: "\n").first { $0.hasPrefix(start) }
      #expect(found?.contains(remedy) == true, "\(start)… is not in:\n\(daemon.log)")
    }
    #expect(!FileManager.default.fileExists(atPath: place.root + "/state"))
  }

  @Test("--check of a good one ends with 0 and starts nothing")
  func check() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place, arguments: ["--check"])
    #expect(try await daemon.ended() == .exited(0), "\(daemon.log)")
    #expect(daemon.manager.received.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: place.root + "/state"))
  }

  @Test("one that is missing: said with its path, and exit 78")
  func missing() async throws {
    let place = try Workplace()
    try FileManager.default.removeItem(atPath: place.configuration)
    let daemon = try DaemonProcess(in: place)
    #expect(try await daemon.ended() == .exited(78))
    #expect(daemon.log.contains("\(place.configuration): "))
  }

  @Test("SIGHUP with mistakes: each is said, and the old one stays in force; mended, the new one is")
  func reload() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.configure(text: threeMistakes(place).text.replacingOccurrences(of: "rivera@", with: "new@"))
    try await reload(daemon)
    #expect(daemon.log.contains("The configuration has 4 problems, so the old one stays in force"))
    #expect(daemon.log.contains("site.fallback: "))
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "first.txt")
    try await waitUntil("a mail by the old one", context: place.log) {
      try place.mails(to: OfficeText.rivera).count == 1
    }

    var mended = OfficeText()
    mended.riveraMail = "new@riverside.example"
    try place.configure(mended)
    try await reload(daemon)
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\n", as: "second.txt")
    try await waitUntil("a mail by the new one", context: place.log) {
      try place.mails(to: "new@riverside.example").count == 1
    }
    try await daemon.stop()
  }

  private func reload(_ daemon: DaemonProcess) async throws {
    let before = daemon.manager.received.count
    try daemon.send(SIGHUP)
    try await waitUntil("READY=1 after the reload") { daemon.manager.first("READY=1", after: before) != nil }
  }
}

@Suite("two daemons", .fewAtOnce)
struct SecondDaemonTests {
  @Test("the second one on the same state is refused, says why, and the first goes on")
  func second() async throws {
    let place = try Workplace()
    let first = try DaemonProcess(in: place)
    try await first.ready()
    let second = try DaemonProcess(in: place)
    let ending = try await second.ended()
    #expect(ending == .exited(75) || ending == .exited(69))
    #expect(second.log.contains("callbackd: ") && second.log.contains("\(place.root)/state"), "\(second.log)")
    #expect(second.manager.first("READY=1") == nil)
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the mail of the first", context: place.log) { try place.mails.count == 1 }
    #expect(try first.client().status().counts.open == 1)
    try await first.stop()
  }
}
