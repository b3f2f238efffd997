import CallbackRules
import Testing

/// The policy's steps: when they are taken, whom they fall through to, how the last repeats.
@Suite("Ladder")
struct LadderTests {
  @Test("a callback that nobody touches climbs every step and goes on telling the last")
  func untouched() {
    var walk = Walk(TestOffice())
    walk.run(until: "15:30")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:10 rivera not-owned 0
        14:20 rivera reminder
        14:30 rivera step 0
        14:45 chen step 1
        15:00 manager step 2
        15:15 manager step 2
        15:30 manager step 2
        """)
    #expect(walk.callback.overdue)
  }

  @Test("without own_within a third of the time is given to acknowledge")
  func defaultOwnWithin() {
    var office = TestOffice()
    office.urgent.ownWithin = nil
    office.urgent.remindBefore = []
    office.urgent.callBackWithin = minutes(60)
    var walk = Walk(office)
    walk.run(until: "14:59")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:20 rivera not-owned 0
        """)
  }

  @Test("several reminders come in their order, and none after the deadline")
  func reminders() {
    var office = TestOffice()
    office.urgent = Policy(
      urgency: .urgent, callBackWithin: minutes(30), ownWithin: minutes(30), remindBefore: [minutes(5), minutes(15)],
      steps: Policy.threeSteps)
    var walk = Walk(office)
    walk.run(until: "14:30")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:15 rivera reminder
        14:25 rivera reminder
        14:30 rivera not-owned 0
        """)
  }

  @Test("a step before the deadline is taken before it")
  func stepBeforeDeadline() {
    var office = TestOffice()
    office.urgent = Policy(
      urgency: .urgent, callBackWithin: minutes(30), ownWithin: minutes(30),
      steps: [
        Policy.Step(after: TimeSpan(seconds: -600), notify: ["oncall"]),
        Policy.Step(after: TimeSpan(seconds: 0), notify: ["manager"]),
      ])
    var walk = Walk(office)
    walk.run(until: "14:29")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:20 chen step 0
        """)
  }

  @Test("a step in the middle repeats until the next is taken")
  func middleRepeats() {
    var office = TestOffice()
    office.urgent.remindBefore = []
    office.urgent.steps[1].repeatEvery = minutes(5)
    var walk = Walk(office)
    walk.run(until: "15:10")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:10 rivera not-owned 0
        14:30 rivera step 0
        14:45 chen step 1
        14:50 chen step 1
        14:55 chen step 1
        15:00 manager step 2
        """)
  }

  @Test("a step with nobody to tell falls through at once")
  func fallsThrough() {
    var office = TestOffice()
    office.rotations = []
    office.urgent.remindBefore = []
    var walk = Walk(office)
    walk.run(until: "14:59")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:10 rivera not-owned 0
        14:30 rivera step 0
        14:45 manager step 2
        """)
    #expect(walk.events.contains { $0.kind == .nobodyToTell && $0.step == 1 })
  }

  @Test("where no step has anybody, the fallback is told, and again")
  func onlyTheFallback() {
    var office = TestOffice()
    office.change("rivera", "chen") { $0.email = nil }
    office.urgent.steps = [
      Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
      Policy.Step(after: TimeSpan(seconds: 900), notify: ["oncall"], repeatEvery: minutes(15)),
    ]
    var walk = Walk(office)
    walk.run(until: "14:35")
    #expect(
      walk.timetable == """
        14:00 manager nobody-else
        14:10 manager nobody-else
        14:20 manager nobody-else
        14:30 manager nobody-else
        """)
  }

  @Test("an announcement that reaches nobody takes the first step at once")
  func announcementToNobody() {
    var office = TestOffice()
    office.urgent.announce = ["nobody-of-this-name"]
    let walk = Walk(office)
    #expect(walk.timetable == "14:00 rivera step 0")
  }

  @Test("a person in two steps of one moment is told once, of the later step")
  func oncePerTransition() throws {
    var office = TestOffice()
    office.urgent.steps[1].notify = ["recipient"]
    var walk = Walk(office, arrival: "14:50")
    #expect(walk.timetable == "14:50 rivera step 1")
    walk.refuse(try walk.firstNotice(), at: "14:51")
    #expect(walk.lines.last == "14:51 manager step 2")
  }

  @Test("whichever of two reasons is kept, a person told of two steps is told of the later")
  func laterStepIsKept() {
    var office = TestOffice()
    office.urgent = Policy(
      urgency: .urgent, callBackWithin: minutes(30), announce: [], ownWithin: minutes(10),
      steps: [
        Policy.Step(after: TimeSpan(seconds: -1500), notify: ["recipient"]),
        Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
        Policy.Step(after: TimeSpan(seconds: 900), notify: ["manager"]),
      ])
    let walk = Walk(office, arrival: "14:12")
    #expect(walk.timetable == "14:12 rivera step 1")
  }

  @Test("the last step repeats even if the policy does not say how often")
  func lastAlwaysRepeats() {
    var office = TestOffice()
    office.urgent = Policy(
      urgency: .urgent, callBackWithin: minutes(30),
      steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: ["manager"])])
    var walk = Walk(office)
    walk.run(until: "15:10")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:10 manager not-owned 0
        14:30 manager step 0
        15:00 manager step 0
        """)
  }

  @Test("a step that repeats every 0 seconds doesn't hold the daemon up")
  func repeatsEveryZero() {
    var office = TestOffice()
    office.urgent.steps[2].repeatEvery = TimeSpan()
    var walk = Walk(office)
    walk.advance(at: "16:00")
    #expect(walk.callback.wakeAt.map { $0 > at("16:00") } == true)
  }

  @Test("a policy without steps tells the fallback")
  func noSteps() {
    var office = TestOffice()
    office.urgent = Policy(urgency: .urgent, callBackWithin: minutes(30), steps: [])
    var walk = Walk(office)
    walk.run(until: "15:10")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:10 manager nobody-else
        14:30 rivera reminder
        14:40 manager nobody-else
        15:10 manager nobody-else
        """)
  }

  @Test("nobody-to-tell names those who were missed")
  func namesTheMissed() {
    var office = TestOffice()
    office.change("rivera") { $0.email = nil }
    let walk = Walk(office)
    let event = walk.events.first { $0.kind == .nobodyToTell }
    #expect(event?.text == "Dr. Rivera: nobody there is on, active and has an address.")
  }
}
