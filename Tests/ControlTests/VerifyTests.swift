import CallbackControl
import Foundation
import Testing

@testable import callbackctl

@Suite struct VerifyTests {
  private static let head = "7:" + String(repeating: "0", count: 64)

  @Test("A record that is whole is said to be, with its head, piece after piece")
  func whole() throws {
    let server = try TestServer()
    let arguments = ["verify", "--head", Self.head, "--socket", server.path]
    let expected = """
      The record is whole: 7 events, 3 callbacks.
      Head: \(Self.head)
      Keep the head elsewhere, for `callbackctl verify --head`.

      """
    #expect(try Program.run(arguments) == .init(status: 0, output: expected, errors: ""))
    let json = try Program.run(arguments + ["--json"])
    #expect(
      json.output
        == #"{"callbacks":3,"damages":[],"events":7,"findings":[],"head":"\#(Self.head)","whole":true}"# + "\n")
  }

  @Test("What is not as it was written is said, a line each, and ends it with 65")
  func broken() throws {
    let server = try TestServer()
    let result = try Program.run(["verify", "--socket", server.path])
    #expect(result.status == 65)
    #expect(result.output == "The message of callback 12 was changed.\n")
    #expect(
      result.errors
        == "callbackctl: The record is not whole: 1 finding. Keep the file as it is, and compare it with a backup.\n")
    let json = try Program.run(["verify", "--json", "--socket", server.path])
    #expect(json.status == 65)
    #expect(json.output.contains(#""kind":"message-changed""#) && json.output.contains(#""whole":false"#))
  }

  @Test("A head that is none is a usage error; a file that is none says so", arguments: ["", "7", "7:0", "x:00"])
  func wrong(head: String) throws {
    #expect(try Program.run(["verify", "--head", head]).status == 64)
    let missing = try Program.run(["verify", "--file", "/nowhere.db"])
    #expect(missing.status == 66)
    #expect(missing.errors == "callbackctl: /nowhere.db can't be read: No such file or directory.\n")
    let directory = try TemporaryDirectory()
    try directory.write("To: Rivera\n", to: "message.txt")
    let other = try Program.run(["verify", "--file", directory.path + "/message.txt"])
    #expect(other.status == 65)
  }

  @Test("A purge says how many, and a dry run how many they would be")
  func purge() throws {
    let server = try TestServer()
    #expect(try Program.run(["purge", "--socket", server.path]).output == "32 callbacks were purged.\n")
    #expect(
      try Program.run(["purge", "--dry-run", "--socket", server.path]).output == "40 callbacks would be purged.\n")
    #expect(
      try Program.run(["purge", "--dry-run", "--json", "--socket", server.path]).output
        == #"{"dry_run":true,"purged":40}"# + "\n")
  }
}
