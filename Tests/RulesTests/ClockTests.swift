import CallbackRules
import Foundation
import Testing

/// The three clocks: told, owned, reached; and what late advances, down time and reloads do to them.
@Suite("Clocks")
struct ClockTests {
  @Test("the deadline is the soonest of policy, promise and reachability")
  func soonest() {
    var message = urgentMessage()
    #expect(Walk(TestOffice(), message).callback.dueAt == at("14:30"))
    message.promisedAt = at("14:25")
    #expect(Walk(TestOffice(), message).callback.dueAt == at("14:25"))
    message.reachableUntil = at("14:30")
    #expect(Walk(TestOffice(), message).callback.dueAt == at("14:20"))
    message.promisedAt = at("16:00")
    message.reachableUntil = nil
    #expect(Walk(TestOffice(), message).callback.dueAt == at("14:30"))
  }

  @Test("a promise from before the call makes it due when it was taken")
  func promisedInThePast() {
    var message = urgentMessage()
    message.promisedAt = at("13:00")
    let walk = Walk(TestOffice(), message)
    #expect(walk.callback.dueAt == at("14:00"))
    #expect(walk.callback.overdue)
  }

  @Test("a file that comes in late comes in overdue, with every step that its clocks demand")
  func late() {
    let walk = Walk(TestOffice(), arrival: "15:05")
    #expect(
      walk.timetable == """
        15:05 rivera step 0
        15:05 chen step 1
        15:05 manager step 2
        """)
    #expect(walk.callback.overdue)
    #expect(walk.callback.wakeAt == at("15:20"))
    #expect(walk.history.contains(.notOwned))
  }

  @Test("after down time each clock acts once, however long it was")
  func afterDownTime() {
    var walk = Walk(TestOffice())
    walk.advance(at: "72:00")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        72:00 rivera step 0
        72:00 chen step 1
        72:00 manager step 2
        """)
    #expect(walk.callback.wakeAt == at("72:15"))
  }

  @Test("after down time nobody is reminded of a deadline that has passed")
  func noLateReminder() throws {
    var office = TestOffice()
    office.urgent.steps[0].notify = ["manager"]
    var walk = Walk(office)
    try walk.apply(.acknowledge(take: false), by: "rivera", at: at("14:09"))
    walk.advance(at: "14:31")
    #expect(walk.lines.dropFirst() == ["14:31 manager step 0", "14:31 rivera step"])
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 3600), notify: ["manager"])]
    walk = Walk(office)
    try walk.apply(.acknowledge(take: false), by: "rivera", at: at("14:09"))
    walk.advance(at: "14:31")
    #expect(walk.lines.dropFirst() == ["14:31 manager step 0", "14:31 rivera step"])
  }

  @Test("the deadline itself tells somebody, even where its step was taken early or comes later")
  func deadline() {
    var office = TestOffice()
    office.urgent.remindBefore = []
    var walk = Walk(office)
    walk.run(until: "14:30")
    #expect(walk.lines == ["14:00 rivera announce", "14:10 rivera not-owned 0", "14:30 rivera step 0"])
    office.urgent.ownWithin = minutes(30)
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 3600), notify: ["manager"])]
    office.urgent.announce = []
    walk = Walk(office)
    walk.run(until: "14:30")
    #expect(walk.lines.last == "14:30 manager not-owned 0")
  }

  @Test("nothing happens before wakeAt")
  func early() {
    var walk = Walk(TestOffice())
    let before = walk.callback
    walk.advance(at: Date(timeInterval: -1, since: at("14:10")))
    #expect(walk.callback == before)
    #expect(walk.latestNotices.isEmpty)
  }

  @Test("a clock that runs out at this very second acts")
  func onTheSecond() {
    var walk = Walk(TestOffice())
    walk.advance(at: "14:10")
    #expect(walk.lines.last == "14:10 rivera not-owned 0")
  }

  @Test("a reload that shortens the steps goes on telling those of the last")
  func fewerSteps() {
    var office = TestOffice()
    var walk = Walk(office)
    office.urgent = Policy(
      urgency: .urgent, callBackWithin: minutes(30),
      steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: ["lee"], repeatEvery: minutes(10))])
    walk.reload(office, at: "14:50")
    walk.run(until: "15:10")
    #expect(walk.lines.suffix(2) == ["15:00 lee step 0", "15:10 lee step 0"])
  }

  @Test("attempts don't put off the steps that a reload has left")
  func fewerStepsAndAttempts() throws {
    var office = TestOffice()
    office.urgent.retry.attempts = 99
    office.urgent.remindBefore = []
    var walk = Walk(office)
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "14:05")
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 0), notify: ["lee"], repeatEvery: minutes(10))]
    walk.reload(office, at: "14:50")
    for minute in 51...59 { try walk.apply(.attempt(.noAnswer), by: "rivera", at: "14:\(minute)") }
    walk.run(until: "15:20")
    #expect(walk.timetable.contains("lee step 0"), "\(walk.timetable)")
  }

  @Test("a reload that adds steps takes them by their times")
  func moreSteps() {
    var office = TestOffice()
    office.urgent.steps.removeLast(2)
    var walk = Walk(office)
    walk.reload(TestOffice(), at: "14:40")
    walk.run(until: "15:00")
    #expect(walk.lines.suffix(2) == ["14:45 chen step 1", "15:00 manager step 2"])
  }

  @Test("no reload moves the deadline")
  func deadlineStays() {
    var office = TestOffice()
    var walk = Walk(office)
    office.urgent.callBackWithin = minutes(600)
    walk.reload(office, at: "14:06")
    walk.advance(at: "14:15")
    #expect(walk.callback.dueAt == at("14:30"))
  }

  @Test("what a recipient had whom a reload removes is the fallback's at once")
  func recipientRemoved() {
    var office = TestOffice()
    var walk = Walk(office)
    office.remove("rivera")
    walk.reload(office, at: "14:06")
    #expect(walk.lines.last == "14:06 manager assigned")
    walk.run(until: "14:10")
    #expect(walk.lines.last == "14:10 manager not-owned 0")
  }

  @Test("an owner whom a reload removes silences nothing")
  func ownerRemoved() throws {
    var office = TestOffice()
    var walk = Walk(office)
    try walk.apply(.acknowledge(take: false), by: "lee", at: "14:05")
    office.remove("lee")
    walk.reload(office, at: "14:06")
    walk.run(until: "15:15")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:06 rivera assigned
        14:16 rivera not-owned 0
        14:20 rivera reminder
        14:25 chen not-finished 1
        14:30 chen step 1
        15:00 manager step 2
        15:15 manager step 2
        """)
  }
}
