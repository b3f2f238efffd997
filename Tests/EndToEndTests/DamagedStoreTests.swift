import CallbackControl
import Foundation
import Testing

@Suite("a damaged store", .fewAtOnce)
struct DamagedStoreTests {
  @Test("once damage shows, messages stay in the spool without a receipt, and come in when the file is whole again")
  func whileItRuns() async throws {
    let place = try Workplace(OfficeText(announce: "[]"))
    // More than SQLite keeps in memory.
    let body = String(repeating: "Please ring. ", count: 3000)
    func drop(_ numbers: ClosedRange<Int>) throws {
      for number in numbers {
        try place.drop("Caller: C\(number)\nCallback: 555-010-\(1000 + number)\n\n\(body)\n", as: "\(number).txt")
      }
    }
    var daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try drop(1...100)
    try await waitUntil("the callbacks", context: place.log) { try place.receipts.count == 100 }
    try await daemon.stop()

    let file = URL(filePath: place.root + "/state/callbackd.db")
    let log = URL(filePath: file.path + "-wal")
    let whole = (database: try Data(contentsOf: file), log: try Data(contentsOf: log))
    daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let damaged = open(file.path, O_WRONLY)
    try #require(damaged >= 0)
    let noise = [UInt8](repeating: 0xA5, count: whole.database.count - 4096)
    try #require(pwrite(damaged, noise, noise.count, 4096) == noise.count)
    close(damaged)
    #expect(throws: ControlError.self) { try daemon.client().list(ControlCall.ListQuery()) }
    let status = try daemon.client().status()
    #expect(!status.stages.store.ok && !status.stages.intake.ok)
    #expect(status.stages.intake.detail?.contains("restore a backup") == true)
    try drop(101...103)
    try Data("From: chen@riverside.example\n\nok\n".utf8).write(to: URL(filePath: place.root + "/spool/answers/1.eml"))
    // Several looks.
    try await Task.sleep(for: .seconds(2))
    #expect(try place.names(in: "spool/incoming").count == 3 && place.receipts.count == 100)
    #expect(place.exists("spool/answers/1.eml"))
    let later = try daemon.client().status()
    #expect(!later.stages.store.ok && later.stages.intake.detail == status.stages.intake.detail)
    #expect(later.stages.answers.detail == status.stages.intake.detail)
    try await daemon.stop()

    try FileManager.default.removeItem(atPath: file.path + "-shm")
    try whole.database.write(to: file)
    try whole.log.write(to: log)
    daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("the receipts", context: place.log) { try place.receipts.count == 103 }
    let counts = try daemon.client().status().counts
    #expect(counts.open == 103)
    try await daemon.stop()
  }
}
