import CallbackControl
import Foundation
import Testing

/// What staff do, with the real callbackctl, to the real callbackd.
@Suite("callbackctl and callbackd", .fewAtOnce)
struct CommandLineTests {
  @Test("drop, list, ack, attempt, done: each does what it says, and the history has it with its person")
  func life() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    func run(_ words: String..., input: String = "") async throws -> String {
      let run = try await Run(
        try Binary.callbackctl.path, words + ["--config", place.configuration], input: input, in: place)
      try #require(run.status == 0, "callbackctl \(words): \(run.status), \(run.errors)")
      return run.output
    }
    _ = try await run("drop", input: "To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the mail", context: place.log) { try place.mails.count == 1 }
    #expect(try await run("list").contains("Jane Doe"))
    _ = try await run("ack", "1", "--as", "rivera")
    _ = try await run("attempt", "1", "no-answer", "--as", "rivera")
    _ = try await run("done", "1", "--as", "rivera")
    #expect(!(try await run("list").contains("Jane Doe")))
    let events = try daemon.client().show(1).detail.events
    let wanted = ["acknowledged", "no-answer", "reached"]
    #expect(events.filter { wanted.contains($0.kind) }.map(\.kind) == wanted)
    #expect(events.filter { wanted.contains($0.kind) }.allSatisfy { $0.actorID == "rivera" && $0.login != nil })
    try await daemon.stop()
  }

  @Test("what is dropped is taken at once, however long files must settle that are written in place")
  func atOnce() async throws {
    let place = try Workplace()
    let office = OfficeText().text(root: place.root)
    try place.configure(text: office.replacingOccurrences(of: #"settle = "0s""#, with: #"settle = "1m""#))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    for number in 1...5 {
      // Waits for 10 s at most.
      let run = try await Run(
        try Binary.callbackctl.path, ["drop", "--wait", "--config", place.configuration],
        input: "Caller: Jane Doe\nCallback: 555-010-447\(number)\n", in: place)
      #expect(run.output.hasPrefix("Callback: \(number)\n"), "\(run.status), \(run.output)\(run.errors)")
    }
    try await daemon.stop()
  }

  @Test(
    "somebody who may only drop gets the receipt, lists nothing, and hears of no patient",
    .enabled(if: DaemonProcess.mayHaveGroups, "only root can become somebody in the group callback-drop"))
  func dropper() async throws {
    let place = try Workplace(mode: 0o711)
    let groups = place.newPath("group")
    try Data("root:x:0:\ncallback-drop:x:4242:\n".utf8).write(to: URL(fileURLWithPath: groups))
    let daemon = try DaemonProcess(in: place, groups: groups)
    try await daemon.ready()
    for (directory, mode) in [("incoming", mode_t(0o1730)), ("accepted", 0o710), ("rejected", 0o700)] {
      let path = place.root + "/spool/" + directory
      try #require(chown(path, 0, 4242) == 0 && chmod(path, mode) == 0)
    }
    let program = place.newPath("callbackctl")
    try FileManager.default.copyItem(atPath: Binary.callbackctl.path, toPath: program)
    func run(_ words: [String], input: String = "", group: String = "4242") async throws -> Run {
      try await Run(
        "/usr/bin/setpriv",
        ["--reuid=65534", "--regid=65534", "--groups=\(group)", program] + words + ["--config", place.configuration],
        input: input, in: place)
    }
    let dropped = try await run(["drop", "--wait"], input: "To: Rivera\nCaller: Jane Doe\nCallback: 555-010-4477\n")
    #expect(dropped.status == 0, "\(dropped.errors)")
    #expect(dropped.output.hasPrefix("Callback: 1\nFor: ") && !dropped.output.contains("Jane"))
    let misread = try await run(["drop", "--wait"], input: "pls call Jane Doe back\n")
    #expect(misread.output.hasPrefix("Not understood; callback: 2\nFor: ") && !misread.output.contains("Jane"))
    #expect(try await run(["list"]).status == 77)
    try await daemon.stop()
    let late = try await run(["drop", "--wait", "--timeout", "0.1"], input: "Caller: Jane Doe\n")
    #expect(late.status == 75 && late.errors.contains("the daemon is not running"), "\(late.errors)")
  }

  // Only root can become somebody else. Continuous integration runs as root.
  @Test(
    "somebody in no group may ask for the status, and neither see nor work callbacks: exit 77, and what to do",
    .enabled(if: geteuid() == 0, "only root can become nobody"))
  func nobody() async throws {
    let place = try Workplace(mode: 0o711)
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n")
    try await waitUntil("the callback") { try daemon.client().status().counts.open == 1 }
    // The build folder may be closed to others.
    let program = place.newPath("callbackctl")
    try FileManager.default.copyItem(atPath: Binary.callbackctl.path, toPath: program)
    func run(_ words: [String]) async throws -> Run {
      try await Run(
        "/usr/bin/setpriv",
        ["--reuid=65534", "--regid=65534", "--clear-groups", program] + words + ["--socket", place.control], in: place)
    }
    for words in [["list"], ["show", "1"], ["done", "1", "--as", "rivera"]] {
      let refused = try await run(words)
      #expect(refused.status == 77, "\(words): \(refused.status), \(refused.errors)")
      #expect(refused.errors.contains("callback-staff"))
      #expect(!(refused.output + refused.errors).contains("Jane"))
    }
    let status = try await run(["status"])
    #expect(status.status == 0, "\(status.status), \(status.errors)")
    #expect(try daemon.client().status().counts.open == 1)
    try await daemon.stop()
  }
}
