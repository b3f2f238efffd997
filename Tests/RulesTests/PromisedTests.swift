import CallbackRules
import Foundation
import Testing

/// What the caller was told, and until when the caller can be reached.
@Suite("Promised")
struct PromisedTests {
  private func admitted(_ change: (inout Message) -> Void) -> Transition {
    var message = urgentMessage()
    change(&message)
    return TestOffice().rules.admit(message, at: at("14:00")).transition
  }

  @Test("sooner than the policy wins, later does not")
  func sooner() {
    #expect(admitted { $0.promisedAt = at("14:10") }.callback.dueAt == at("14:10"))
    #expect(admitted { $0.promisedAt = at("14:50") }.callback.dueAt == at("14:30"))
  }

  @Test("before the call was taken is due at once, and noted")
  func impossible() {
    let transition = admitted { $0.promisedAt = at("13:00") }
    #expect(transition.callback.dueAt == at("14:00"))
    #expect(
      transition.events.contains {
        $0.text == "The time promised, 13:00 on 2026-11-23, is before the call was taken: due at once."
      })
    #expect(transition.callback.overdue)
  }

  @Test("a caller who can be reached for less than ten minutes is due at once, and noted")
  func reachable() {
    let transition = admitted { $0.reachableUntil = at("14:05") }
    #expect(transition.callback.dueAt == at("14:00"))
    #expect(transition.callback.dueBasis == .reachable)
    #expect(
      transition.events.contains { $0.text == "The caller can be reached until 14:05 on 2026-11-23 only: due at once." }
    )
  }
}
