import CallbackIntake
import Foundation
import Testing

/// The daemon's side: whatever the child does, there is an answer in time, and nothing that it writes is believed untested.
@Suite("Children that decode") struct MailDecoderTests {
  private let directory: ScratchDirectory

  init() throws { directory = try ScratchDirectory() }

  /// Decodes a mail by a script.
  private func decode(_ script: String, timeout: Duration = .seconds(30)) async throws -> Result<
    DecodedMail, MailTrouble
  > {
    try directory.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "script", mode: 0o755)
    return try await CallbackMail.answer(
      of: MailDecoder(program: directory.path + "/script", timeout: timeout), to: Array("mail".utf8))
  }

  private func failure(_ script: String, timeout: Duration = .seconds(30)) async throws -> String? {
    guard case .failure(let trouble) = try await decode(script, timeout: timeout) else { return nil }
    return trouble.reason
  }

  private static func json(text: String = "t", to: String = "[]", subject: String = "null", more: String = "") -> String
  {
    #"{"subject":\#(subject),"date":null,"from":null,"to":\#(to),"message_id":null,"text":"\#(text)","attachments":0,"#
      + #""notes":[]\#(more)}"#
  }

  @Test("It is given the mail, and the answer is read")
  func answer() async throws {
    let script =
      #"printf '{"subject":"%s %s","date":null,"from":null,"to":["a"],"#
      + #""message_id":null,"text":"t\\n","attachments":2,"notes":["n"]}' "$1" "$(cat)""#
    #expect(
      try await decode(script).get()
        == DecodedMail(subject: "--decode mail", to: ["a"], text: "t\n", attachments: 2, notes: ["n"]))
  }

  @Test("One that doesn't read its input, and one that leaves something running, are answers too")
  func oddChildren() async throws {
    #expect(try await decode("echo '\(Self.json())'").get().text == "t")
    #expect(try await decode("echo '\(Self.json())'; sleep 300 >/dev/null 2>&1 &").get().text == "t")
  }

  @Test("An end that is no success says which it was")
  func ends() async throws {
    #expect(try await failure("echo '\(Self.json())'; exit 3") == "callback-mail ended with exit code 3")
    #expect(try await failure("kill -SEGV $$") == "callback-mail was ended by signal 11")
    #expect(
      try await failure("trap '' TERM; exec sleep 300", timeout: .seconds(1)) == "callback-mail was stopped after 1 s")
  }

  @Test("A program that is missing says so, and what to do")
  func missing() throws {
    let trouble = MailDecoder(program: "/nowhere/callback-mail")([1])
    #expect(
      trouble
        == .failure(
          MailTrouble(
            "/nowhere/callback-mail is missing or may not be run, install it beside callbackd", isOfProgram: true)))
  }

  // Far longer than any machine needs: without a bound it would never end.
  @Test("Output that is endless is not waited for, nor kept", .timeLimit(.minutes(10)))
  func endless() async throws {
    #expect(try await failure("exec cat /dev/zero") != nil)
  }

  static let garbled: [String] = [
    "", "{}", "[]", "x", json() + "x", String(json().dropLast()), json(to: "[1]"), json(to: "null"),
    json(subject: #""a\u0007b""#), json(subject: #""a\nb""#),
    json(subject: "\"" + String(repeating: "x", count: 4097) + "\""),
    json(to: "[" + Array(repeating: "\"a\"", count: 101).joined(separator: ",") + "]"),
    json(text: String(repeating: "x", count: (1 << 20) + 1)),
    json().replacing("\"attachments\":0", with: "\"attachments\":-1"),
    json().replacing("\"attachments\":0", with: "\"attachments\":0.5"),
    String(repeating: "[", count: 100_000),
  ]

  @Test("Output that is not just what it should be is not believed", arguments: garbled.indices)
  func garbage(number: Int) async throws {
    try directory.write(Array(Self.garbled[number].utf8), to: "output")
    #expect(try await failure("cat \(directory.path)/output") == "callback-mail wrote what can't be read")
  }
}
