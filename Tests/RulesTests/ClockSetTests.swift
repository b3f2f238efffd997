import CallbackRules
import Foundation
import Testing

/// The system's clock was ahead, and was set back.
@Suite("A clock set back")
struct ClockSetTests {
  @Test("what waited for a time far ahead waits no longer than if it began now")
  func repetition() {
    var walk = Walk(TestOffice())
    walk.run(until: "15:00")
    // Ten years ahead, the last step is told again, and next a quarter of an hour after that.
    walk.advance(at: at("15:10").addingTimeInterval(10 * 365 * 86_400))
    walk.advance(at: "15:11")
    #expect(walk.callback.repeatAt == at("15:26"))
    #expect(walk.history.last == .clockCorrected)
  }

  @Test("what came in while it was ahead has the time that it was given")
  func admittedAhead() {
    let ahead = at("14:00").addingTimeInterval(10 * 365 * 86_400)
    var walk = Walk(TestOffice().rules, Message(takenAt: ahead, urgency: .urgent, to: "Dr. Rivera"), at: ahead)
    walk.advance(at: "14:00")
    #expect(walk.callback.dueAt == at("14:30"))
    walk.advance(at: "14:10")
    #expect(walk.callback.dueAt == at("14:30"))
    walk.run(until: "14:30")
    #expect(walk.callback.overdue)
  }

  @Test("owner's clocks come back too")
  func owner() throws {
    var walk = Walk(TestOffice())
    let ahead = at("14:05").addingTimeInterval(86_400)
    walk.advance(at: ahead)
    try walk.apply(.acknowledge(take: false), by: "rivera", at: ahead)
    try walk.apply(.attempt(.voicemail), by: "rivera", at: ahead)
    walk.advance(at: "14:06")
    #expect(walk.callback.finishBy == at("14:26"))
    #expect(walk.callback.retryAt == at("16:06"))
  }

  @Test("where the clock only goes forward nothing is corrected")
  func forward() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "14:05")
    try walk.apply(.attempt(.voicemail), by: "rivera", at: "14:06")
    walk.run(until: "20:00")
    #expect(!walk.history.contains(.clockCorrected))
  }
}
