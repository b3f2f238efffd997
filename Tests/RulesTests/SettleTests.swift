import CallbackRules
import Testing

/// What becomes of a notice: handed over, delayed, refused.
@Suite("Settling")
struct SettleTests {
  @Test("the first notice handed over sets toldAt, later ones don't")
  func delivered() throws {
    var walk = Walk(TestOffice())
    let notice = try walk.firstNotice()
    walk.settle(.delivered, of: notice, at: at("14:01"))
    walk.settle(.delivered, of: notice, at: at("14:05"))
    #expect(walk.callback.toldAt == at("14:01"))
    #expect(walk.events.last == Event(at: at("14:05"), .delivered, person: "rivera", notice: 7))
  }

  @Test("a notification file that could not be written is a line in the history, once no further try will write it")
  func fileFailed() throws {
    let walk = Walk(TestOffice())
    let notice = try walk.firstNotice()
    for (outcome, wanted) in [
      (DeliveryOutcome.retryLater("busy"), 0), (.delivered, 1), (.refused("no such mailbox"), 1),
    ] {
      let events = walk.rules.settle(
        outcome, of: notice, number: 7, firstTry: true, fileProblem: "no room", othersMayKnow: false, on: walk.callback,
        at: at("14:01")
      ).events
      #expect(events.filter { $0.kind == .fileFailed && $0.text == "no room" }.count == wanted)
    }
  }

  @Test("a delay is a line in the history once, and tells nobody else")
  func delayed() throws {
    var walk = Walk(TestOffice())
    let notice = try walk.firstNotice()
    walk.settle(.retryLater("the mail system is down"), of: notice, at: at("14:01"))
    let events = walk.events.count
    walk.settle(.retryLater("the mail system is down"), of: notice, firstTry: false, at: at("14:02"))
    #expect(walk.history.last == .deliveryDelayed)
    #expect(walk.events.count == events)
    #expect(walk.timetable == "14:00 rivera announce")
    #expect(walk.callback.toldAt == nil)
  }

  @Test("a refused announcement takes the first step at once")
  func refusedAnnouncement() throws {
    var walk = Walk(TestOffice())
    walk.refuse(try walk.firstNotice(), at: "14:01")
    #expect(walk.lines.last == "14:01 rivera step 0")
    #expect(walk.events.contains { $0.kind == .deliveryFailed && $0.text == "no such mailbox" })
    #expect(walk.callback.wakeAt == at("14:10"))
  }

  @Test("refusals climb the ladder to the fallback, and end")
  func refusalsEnd() {
    var walk = Walk(TestOffice())
    var refusals = 0
    while let notice = walk.latestNotices.first, refusals < 100 {
      walk.refuse(notice, at: "14:01")
      refusals += 1
    }
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:01 rivera step 0
        14:01 chen step 1
        14:01 manager step 2
        """)
    #expect(walk.callback.wakeAt != nil)
  }

  @Test("where all is refused, the last step is told again within a quarter of an hour, and again")
  func allRefused() {
    var office = TestOffice()
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 0), notify: ["oncall"], repeatEvery: TimeSpan(days: 1))]
    office.urgent.ownWithin = minutes(30)
    office.urgent.remindBefore = []
    var walk = Walk(office)
    for time in ["14:01", "14:16", "14:31"] {
      walk.run(until: time)
      var refusals = 0
      while let notice = walk.latestNotices.first, refusals < 10 {
        walk.refuse(notice, at: time)
        refusals += 1
      }
    }
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:01 chen step 0
        14:01 manager nobody-else
        14:16 chen step 0
        14:16 manager nobody-else
        14:30 chen step 0
        14:31 manager nobody-else
        """)
  }

  @Test("one refused of several who are told tells nobody further")
  func othersKnow() throws {
    var walk = Walk(TestOffice())
    walk.refuse(try walk.firstNotice(), at: "14:01", othersMayKnow: true)
    #expect(walk.timetable == "14:00 rivera announce")
  }

  @Test("one of a fallback team refused by the last step leaves the rest of the team")
  func restOfTheFallback() throws {
    var office = TestOffice()
    office.fallback = "nurses"
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 0), notify: ["lee"])]
    var walk = Walk(office)
    walk.run(until: "14:10")
    walk.refuse(try walk.firstNotice(), at: "14:11")
    #expect(walk.lines.last == "14:11 okafor nobody-else")
  }

  @Test("an owner who is told beside a step is no reason not to fall through from it")
  func ownerBesideStep() throws {
    var office = TestOffice()
    office.urgent.steps[0].notify = ["okafor"]
    var walk = Walk(office)
    try walk.apply(.acknowledge(take: false), by: "lee", at: "14:05")
    walk.run(until: "14:25")
    #expect(walk.latestNotices.map(\.person) == ["okafor", "lee"])
    // Nobody else was told by the owner's notice, nor by the step's.
    #expect(walk.latestNotices.map(\.step) == [0, nil])
    let (step, owner) = (walk.latestNotices[0], walk.latestNotices[1])
    walk.refuse(owner, at: "14:26")
    #expect(walk.latestNotices.isEmpty)
    walk.refuse(step, at: "14:26")
    #expect(walk.lines.suffix(2) == ["14:26 chen step 1", "14:26 lee step"])
  }

  @Test("a late refusal of an early step says nothing where later steps were taken")
  func lateRefusal() throws {
    var walk = Walk(TestOffice())
    walk.run(until: "14:10")
    let early = try walk.firstNotice()
    walk.run(until: "15:00")
    let lines = walk.lines
    walk.refuse(early, at: "15:01")
    #expect(walk.lines == lines)
  }

  @Test("after a reload to fewer steps a refused repetition still goes to the fallback")
  func refusedAfterFewerSteps() throws {
    var office = TestOffice()
    var walk = Walk(office)
    walk.run(until: "15:00")
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 0), notify: ["lee"], repeatEvery: minutes(10))]
    walk.reload(office, at: "15:01")
    walk.run(until: "15:15")
    #expect(walk.lines.last == "15:15 lee step 0")
    walk.refuse(try walk.firstNotice(), at: "15:16")
    #expect(walk.lines.last == "15:16 manager nobody-else")
  }

  @Test("a refused word about an unknown name takes no step")
  func unknownNameRefused() {
    var walk = Walk(TestOffice(), urgentMessage(to: "Dr. Gone"))
    let step = walk.callback.nextStep
    walk.refuse(Notice(person: "manager", reason: .unknownName), at: "14:01")
    #expect(walk.callback.nextStep == step)
  }

  @Test("a refused notice about a closed callback is kept in the history alone")
  func closed() throws {
    var walk = Walk(TestOffice())
    let notice = try walk.firstNotice()
    try walk.apply(.done, by: "rivera", at: "14:05")
    walk.refuse(notice, at: "14:06")
    #expect(walk.history.last == .deliveryFailed)
    #expect(walk.latestNotices.isEmpty)
    #expect(walk.callback.wakeAt == nil)
  }
}
