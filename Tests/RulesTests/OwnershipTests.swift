import CallbackRules
import Testing

/// Who has a callback, and what acknowledging stops: one clock, never all.
@Suite("Ownership")
struct OwnershipTests {
  private let acknowledge = Command.acknowledge(take: false)

  @Test("an owner who does nothing is reminded, then the ladder goes on with the owner included")
  func idleOwner() throws {
    var walk = Walk(TestOffice())
    try walk.apply(acknowledge, by: "chen", at: "14:05")
    #expect(walk.callback.state == .owned)
    walk.run(until: "15:15")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:20 chen reminder
        14:25 rivera not-finished 0
        14:25 chen not-finished
        14:30 rivera step 0
        14:30 chen step
        14:45 chen step 1
        15:00 manager step 2
        15:00 chen step
        15:15 manager step 2
        15:15 chen step
        """)
  }

  @Test("acknowledging again and again extends nothing")
  func acknowledgingAgain() throws {
    var idle = Walk(TestOffice())
    try idle.apply(acknowledge, by: "rivera", at: "14:05")
    var evading = idle
    for minute in 6...59 { try evading.apply(acknowledge, by: "rivera", at: "14:\(minute)") }
    for minute in 0...59 { try evading.apply(acknowledge, by: "rivera", at: "15:\(minute)") }
    idle.run(until: "15:59")
    #expect(evading.timetable == idle.timetable)
    #expect(evading.callback.ownedAt == at("14:05"))
    #expect(evading.callback.ownerSince == at("14:05"))
  }

  @Test("handing a callback to and fro extends nothing")
  func takingToAndFro() throws {
    var walk = Walk(TestOffice())
    try walk.apply(acknowledge, by: "rivera", at: "14:05")
    for minute in 6...24 {
      try walk.apply(.acknowledge(take: true), by: minute.isMultiple(of: 2) ? "chen" : "rivera", at: "14:\(minute)")
    }
    walk.run(until: "14:45")
    #expect(walk.callback.ownedAt == at("14:05"))
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:20 rivera reminder
        14:25 rivera not-finished 0
        14:25 chen not-finished
        14:30 rivera step 0
        14:30 chen step
        14:45 chen step 1
        """)
  }

  @Test("an acknowledgement at the last moment stops the own clock, and nothing else")
  func lastMoment() throws {
    var walk = Walk(TestOffice())
    try walk.apply(acknowledge, by: "rivera", at: "14:09")
    #expect(walk.callback.ownBy == nil)
    #expect(walk.callback.dueAt == at("14:30"))
    walk.run(until: "14:30")
    #expect(walk.callback.overdue)
  }

  @Test("another's callback is refused without take, by name and time")
  func refusedWithoutTake() throws {
    var walk = Walk(TestOffice())
    try walk.apply(acknowledge, by: "chen", at: "14:05")
    #expect(throws: Refusal.ownedByAnother("Dr. Chen", since: at("14:05"))) {
      try walk.apply(acknowledge, by: "rivera", at: "14:06")
    }
    #expect(walk.callback.owner == "chen")
  }

  @Test("taken, it is the taker's, and the history says from whom")
  func taken() throws {
    var walk = Walk(TestOffice())
    try walk.apply(acknowledge, by: "chen", at: "14:05")
    try walk.apply(.acknowledge(take: true), by: "rivera", at: "14:07")
    #expect(walk.callback.owner == "rivera")
    #expect(walk.callback.ownerSince == at("14:07"))
    #expect(walk.callback.finishBy == at("14:25"))
    #expect(walk.history.suffix(2) == [.taken, .acknowledged])
    #expect(walk.events.dropLast().last?.person == "chen")
  }

  @Test(
    "only an active person of the office can act", arguments: ["", "oncall", "nurses", "nobody", "callbackd", "lee"])
  func onlyPersons(actor: String) throws {
    var office = TestOffice()
    office.change("lee") { $0.active = false }
    var walk = Walk(office)
    for command in [acknowledge, .done, .close(reason: "spam"), .attempt(.reached), .attempt(.declined), .note("hm")] {
      #expect(throws: Refusal.needsPerson) { try walk.apply(command, by: actor, at: "14:05") }
    }
    #expect(walk.callback.isOpen)
  }

  @Test("the history keeps the person and the account that acted as this person")
  func actorAndLogin() throws {
    let office = TestOffice()
    let walk = Walk(office)
    let transition = try office.rules.apply(
      .done, by: "chen", login: "dchen", note: "called back", to: walk.callback, at: at("14:05"))
    #expect(transition.events.map(\.kind) == [.reached, .closed, .note])
    #expect(transition.events.allSatisfy { $0.actor == .person("chen", login: "dchen") })
    #expect(transition.events.last?.text == "called back")
  }

  @Test("an owner who has left hands over to whoever stands in, and to the recipient; the finish clock goes on")
  func ownerLeaves() throws {
    var office = TestOffice()
    var walk = Walk(office)
    try walk.apply(acknowledge, by: "lee", at: "14:05")
    office.change("lee") {
      $0.active = false
      $0.instead = "okafor"
    }
    walk.reload(office, at: "14:06")
    walk.run(until: "14:25")
    #expect(walk.callback.owner == nil)
    #expect(
      walk.lines.suffix(5) == [
        "14:06 okafor assigned", "14:06 rivera assigned", "14:16 rivera not-owned 0", "14:20 rivera reminder",
        "14:25 chen not-finished 1",
      ])
  }

  @Test("an owner without an address is not counted on: the recipient is reminded")
  func ownerWithoutAddress() throws {
    var office = TestOffice()
    office.change("lee") { $0.email = nil }
    var walk = Walk(office)
    try walk.apply(acknowledge, by: "lee", at: "14:05")
    walk.run(until: "14:20")
    #expect(walk.lines.last == "14:20 rivera reminder")
  }

  @Test("where no step has anybody, the owner is told beside the fallback")
  func ownerBesideFallback() throws {
    var office = TestOffice()
    office.change("rivera") { $0.email = nil }
    office.urgent.steps = [Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"])]
    office.urgent.remindBefore = []
    var walk = Walk(office)
    try walk.apply(acknowledge, by: "lee", at: "14:05")
    walk.run(until: "14:25")
    #expect(walk.lines.suffix(2) == ["14:25 manager nobody-else", "14:25 lee step"])
  }
}
