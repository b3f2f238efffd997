import CallbackRules
import Testing

/// What becomes of a message, read whole or not.
@Suite("Admitting")
struct AdmitTests {
  @Test("a message becomes an open callback with a deadline, a clock for its owner and a wakeAt")
  func opens() {
    let callback = Walk(TestOffice()).callback
    #expect(callback.state == .open)
    #expect(callback.kind == .message)
    #expect(callback.recipient == "rivera")
    #expect(callback.dueAt == at("14:30"))
    #expect(callback.ownBy == at("14:10"))
    #expect(callback.wakeAt == at("14:10"))
    #expect(callback.owner == nil)
  }

  @Test("the history begins with the service, whom it is for, and the deadline")
  func history() {
    let events = Walk(TestOffice()).events
    #expect(
      events == [
        Event(
          at: at("14:00"), actor: .service("night-desk"), .admitted, person: "rivera", until: at("14:30"),
          urgency: .urgent),
        Event(at: at("14:00"), .announced, person: "rivera"),
      ])
  }

  @Test("where the service tells them itself, nobody is announced to, but the clocks run")
  func announcesToNobody() {
    var office = TestOffice()
    office.urgent.announce = []
    var walk = Walk(office)
    #expect(walk.timetable == "")
    walk.run(until: "14:10")
    #expect(walk.timetable == "14:10 rivera not-owned 0")
  }

  @Test("a message that names nobody is for the account's recipient, else for the fallback")
  func namesNobody() {
    var office = TestOffice()
    #expect(Walk(office, urgentMessage(to: nil)).callback.recipient == "manager")
    office.accounts = [Account(id: "riverside", recipient: "oncall", zone: .utc)]
    var message = urgentMessage(to: nil)
    message.account = "riverside"
    let walk = Walk(office, message)
    #expect(walk.callback.recipient == "oncall")
    #expect(walk.timetable == "14:00 chen announce")
  }

  @Test("a name that is not known goes to the account's recipient, and the fallback is told")
  func unknownName() {
    var office = TestOffice()
    office.accounts = [Account(id: "riverside", recipient: "oncall", zone: .utc)]
    var message = urgentMessage(to: "Dr. Gone")
    message.account = "riverside"
    let walk = Walk(office, message)
    #expect(
      walk.timetable == """
        14:00 chen announce
        14:00 manager unknown-name
        """)
    #expect(walk.events.contains { $0.kind == .noted && $0.text?.contains("“Dr. Gone”") == true })
  }

  @Test("an account that is not known is noted, and the fallback is told")
  func unknownAccount() {
    var office = TestOffice()
    office.accounts = [Account(id: "riverside", zone: .utc), Account(id: "hillside", zone: .utc)]
    var message = urgentMessage()
    message.unknownAccount = "Lakeside"
    let walk = Walk(office, message)
    #expect(walk.lines.last == "14:00 manager unknown-name")
    #expect(walk.events.contains { $0.kind == .noted && $0.text?.contains("“Lakeside”") == true })

    message.unknownAccount = nil
    #expect(Walk(office, message).lines.last == "14:00 manager unknown-name")
  }

  @Test("what was odd about a message stands in the history")
  func notes() {
    var message = urgentMessage()
    message.notes = ["Taken lay ahead; the arrival counts."]
    #expect(Walk(TestOffice(), message).events.contains { $0.text == "Taken lay ahead; the arrival counts." })
  }

  @Test("an unreadable message is a callback of its own, urgent at least, and escalates")
  func unreadable() {
    var walk = Walk(TestOffice(), Message(takenAt: at("14:00"), problem: "The file is empty.", service: "night-desk"))
    #expect(walk.callback.kind == .unreadable)
    #expect(walk.callback.urgency == .urgent)
    #expect(walk.callback.dueAt == at("14:30"))
    walk.run(until: "15:00")
    #expect(
      walk.timetable == """
        14:00 manager announce
        14:10 manager not-owned 0
        14:20 manager reminder
        14:30 manager step 0
        14:45 chen step 1
        15:00 manager step 2
        """)
  }

  @Test("what could be read of an unreadable message counts: whom it is for, an emergency")
  func partlyReadable() {
    let message = Message(takenAt: at("14:00"), urgency: .emergency, problem: "No number.", to: "Dr. Rivera")
    let callback = Walk(TestOffice(), message).callback
    #expect(callback.urgency == .emergency)
    #expect(callback.recipient == "rivera")
  }

  @Test("whoever is told now is not reminded of what is less than a reminder away")
  func noReminderOnArrival() {
    var walk = Walk(TestOffice(), arrival: "14:25")
    walk.run(until: "14:40")
    #expect(walk.timetable == "14:25 rivera not-owned 0\n14:30 rivera step 0")
  }
}
