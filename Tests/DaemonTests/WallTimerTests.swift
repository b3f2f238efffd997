import Dispatch
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Timers of the wall clock")
struct WallTimerTests {
  /// A timer that counts how often it fires.
  private final class Counted {
    private let queue = DispatchQueue(label: "timer")
    private let fired = DispatchSemaphore(value: 0)
    private let timer: WallTimer

    init() { timer = WallTimer(queue: queue) { [fired] in fired.signal() } }

    /// Nothing fires in between.
    func at(_ body: (WallTimer) -> Void) { queue.sync { body(timer) } }

    func fires() -> Bool { fired.wait(timeout: .now() + 30) == .success }

    /// Whether it is left alone for a moment.
    func rests() -> Bool { fired.wait(timeout: .now() + 0.2) == .timedOut }
  }

  @Test("What is asked for again after it fired is done again: a moment that is far away wakes it before")
  func again() {
    let counted = Counted()
    let past = Date()
    for _ in 1...3 {
      counted.at { $0.arm(for: past, now: Date()) }
      #expect(counted.fires())
    }
  }

  @Test("Another moment takes the place of the one before, and none takes it away")
  func another() {
    let counted = Counted()
    counted.at { timer in
      timer.arm(for: Date().addingTimeInterval(3600), now: Date())
      timer.arm(for: Date(), now: Date())
    }
    #expect(counted.fires())
    counted.at { timer in
      timer.arm(for: Date().addingTimeInterval(0.1), now: Date())
      timer.arm(for: nil, now: Date())
      #expect(timer.armedFor == nil)
    }
    #expect(counted.rests())
    counted.at { $0.arm(for: Date(), now: Date()) }
    #expect(counted.fires())
  }

  @Test("Asked for the same again it is left as it is set, and set anew once it is distrusted")
  func distrusted() {
    let counted = Counted()
    let moment = Date()
    counted.at { timer in
      // As if the clock had been set forward by an hour since.
      timer.arm(for: moment, now: moment.addingTimeInterval(-3600))
      timer.arm(for: moment, now: Date())
    }
    #expect(counted.rests())
    counted.at { timer in
      timer.distrust()
      #expect(timer.armedFor == moment)
      timer.arm(for: moment, now: Date())
    }
    #expect(counted.fires())
  }

  @Test("What is set for a little sooner stays so where that is allowed, and is set anew for what is sooner still")
  func sooner() {
    let counted = Counted()
    let now = Date()
    let set = now.addingTimeInterval(30)
    counted.at { timer in
      timer.arm(for: set, now: now)
      timer.arm(for: set.addingTimeInterval(2), soonerSeconds: 2, now: now)
      #expect(timer.armedFor == set)
      for other in [set.addingTimeInterval(2.5), set.addingTimeInterval(-1)] {
        timer.arm(for: other, soonerSeconds: 2, now: now)
        #expect(timer.armedFor == other)
      }
      // It should have fired: it does not stay where nobody knows what keeps it.
      timer.arm(for: set, soonerSeconds: 2, now: set)
      #expect(timer.armedFor == set)
    }
  }
}
