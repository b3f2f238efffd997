import CallbackIntake
import CallbackRules
import Foundation
import Synchronization
import Testing

@testable import CallbackDaemon

@Suite("Files on their way out of the spool")
struct FilesInHandTests {
  /// What was reported of receipts.
  private struct Answered {
    var done: [Int64] = []
    var owed = 0
    var failures = 0
  }

  /// Puts so many batches of one file each away at once, and waits until all receipts are reported.
  ///
  /// - Parameter withReceipts: of so many; the others come after them, and are owed none.
  private func put(_ batches: Int, withReceipts: Int64 = .max, _ spool: String) throws -> Answered {
    let hands = FilesInHand(root: spool)
    let office = try StagesScene().stages.rules.office
    let answered = Mutex(Answered())
    let reports = DispatchGroup()
    for number in 1...Int64(batches) {
      let name = Array("\(number).txt".utf8)
      let path = "\(spool)/incoming/\(number).txt"
      // Not by Data, of whose file a program that another test starts may keep a descriptor: it would count as being written.
      let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      try #require(file >= 0 && write(file, "text", 4) == 4)
      var status = stat()
      try #require(fstat(file, &status) == 0)
      close(file)
      let identity = FileIdentity(
        inode: UInt64(status.st_ino), sizeBytes: Int64(status.st_size),
        modifiedNanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
      var callback = Callback(
        kind: .message, message: Message(takenAt: StagesScene.now), recipient: "chen", admittedAt: StagesScene.now,
        dueAt: StagesScene.now, dueBasis: .policy)
      callback.id = number
      let admission = Admission(
        arrival: number, identity: identity, place: FilePlace(.incoming(folder: nil), name: name), callbacks: [callback]
      )
      let isOwed = number <= withReceipts
      if isOwed { reports.enter() }
      hands.put([admission], isRecovery: false, receiptOffice: isOwed ? office : nil) {
        guard case .answered(let done, let owed, let failure) = $0 else { return }
        answered.withLock {
          $0.done += done
          $0.owed += owed
          if failure != nil { $0.failures += 1 }
        }
        reports.leave()
      }
    }
    #expect(reports.wait(timeout: .now() + 60) == .success)
    return answered.withLock { $0 }
  }

  private func withSpool(_ body: (String) throws -> Void) throws {
    var template = Array((NSTemporaryDirectory() + "/callbackd.XXXXXX").utf8CString)
    let spool = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: spool) } }
    try SpoolLayout.create(at: spool)
    try body(spool)
  }

  @Test("Each batch is answered for, however many are made to last together", arguments: [1, 8, 50])
  func together(batches: Int) throws {
    try withSpool { spool in
      let answered = try put(batches, spool)
      #expect(answered.done.sorted() == Array(1...Int64(batches)))
      #expect(answered.owed == batches && answered.failures == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: spool + "/accepted").count == batches)
      #expect(try FileManager.default.contentsOfDirectory(atPath: spool + "/incoming").isEmpty)
    }
  }

  @Test("A batch is answered for also where those behind it are owed no receipts, as after a reload")
  func reloaded() throws {
    try withSpool { spool in
      let answered = try put(6, withReceipts: 2, spool)
      #expect(answered.done.sorted() == [1, 2])
    }
  }

  @Test("Where receipts can't be written, none is done with, and each batch says so")
  func failing() throws {
    try withSpool { spool in
      try FileManager.default.removeItem(atPath: spool + "/accepted")
      let answered = try put(20, spool)
      #expect(answered.done.isEmpty && answered.owed == 20 && answered.failures == 20)
    }
  }
}
