import CallbackControl
import Foundation
import Testing

/// `drop` and `parse`, which need no daemon.
@Suite struct DropTests {
  private let directory: TemporaryDirectory
  private let environment: [String: String]

  init() throws {
    directory = try TemporaryDirectory()
    environment = ["CALLBACKD_CONFIG": directory.path + "/callbackd.toml"]
    try directory.write(
      """
      [site]
      time_zone = "America/New_York"
      fallback = "pat"
      [paths]
      spool = "\(directory.path)/spool"
      [mail]
      from = "callbacks@riverside.example"
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

      """, to: "callbackd.toml")
  }

  @Test("A message dropped is there whole, under a name that says nothing of it, for the folder's group to read")
  func drop() throws {
    try directory.write("", to: "spool/incoming/.keep")
    try directory.write("Caller: Ana\n", to: "Ana Diaz.EML")
    let result = try Program.run(["drop", directory.path + "/Ana Diaz.EML"], environment: environment)
    #expect(result.status == 0)
    let names = try directory.list("spool/incoming").filter { $0 != ".keep" }
    #expect(names.count == 1)
    let name = try #require(names.first)
    #expect(name.wholeMatch(of: #/drop-\d{8}T\d{6}Z-[0-9a-f]{16}\.eml/#) != nil)
    #expect(result.output == "\(directory.path)/Ana Diaz.EML is in the spool as \(name).\n")
    let path = directory.path + "/spool/incoming/" + name
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "Caller: Ana\n")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test("Standard input is dropped into a service's folder, and waiting in vain ends with 75 and keeps it there")
  func waitInVain() throws {
    try directory.write("", to: "spool/incoming/night-desk/.keep")
    let result = try Program.run(
      ["drop", "--service", "night-desk", "--wait", "--timeout", "0.1"], input: "Caller: Ana\n",
      environment: environment)
    #expect(result.status == 75)
    #expect(
      result.errors.contains(
        "is safe in the spool, but the daemon is not running; it will be answered for when it runs. Don't drop it again."
      ))
    #expect(try directory.list("spool/incoming/night-desk").count == 2)
  }

  @Test("Waiting asks the daemon for the receipt, and goes on until it is there")
  func receiptFromDaemon() throws {
    try directory.write("", to: "spool/incoming/.keep")
    let server = try TestServer()
    let result = try Program.run(
      ["drop", "--wait", "--socket", server.path], input: "Caller: Ana\n", environment: environment)
    #expect(result == .init(status: 0, output: "Callback: 12\n", errors: ""))
    let slow = try TestServer(handler: { _, _ in .receipt(ReceiptReply(receipt: nil)) })
    let vain = try Program.run(
      ["drop", "--wait", "--timeout", "0.1", "--socket", slow.path], input: "Caller: Ana\n", environment: environment)
    #expect(vain.status == 75)
    #expect(vain.errors.contains("is safe in the spool, but the daemon has not taken it yet; it will be answered for"))
  }

  @Test("Of what could not be understood the reason is printed too, though it be written later than the receipt")
  func reason() throws {
    try directory.write("", to: "spool/incoming/.keep")
    let folder = directory.path + "/spool"
    let receipt = "Not understood; callback: 12\nFor: Pat\n"
    let server = try TestServer(handler: { _, _ in .receipt(ReceiptReply(receipt: receipt)) })
    // Plays the daemon, which has answered with the receipt already.
    let daemon = Process()
    daemon.executableURL = URL(fileURLWithPath: "/bin/sh")
    daemon.arguments = [
      "-c",
      """
      mkdir -p \(folder)/rejected
      until set -- \(folder)/incoming/drop-* && [ -e "$1" ]; do sleep 0.01; done
      rm "$1"; printf 'line 1: no line is a field\n' > "\(folder)/rejected/${1##*/}.12.reason"
      """,
    ]
    try daemon.run()
    defer { daemon.waitUntilExit() }
    let result = try Program.run(
      ["drop", "--wait", "--socket", server.path], input: "Hello\n", environment: environment)
    #expect(result == .init(status: 0, output: receipt + "Why: line 1: no line is a field\n", errors: ""))
    // Where it does not come, nobody waits for ever.
    let without = try Program.run(
      ["drop", "--wait", "--timeout", "0.1", "--socket", server.path], input: "Hello\n", environment: environment)
    #expect(without == .init(status: 0, output: receipt, errors: ""))
  }

  @Test("A receipt or reason that may be read needs no daemon")
  func receiptFromFile() throws {
    try directory.write("", to: "spool/incoming/.keep")
    let mayNot = try TestServer(handler: { _, _ in .failed(.notAllowed("No.")) })
    let folder = directory.path + "/spool"
    // Plays the daemon: takes the file once it is there, and answers for it.
    let daemon = Process()
    daemon.executableURL = URL(fileURLWithPath: "/bin/sh")
    daemon.arguments = [
      "-c",
      """
      mkdir -p \(folder)/accepted
      until set -- \(folder)/incoming/drop-* && [ -e "$1" ]; do sleep 0.01; done
      rm "$1"; printf 'Callback: 7\\n' > "\(folder)/accepted/${1##*/}.7.receipt"
      """,
    ]
    try daemon.run()
    defer { daemon.waitUntilExit() }
    let result = try Program.run(
      ["drop", "--wait", "--socket", mayNot.path], input: "Caller: Ana\n", environment: environment)
    #expect(result == .init(status: 0, output: "Callback: 7\n", errors: ""))
  }

  @Test("A file that can't be read leaves nothing in the spool, not even those before it")
  func unreadable() throws {
    try directory.write("", to: "spool/incoming/.keep")
    try directory.write("Caller: Ana\n", to: "good.txt")
    let result = try Program.run(
      ["drop", directory.path + "/good.txt", "/nowhere"], environment: environment)
    #expect(
      result
        == .init(
          status: 66, output: "", errors: "callbackctl: /nowhere can't be opened: No such file or directory.\n"))
    let empty = try Program.run(["drop"], environment: environment)
    #expect(empty.status == 65)
    #expect(empty.errors == "callbackctl: Standard input is empty: there is no message in it.\n")
    #expect(try directory.list("spool/incoming") == [".keep"])
  }

  @Test("Without a folder it says so; with a mistake in the configuration it drops nothing anywhere")
  func noFolder() throws {
    let result = try Program.run(["drop"], input: "Caller: Ana\n", environment: environment)
    #expect(result.status == 69)
    #expect(result.errors.hasPrefix("callbackctl: There is no folder \(directory.path)/spool/incoming:"))
    try directory.write("spool = ", to: "callbackd.toml")
    #expect(try Program.run(["drop"], input: "Caller: Ana\n", environment: environment).status == 65)
    // Of a configuration with mistakes; one that is not there is another thing.
    #expect(try Program.run(["parse", "-"], input: "Caller: Ana\n", environment: environment).status == 65)
    let nowhere = try Program.run(["parse", "-", "--config", "/nowhere.toml"], input: "Caller: Ana\n")
    #expect(nowhere.status == 66)
    #expect(nowhere.errors.hasPrefix("callbackctl: /nowhere.toml: there is no such file;"))
  }

  @Test("A message is parsed field by field with what would become of it; one that can't be understood ends with 65")
  func parse() throws {
    let good = try Program.run(
      ["parse", "-"], input: "To: Pat\nCaller: Ana\nPhone: 555 010 4477\nShoe: 7\n", environment: environment)
    #expect(good.status == 0)
    #expect(
      good.output.hasPrefix(
        """
        Standard input: plain text, UTF-8
        LINE  FIELD   MEANING   BY    VALUE
           1  To      To        name  Pat
           2  Caller  Caller    name  Ana
           3  Phone   Callback  name  555 010 4477
        Not placed:
           4  Shoe: 7
        It would become a callback for Pat, routine, due 
        """))
    let list = try Program.run(["parse", "-"], input: "Sent: 41-44\n", environment: environment)
    #expect(list.status == 0)
    #expect(
      list.output.hasSuffix(
        "It is a list of 4 messages, 41 to 44: each that did not come in would become a callback.\n"))
    let bad = try Program.run(["parse", "-"], input: "%PDF-1.4\n", environment: environment)
    #expect(bad.status == 65)
    #expect(bad.output.contains("Problem: "))
  }
}
