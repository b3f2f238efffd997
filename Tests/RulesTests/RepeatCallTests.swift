import CallbackRules
import Foundation
import Testing

/// The same caller rings again.
@Suite("Repeat calls")
struct RepeatCallTests {
  private func call(
    _ time: String, _ urgency: Urgency = .routine, patient: String? = "Ann Bell", to: String? = "Dr. Rivera"
  ) -> Message {
    var message = Message(takenAt: at(time), urgency: urgency, service: "night-desk", to: to, patient: patient)
    message.callback = PhoneNumber(written: "555 0104477 x12", countryCode: "1")
    return message
  }

  private func first(_ office: TestOffice = TestOffice()) -> Walk { Walk(office, call("14:00")) }

  @Test("joins: counted, one urgency up, due sooner, and whoever owes it knows")
  func joins() {
    var walk = first()
    #expect(walk.callback.dueAt == at("18:00"))
    let admittance = walk.receive(call("15:00"), at: "15:01")
    #expect(admittance.part == .repeatCall)
    #expect(walk.callback.repeatCalls == 1)
    #expect(walk.callback.urgency == .urgent)
    #expect(walk.callback.dueAt == at("15:30"))
    #expect(walk.lines.last == "15:01 rivera repeat-call")
    #expect(walk.callback.ownBy == at("15:11"))
  }

  @Test("a third time it is an emergency")
  func thrice() {
    var walk = first()
    walk.receive(call("15:00"), at: "15:00")
    walk.receive(call("15:05"), at: "15:05")
    #expect(walk.callback.urgency == .emergency)
    #expect(walk.callback.dueAt == at("15:15"))
    #expect(walk.callback.repeatCalls == 2)
  }

  @Test("its owner is told, and a snooze ends")
  func endsSnooze() throws {
    var walk = first()
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:10")
    try walk.apply(.snooze(minutes(60)), by: "chen", at: "14:20")
    walk.receive(call("14:30"), at: "14:30")
    #expect(walk.callback.snoozedUntil == nil)
    #expect(walk.callback.owner == "chen")
    #expect(walk.latestNotices.map(\.person) == ["rivera", "chen"])
  }

  @Test("it never delays: a deadline that is sooner stays")
  func neverLater() {
    var walk = first()
    var late = call("17:45")
    late.promisedAt = at("20:00")
    walk.receive(late, at: "17:50")
    #expect(walk.callback.dueAt == at("18:00"))
  }

  @Test("with no patient given on one side it is the same call")
  func noPatient() {
    var walk = first()
    #expect(walk.receive(call("14:30", patient: nil), at: "14:30").part == .repeatCall)
    var nameless = Walk(TestOffice(), call("14:00", patient: nil))
    #expect(nameless.receive(call("14:30"), at: "14:30").part == .repeatCall)
  }

  @Test("a name in another order and with a title is the same patient")
  func sameName() {
    var walk = first()
    #expect(walk.receive(call("14:30", patient: "BELL, Mrs Ann"), at: "14:30").part == .repeatCall)
  }

  @Test("another patient on the same number has a callback of its own, and both say so")
  func anotherPatient() throws {
    var walk = first()
    let admittance = walk.receive(call("14:30", patient: "Cy Doe"), at: "14:30")
    #expect(admittance.part == .first)
    #expect(admittance.transition.callback.urgency == .routine)
    #expect(admittance.transition.events.contains { $0.kind == .linked && $0.other == walk.callback.id })
    let other = try #require(admittance.others.first)
    #expect(other.events.map(\.kind) == [.linked])
    #expect(other.events.first?.other == Event.newCallback)
  }

  @Test("a call that gives no patient is not guessed into one of two")
  func twoPatients() {
    let rules = TestOffice().rules
    var known: [Callback] = []
    for (id, patient) in [(1, "Ann Bell"), (2, "Cy Doe")] {
      var callback = rules.admit(call("14:00", patient: patient), at: at("14:00")).transition.callback
      callback.id = Int64(id)
      known.append(callback)
    }
    let admittance = rules.admit(call("14:30", patient: nil), related: Related(sameNumber: known), at: at("14:30"))
    #expect(admittance.part == .first)
    #expect(admittance.others.count == 2)
  }

  @Test("a patient whom a later call names is the callback's: another one is another call")
  func namedLater() {
    var walk = Walk(TestOffice(), call("14:00", patient: nil))
    #expect(walk.receive(call("14:10", patient: "Ben Hill"), at: "14:10").part == .repeatCall)
    #expect(walk.receive(call("14:20", patient: "Ann Bell"), at: "14:20").part == .first)
    #expect(walk.callback.message.patient == "Ben Hill")
  }

  @Test("what could be read mends what could not")
  func mendsUnreadable() {
    var broken = call("14:00")
    broken.problem = "Line 3 is no field."
    var walk = Walk(TestOffice(), broken)
    #expect(walk.receive(call("14:05"), at: "14:05").part == .amendment)
    #expect(walk.callback.kind == .message)
    #expect(walk.callback.repeatCalls == 0)
  }

  @Test("whom it names this time is told too")
  func anotherRecipient() {
    var walk = first()
    walk.receive(call("14:30", to: "Dr. Chen"), at: "14:30")
    #expect(walk.latestNotices.map(\.person) == ["rivera", "chen"])
  }

  @Test("after closing it is a new one, one urgency up, and whoever closed it and the fallback are told")
  func afterClosing() throws {
    var walk = first()
    try walk.apply(.done, by: "lee", at: "14:20")
    let admittance = walk.receive(call("15:00"), at: "15:00")
    #expect(admittance.part == .first)
    #expect(admittance.transition.callback.urgency == .urgent)
    #expect(
      admittance.transition.notices.map { "\($0.person) \($0.reason.rawValue)" } == [
        "rivera announce", "lee rang-again", "manager rang-again",
      ])
    #expect(admittance.others.first?.events.map(\.kind) == [.rangAgain])
  }

  @Test("what can't be read joins nothing")
  func unreadable() {
    var walk = first()
    var message = call("14:30")
    message.problem = "Line 3 is no field."
    #expect(walk.receive(message, at: "14:30").part == .first)
  }

  @Test("without raising it still joins and counts")
  func noRaise() {
    var office = TestOffice()
    office.repeatCaller.raise = 0
    var walk = first(office)
    walk.receive(call("15:00"), at: "15:00")
    #expect(walk.callback.urgency == .routine)
    #expect(walk.callback.repeatCalls == 1)
    #expect(walk.callback.dueAt == at("18:00"))
  }
}
