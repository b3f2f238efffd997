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
    #expect(progress.mayRead && progress.mayReadOn)
    progress.began()
    #expect(progress.mayRead && !progress.mayReadOn)
    progress.began()
    #expect(!progress.mayRead && !progress.mayReadOn)
    progress.ended()
    #expect(progress.mayRead && !progress.mayReadOn)
  }

  @Test("Reading a batch, or putting one away, that has not ended in a minute is stuck; answers have ten")
  func stuck() {
    let now = ContinuousClock.now
    func later(_ seconds: Int) -> ContinuousClock.Instant { now.advanced(by: .seconds(seconds)) }
    var progress = IntakeProgress()
    #expect(!progress.isStuck(at: later(3600)))
    progress.readingSince = now
    #expect(!progress.isStuck(at: later(60)) && progress.isStuck(at: later(61)))
    progress.readingSince = nil
    progress.began()
    #expect(progress.isStuck(at: later(120)))
    progress.ended()
    #expect(!progress.isStuck(at: later(120)))
    var answers = AnswerProgress()
    #expect(!answers.isStuck(at: later(3600)))
    answers.since = now
    #expect(!answers.isStuck(at: later(600)) && answers.isStuck(at: later(601)))
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
