import CallbackRules
import Testing

/// Tries to reach the patient, and how a callback is closed and opened again.
@Suite("Attempts")
struct AttemptTests {
  @Test("no answer, busy and voicemail close nothing and set the next try")
  func triesAgain() throws {
    let expected: [(AttemptOutcome, String, Event.Kind)] = [
      (.noAnswer, "14:35", .noAnswer), (.busy, "14:15", .busy), (.voicemail, "16:05", .voicemail),
      (.wrongNumber, "14:35", .wrongNumber),
    ]
    for (outcome, next, kind) in expected {
      var walk = Walk(TestOffice())
      try walk.apply(.attempt(outcome), by: "rivera", at: "14:05")
      #expect(walk.callback.state == .retrying)
      #expect(walk.callback.retryAt == at(next))
      #expect(walk.callback.attempts == 1)
      let event = Event(at: at("14:05"), actor: .person("rivera", login: nil), kind, until: at(next))
      #expect(walk.events.contains(event))
    }
  }

  @Test("whoever tries a callback that nobody has, has it; another's stays the other's")
  func tryingOwns() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.attempt(.busy), by: "chen", at: "14:05")
    #expect(walk.callback.owner == "chen")
    #expect(walk.callback.ownBy == nil)
    #expect(walk.callback.finishBy == at("14:25"))
    try walk.apply(.attempt(.busy), by: "lee", at: "14:06")
    #expect(walk.callback.owner == "chen")
  }

  @Test("the owner is told when the next try is due")
  func retryDue() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.attempt(.busy), by: "chen", at: "14:05")
    walk.run(until: "14:15")
    #expect(walk.lines.last == "14:15 chen retry")
    #expect(walk.callback.retryAt == nil)
  }

  @Test("trying voicemail again and again silences no step")
  func evadingByVoicemail() throws {
    var office = TestOffice()
    office.urgent.retry.attempts = 1000
    var walk = Walk(office)
    for minute in 1...59 {
      try walk.apply(.attempt(.voicemail), by: "rivera", at: "14:\(minute < 10 ? "0" : "")\(minute)")
    }
    walk.run(until: "15:15")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:20 rivera reminder
        14:21 rivera not-finished 0
        14:30 rivera step 0
        14:45 chen step 1
        14:45 rivera step
        15:00 manager step 2
        15:00 rivera step
        15:15 manager step 2
        15:15 rivera step
        """)
    #expect(walk.callback.dueAt == at("14:30"))
  }

  @Test("after so many tries owner and last step are told until somebody closes it")
  func tooManyTries() throws {
    var walk = Walk(TestOffice())
    for time in ["14:02", "14:03", "14:04"] { try walk.apply(.attempt(.voicemail), by: "rivera", at: time) }
    walk.run(until: "14:20")
    #expect(
      walk.timetable == """
        14:00 rivera announce
        14:04 manager step 2
        14:04 rivera step
        14:19 manager step 2
        14:19 rivera step
        14:20 rivera reminder
        """)
    try walk.apply(.close(reason: "three voicemails, letter sent"), by: "chen", at: "14:25")
    #expect(walk.callback.wakeAt == nil)
  }

  @Test("a reload to fewer tries than were done counts with the next one")
  func limitLowered() throws {
    var office = TestOffice()
    office.urgent.retry.attempts = 5
    var walk = Walk(office)
    for time in ["14:02", "14:03", "14:04", "14:05"] { try walk.apply(.attempt(.busy), by: "rivera", at: time) }
    walk.reload(TestOffice(), at: "14:06")
    try walk.apply(.attempt(.busy), by: "rivera", at: "14:07")
    #expect(walk.lines.suffix(2) == ["14:07 manager step 2", "14:07 rivera step"])
  }

  @Test("a try is set while the caller can still be reached")
  func reachableUntil() throws {
    var message = urgentMessage()
    message.reachableUntil = at("15:00")
    var walk = Walk(TestOffice(), message)
    try walk.apply(.attempt(.voicemail), by: "rivera", at: "14:05")
    #expect(walk.callback.retryAt == at("14:50"))
    try walk.apply(.attempt(.voicemail), by: "rivera", at: "14:55")
    #expect(walk.callback.retryAt == at("16:55"))
  }

  @Test("a wrong number is said to who tried and to the recipient, who ask the service")
  func wrongNumber() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.attempt(.wrongNumber), by: "chen", at: "14:05")
    #expect(walk.lines.suffix(2) == ["14:05 chen wrong-number", "14:05 rivera wrong-number"])
  }

  @Test(
    "reached, declined, done and closing with a reason close it, and nothing is left to happen",
    arguments: [Command.attempt(.reached), .attempt(.declined), .done, .close(reason: "called at home")])
  func closes(command: Command) throws {
    var walk = Walk(TestOffice())
    try walk.apply(.attempt(.busy), by: "rivera", at: "14:05")
    try walk.apply(command, by: "rivera", at: "15:01")
    let callback = walk.callback
    #expect(callback.state == .closed)
    #expect(callback.closedAt == at("15:01"))
    #expect(
      [callback.wakeAt, callback.ownBy, callback.finishBy, callback.retryAt, callback.repeatAt] == [
        nil, nil, nil, nil, nil,
      ])
    #expect((callback.reachedAt != nil) == [.attempt(.reached), .done].contains(command))
    #expect(walk.events.last?.kind == .closed)
    #expect(walk.latestNotices.isEmpty)
    walk.advance(at: "23:00")
    #expect(walk.callback == callback)
    #expect(walk.latestNotices.isEmpty)
  }

  @Test("a closed callback takes notes, and no other commands")
  func commandsAfterClosing() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.done, by: "rivera", at: "14:05")
    let commands = [Command.acknowledge(take: true), .attempt(.reached), .done, .close(reason: "again")]
    for command in commands {
      #expect(throws: Refusal.alreadyClosed(at("14:05"))) { try walk.apply(command, by: "chen", at: "14:06") }
    }
    try walk.apply(.note("patient thanked us"), by: "chen", at: "14:07")
    #expect(walk.callback.wakeAt == nil)
  }

  @Test("a reason or a note of nothing but blanks is refused")
  func blank() {
    var walk = Walk(TestOffice())
    #expect(throws: Refusal.emptyText("reason")) { try walk.apply(.close(reason: " \n"), by: "chen", at: "14:05") }
    #expect(throws: Refusal.emptyText("note")) { try walk.apply(.note(""), by: "chen", at: "14:05") }
    #expect(walk.callback.isOpen)
  }

  @Test("closed late before its clock acted, it counts as overdue")
  func closedLate() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.done, by: "rivera", at: at("14:40"))
    #expect(walk.callback.overdue)
    #expect(walk.history.contains(.overdue))
  }

  @Test("what is open can't be reopened")
  func reopeningOpen() {
    var walk = Walk(TestOffice())
    #expect(throws: Refusal.notClosed) { try walk.apply(.reopen, by: "chen", at: "14:05") }
  }

  @Test("with what was purged nothing can be done: not even a note, whose words nobody would delete")
  func purged() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.done, by: "rivera", at: "14:10")
    var callback = walk.callback
    callback.purgedAt = at("15:00")
    for command in [Command.reopen, .note("x"), .acknowledge(take: true), .close(reason: "x"), .assign(to: "chen")] {
      #expect(throws: Refusal.purged(at("15:00"))) {
        try walk.rules.apply(command, by: "chen", to: callback, at: at("15:05"))
      }
    }
  }

  @Test("reopened, it is anybody's, with the deadline it had, and the steps go on where they were")
  func reopened() throws {
    var walk = Walk(TestOffice())
    walk.run(until: "14:46")
    try walk.apply(.done, by: "rivera", at: "14:50")
    try walk.apply(.reopen, by: "lee", at: "14:55")
    let callback = walk.callback
    #expect(callback.state == .open)
    #expect(callback.owner == nil)
    #expect(callback.reachedAt == nil)
    #expect(callback.dueAt == at("14:30"))
    walk.run(until: "15:05")
    #expect(
      walk.lines.suffix(4) == [
        "14:55 rivera reopened", "14:55 chen step 1", "15:00 manager step 2", "15:05 manager not-owned 2",
      ])
  }

  @Test("reopened when it is late, whoever owes the call and was told by the last step is told once, and why")
  func reopenedLate() throws {
    var walk = Walk(TestOffice())
    walk.run(until: "14:31")
    try walk.apply(.done, by: "rivera", at: "14:35")
    let before = walk.lines.count
    try walk.apply(.reopen, by: "lee", at: "14:40")
    walk.run(until: "14:40")
    #expect(walk.lines.dropFirst(before).map { $0.prefix(21) } == ["14:40 rivera reopened"])
    #expect(walk.history.last == .repeated)
  }

  @Test("reopened before its deadline, the step that repeats goes on repeating")
  func reopenedEarly() throws {
    var walk = Walk(TestOffice())
    for time in ["14:01", "14:02", "14:03"] { try walk.apply(.attempt(.busy), by: "rivera", at: time) }
    try walk.apply(.close(reason: "left word"), by: "rivera", at: "14:04")
    try walk.apply(.reopen, by: "chen", at: "14:05")
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:06")
    walk.run(until: "14:20")
    #expect(walk.lines.contains("14:20 manager step 2"))
  }

  @Test("closing and reopening again and again silences no step")
  func evadingByReopening() throws {
    var office = TestOffice()
    office.urgent.remindBefore = []
    var walk = Walk(office)
    for hour in 14...15 {
      for minute in stride(from: 5, through: 55, by: 5) {
        let time = "\(hour):\(minute < 10 ? "0" : "")\(minute)"
        try walk.apply(.close(reason: "done, I think"), by: "rivera", at: time)
        try walk.apply(.reopen, by: "rivera", at: time)
        try walk.apply(.acknowledge(take: false), by: "rivera", at: time)
      }
    }
    #expect(walk.stepsTaken == [0, 1, 2])
    let manager = walk.lines.filter { $0.contains("manager step 2") }
    #expect(manager.first == "15:00 manager step 2")
    #expect(manager.count >= 4)
  }
}
