import Dispatch
import Foundation
import Synchronization
import Testing

@testable import CallbackDaemon

@Suite("Timers of the wall clock")
struct WallTimerTests {
  /// A timer that counts how often it fires.
  private final class Counted {
    let queue = DispatchQueue(label: "timer")
    let fired = DispatchSemaphore(value: 0)
    let timer: WallTimer

    init() { timer = WallTimer(queue: queue) { [fired] in fired.signal() } }

    func arm(_ moment: Date?) { queue.sync { timer.arm(for: moment, now: Date()) } }

    func fires() -> Bool { fired.wait(timeout: .now() + 30) == .success }

    /// Whether it is left alone for a moment.
    func rests() -> Bool { fired.wait(timeout: .now() + 0.2) == .timedOut }
  }

  @Test("What is asked for again before it fired is done once")
  func once() {
    let counted = Counted()
    let moment = Date().addingTimeInterval(0.1)
    for _ in 1...3 { counted.arm(moment) }
    #expect(counted.fires() && counted.rests())
  }

  @Test("What is asked for again after it fired is done again: a moment an hour away wakes it before")
  func again() {
    let counted = Counted()
    let past = Date()
    for _ in 1...3 {
      counted.arm(past)
      #expect(counted.fires())
    }
  }

  @Test("Another moment takes the place of the one before, and none takes it away")
  func another() {
    let counted = Counted()
    counted.arm(Date().addingTimeInterval(3600))
    counted.arm(Date())
    #expect(counted.fires())
    counted.arm(Date().addingTimeInterval(0.1))
    counted.arm(nil)
    #expect(counted.rests())
    counted.arm(Date())
    #expect(counted.fires())
  }

  @Test("One that is distrusted is set anew, and tells what it is set for all the same")
  func distrusted() {
    let counted = Counted()
    let moment = Date().addingTimeInterval(0.1)
    counted.arm(moment)
    counted.queue.sync {
      counted.timer.distrust()
      #expect(counted.timer.armedFor == moment)
    }
    counted.arm(moment)
    #expect(counted.fires() && counted.rests())
  }
}
