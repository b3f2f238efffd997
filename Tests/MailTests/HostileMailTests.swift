import CallbackIntake
import Foundation
import Testing

/// Mails that are to cost time, memory or the decoder: the real program ends with an answer for each.
@Suite("Hostile mails") struct HostileMailTests {
  private static func nested(_ levels: Int, around text: String) -> String {
    var mail = Mail.of("")
    for level in 0..<levels { mail += "Content-Type: multipart/mixed; boundary=\"b\(level)\"\n\n--b\(level)\n" }
    mail += "Content-Type: text/plain\n\n\(text)\n"
    for level in (0..<levels).reversed() { mail += "--b\(level)--\n" }
    return mail
  }

  /// The mails by name: as arguments they would be printed whole.
  private static let costly: KeyValuePairs<String, String> = [
    "1,000 parts in one another": nested(1000, around: "x"),
    "15,000 parts in one another": nested(15_000, around: "x"),
    "20,000 forwarded mails in one another": Mail.of(
      String(repeating: "Content-Type: message/rfc822\n\n", count: 20_000)),
    "90,000 parts": Mail.of(
      "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 90_000)),
    "100,000 lines of header": Mail.text(header: String(repeating: "X-A: b\n", count: 100_000), "x"),
    "a header line of a MiB, folded": Mail.text(
      header: "Subject: a" + String(repeating: "\n b", count: 300_000) + "\n", "x"),
    "60,000 encoded words": Mail.text(
      header: "Subject: " + String(repeating: "=?utf-8?Q?a?= ", count: 60_000) + "\n", "x"),
    "150,000 addresses": Mail.text(header: "To: " + String(repeating: "a@b.c, ", count: 150_000) + "\n", "x"),
    "500,000 brackets in an address": Mail.text(header: "To: " + String(repeating: "(", count: 500_000) + "\n", "x"),
    "100,000 parameters": Mail.of(
      "Content-Type: text/plain; " + String(repeating: "a*0=b; ", count: 100_000) + "\n\nx"),
    "a MiB of <": Mail.of("Content-Type: text/html\n\n" + String(repeating: "<", count: 1_000_000)),
    "a MiB of tags that don't end": Mail.of(
      "Content-Type: text/html\n\n" + String(repeating: "<a b=\"", count: 150_000)),
    "a MiB of &": Mail.of("Content-Type: text/html\n\n" + String(repeating: "&#", count: 500_000)),
    "no header at all, only a MiB of NUL": Mail.of("\n" + String(repeating: "\0", count: 1_000_000)),
    "a MiB with no line end": "From: " + String(repeating: "x", count: 1_000_000),
  ]

  @Test(
    "What is to cost much costs little, and there is an answer", .timeLimit(.minutes(10)), arguments: costly.map(\.key))
  func cost(name: String) async throws {
    let mail = try #require(Self.costly.first { $0.key == name }).value
    let decoded = try await CallbackMail.decode(mail)
    // There is an answer only within the child's own bound: 5 s of processor time.
    #expect(decoded.text.utf8.count <= 1 << 20)
  }

  @Test("What lies too deep is left out, and that is noted")
  func depth() async throws {
    #expect(try await CallbackMail.decode(Self.nested(50, around: "Caller: Ann")).text == "Caller: Ann")
    let mail = try await CallbackMail.decode(Self.nested(1000, around: "Caller: Ann"))
    #expect(mail.text == "" && mail.notes == ["parts within more than 50 others"])
  }

  @Test("Text beyond a MiB is left out, and that is noted; memory is bounded")
  func size() async throws {
    let line = String(repeating: "Q2FsbGVyOiBBbm4K", count: 4) + "\n"
    let mail = try await CallbackMail.decode(
      Mail.of("Content-Transfer-Encoding: base64\n\n" + String(repeating: line, count: 400_000)))
    #expect(mail.text.utf8.count == 1 << 20 && mail.text.hasPrefix("Caller: Ann\nCaller: Ann\n"))
    #expect(mail.notes == ["text after the first MiB"])
  }

  @Test("Whatever is done to the bytes of a mail, there is an answer")
  func anyBytes() async throws {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let originals = ShapeTests.shapes.map { $0.mail }
    for round in 0..<150 {
      var bytes = originals[round % originals.count]
      for _ in 0..<(1 + random(20)) { bytes[random(bytes.count)] = UInt8(random(256)) }
      bytes.removeLast(random(bytes.count / 2))
      _ = try await CallbackMail.decode(bytes)
    }
  }

  @Test("Before it reads, it has given up whatever it does not need")
  func confinement() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try CallbackMail.path)
    process.arguments = ["--decode"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let place = "/proc/\(process.processIdentifier)/"
    // It waits for the mail once it is confined.
    var status = ""
    for _ in 0..<2000 where !status.contains("NoNewPrivs:\t1") {
      status = try String(contentsOfFile: place + "status", encoding: .utf8)
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(status.contains("NoNewPrivs:\t1"))
    let limits = try String(contentsOfFile: place + "limits", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: " ").joined(separator: " ") }
    for expected in [
      "Max cpu time 5 5 seconds", "Max file size 0 0 bytes", "Max core file size 0 0 bytes",
      "Max processes 0 0 processes",
      "Max open files 16 16 files", "Max address space 268435456 268435456 bytes",
    ] { #expect(limits.contains(expected), "\(limits)") }
    try input.fileHandleForWriting.close()
    _ = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 65)
  }
}
