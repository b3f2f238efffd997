import CallbackControl
import Foundation
import Testing

/// The record, from the real programs: looked through, copied, put back, given out and purged.
@Suite("the record", .fewAtOnce)
struct RecordTests {
  private func ctl(_ arguments: [String], _ place: Workplace) async throws -> Run {
    try await Run(try Binary.callbackctl.path, arguments + ["--config", place.configuration], in: place)
  }

  private func drop(_ patient: String, _ place: Workplace) throws {
    try place.drop("To: Rivera\nCallback: 555 010 4477\nPatient: \(patient)\n\nPlease ring.\n", as: "\(patient).txt")
  }

  private func admitted(_ count: Int, _ daemon: DaemonProcess) async throws {
    try await waitUntil("\(count) callbacks") { try daemon.client().status().counts.open == count }
  }

  /// Changes the store as somebody would who has the file, while no daemon runs.
  private func tamper(_ sql: String, _ place: Workplace) async throws {
    let script = """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1])
      store.executescript(sys.argv[2])
      """
    let run = try await Run("/usr/bin/python3", ["-c", script, place.root + "/state/callbackd.db", sql], in: place)
    try #require(run.status == 0, "\(run.errors)")
  }

  @Test("a backup is made while the daemon works, is refused while it runs, and is put back when it is stopped")
  func backup() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop("Doe", place)
    try await admitted(1, daemon)
    let backup = place.root + "/backup.db"
    let made = try await ctl(["backup", backup], place)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try await ctl(["backup", backup], place).status == 73)
    #expect(try await ctl(["verify", "--file", backup], place).status == 0)
    try drop("Roe", place)
    try await admitted(2, daemon)
    let refused = try await ctl(["restore", backup], place)
    #expect(refused.status == 75 && refused.errors.contains("Another callbackd has"))
    try await daemon.stop()

    let restored = try await ctl(["restore", backup], place)
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(try place.names(in: "state").contains { $0.hasPrefix("callbackd.db.before-") })
    try drop("Poe", place)
    let again = try DaemonProcess(in: place)
    try await again.ready()
    try await admitted(2, again)
    // The second was given a number, too.
    #expect(try again.client().list(.init()).callbacks.map(\.id).sorted() == [1, 3])
    #expect(try await ctl(["verify"], place).status == 0)
    try await again.stop()
  }

  @Test("what was changed in the file is found, and where; a head from before shows what was cut off")
  func tampering() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop("Doe", place)
    try await waitUntil("a mail") { try !place.mails.isEmpty }
    let whole = try await ctl(["verify"], place)
    #expect(whole.status == 0)
    let head = try #require(whole.output.split(separator: "\n").first { $0.hasPrefix("Head: ") }).dropFirst(6)
    try await daemon.stop()
    try await tamper("UPDATE message SET phone = '555 666' WHERE callback = 1", place)
    let second = try DaemonProcess(in: place)
    try await second.ready()
    let found = try await ctl(["verify"], place)
    #expect(found.status == 65)
    #expect(found.output == "The message of callback 1 is not what came in: it was changed or taken out.\n")
    try await second.stop()
    try await tamper(
      """
      UPDATE message SET phone = '555 010 4477'; DROP TRIGGER event_stays; DELETE FROM event WHERE id > 1;
      UPDATE sqlite_sequence SET seq = 1 WHERE name = 'event'
      """, place)
    let cut = try await ctl(
      ["verify", "--head", String(head), "--file", place.root + "/state/callbackd.db"], place)
    #expect(cut.status == 65)
    #expect(cut.output.contains("missing at the end"))
  }

  @Test("what was closed long ago is purged soon after the start: no file of the store holds a word of it")
  func purged() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop("Xyzzy", place)
    try await admitted(1, daemon)
    let closed = try await ctl(["close", "1", "--reason", "Xyzzy came by", "--as", "rivera"], place)
    #expect(closed.status == 0, "\(closed.errors)")
    try await daemon.stop()
    try await tamper("UPDATE callback SET closed_at = closed_at - 401 * 86400", place)
    // It ticks more often for a watchdog that is in a hurry.
    let later = try DaemonProcess(in: place, environment: ["WATCHDOG_USEC": "1000000"])
    try await later.ready()
    try await waitUntil("a purge", context: place.log) { later.log.contains("Callbacks were purged: 1.") }
    #expect(later.log.contains("The record ends with event"))
    // The log of the store is emptied a moment after the daemon has said so.
    try await waitUntil("an end of the words in the files") {
      try place.names(in: "state").allSatisfy { try !Data(place.bytes("state/" + $0)).contains("Xyzzy") }
    }
    let story = try await ctl(["show", "1"], place)
    #expect(story.status == 0 && story.output.contains("deleted") && !story.output.contains("Xyzzy"), "\(story.output)")
    let note = try await ctl(["note", "1", "x", "--as", "rivera"], place)
    #expect(note.status == 77 && note.errors.contains("was deleted"))
    let exported = try await ctl(["export", "--since", "1d"], place)
    #expect(exported.status == 0 && exported.output.split(separator: "\r\n").count == 2)
    // The row was changed past the daemon, and that is found also after the purge.
    #expect(try await ctl(["verify"], place).status == 65)
    try await later.stop()
  }
}

extension Data {
  fileprivate func contains(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
