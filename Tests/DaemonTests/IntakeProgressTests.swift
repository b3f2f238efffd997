import Testing

@testable import CallbackDaemon

@Suite("What intake does next")
struct IntakeProgressTests {
  @Test("While a batch is read, no other is; a new scan waits until nothing is put away, the rest of one does not")
  func reading() {
    var progress = IntakeProgress()
    #expect(progress.mayRead)
    progress.readingSince = .now
    #expect(!progress.mayRead)
    progress.readingSince = nil
    progress.began()
    #expect(!progress.mayRead)
    progress.isScanning = true
    #expect(progress.mayRead)
    progress.began()
    #expect(!progress.mayRead)
    progress.ended()
    #expect(progress.mayRead)
  }

  @Test("Stopping waits for what is put away, not for what is read")
  func idle() {
    var progress = IntakeProgress()
    progress.readingSince = .now
    #expect(progress.isIdle)
    progress.began()
    #expect(!progress.isIdle)
    progress.ended()
    progress.receipts = 1
    #expect(!progress.isIdle && !progress.mayRecover)
    progress.receipts = 0
    progress.done = [7]
    #expect(progress.isIdle && !progress.mayRecover)
  }
}
