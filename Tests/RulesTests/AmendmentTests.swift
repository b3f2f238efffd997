import CallbackRules
import Foundation
import Testing

/// The service sends a message again: changed, withdrawn, or with a Ref that it used before.
@Suite("Amendments")
struct AmendmentTests {
  private func message(
    _ urgency: Urgency = .urgent, number: String? = "555 010 4477", caller: String? = "Ann Bell",
    to: String? = "Dr. Rivera"
  ) -> Message {
    var message = Message(takenAt: at("14:00"), urgency: urgency, service: "night-desk", to: to, caller: caller)
    message.callback = number.map { PhoneNumber(written: $0, countryCode: "1") }
    message.ref = "42"
    message.regarding = "refill"
    return message
  }

  private func first(_ message: Message? = nil) -> Walk { Walk(TestOffice(), message ?? self.message()) }

  @Test("what it gives replaces what was there, what it leaves out stays")
  func merges() {
    var walk = first()
    var later = message(number: "555 010 4478")
    later.regarding = nil
    later.body = "The pharmacy closes at 18:00."
    #expect(walk.receive(later, sameRef: true, at: "14:05").part == .amendment)
    #expect(walk.callback.message.callback?.written == "555 010 4478")
    #expect(walk.callback.message.regarding == "refill")
    #expect(walk.callback.message.body == "The pharmacy closes at 18:00.")
    #expect(walk.events.last { $0.kind == .amended }?.text == "Body, Callback")
    #expect(walk.lines.last == "14:05 rivera amended")
  }

  @Test("it delays nothing and lowers no urgency")
  func neverLess() {
    var walk = first()
    var later = message(.routine)
    later.takenAt = at("14:20")
    later.promisedAt = at("19:00")
    walk.receive(later, sameRef: true, at: "14:21")
    #expect(walk.callback.urgency == .urgent)
    #expect(walk.callback.dueAt == at("14:30"))
  }

  @Test("it raises, and brings the deadline forward")
  func raises() {
    var walk = first(message(.routine))
    walk.receive(message(.urgent), sameRef: true, at: "14:05")
    #expect(walk.callback.urgency == .urgent)
    #expect(walk.callback.dueAt == at("14:30"))
    #expect(walk.history.contains(.raised))
    #expect(walk.history.contains(.dueSooner))
  }

  @Test("another recipient owes the call, while nobody has it; both are told")
  func redirects() throws {
    var walk = first()
    walk.receive(message(to: "Dr. Chen"), sameRef: true, at: "14:05")
    #expect(walk.callback.recipient == "chen")
    #expect(walk.latestNotices.map(\.person) == ["rivera", "chen"])
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:06")
    walk.receive(message(to: "Sam Lee"), sameRef: true, at: "14:07")
    #expect(walk.callback.recipient == "chen")
    #expect(Set(walk.latestNotices.map(\.person)) == ["chen", "lee"])
    #expect(walk.callback.owner == "chen")
  }

  @Test("the caller alone agrees, the number alone agrees; neither is a Ref that was used again")
  func guards() {
    var walk = first()
    #expect(walk.receive(message(number: "555 010 9999"), sameRef: true, at: "14:05").part == .amendment)
    #expect(
      walk.receive(message(number: "555 010 9999", caller: "Bo Cole"), sameRef: true, at: "14:06").part == .amendment)
    let stranger = message(number: "555 010 1111", caller: "Di Eve")
    let admittance = walk.receive(stranger, sameRef: true, at: "14:07")
    #expect(admittance.part == .first)
    #expect(admittance.transition.events.contains { $0.kind == .noted && $0.text?.hasPrefix("Ref reused") == true })
  }

  @Test("after closing it is a new one, linked, not raised")
  func afterClosing() throws {
    var walk = first()
    try walk.apply(.done, by: "rivera", at: "14:05")
    let related = Related(sameRef: [walk.callback], sameNumber: [walk.callback])
    var later = message()
    later.body = "Fever now."
    let admittance = TestOffice().rules.admit(later, related: related, at: at("14:06"))
    #expect(admittance.part == .first)
    #expect(admittance.transition.callback.urgency == .urgent)
    #expect(admittance.others.first?.events.map(\.kind) == [.linked])
  }

  @Test("withdrawn tells whoever has it, and closes nothing")
  func withdrawn() throws {
    var walk = first()
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:05")
    var later = message(number: nil, caller: nil)
    later.withdrawn = true
    #expect(walk.receive(later, sameRef: true, at: "14:06").part == .withdrawal)
    #expect(walk.lines.last == "14:06 chen withdrawn")
    #expect(walk.callback.isOpen)
    #expect(walk.callback.dueAt == at("14:30"))
  }

  @Test("what says the same again changes nothing and tells nobody, open or closed")
  func again() throws {
    var walk = first()
    #expect(walk.receive(message(), sameRef: true, at: "14:05").part == .again)
    #expect(walk.timetable == "14:00 rivera announce")
    try walk.apply(.done, by: "rivera", at: "14:06")
    #expect(walk.receive(message(), sameRef: true, at: "14:07").part == .again)
  }

  @Test("with a further field, or taken at another time, it is not the same")
  func notAgain() throws {
    var walk = first()
    var later = message()
    later.otherFields = [Message.OtherField(name: "Symptoms", value: "chest pain")]
    #expect(walk.receive(later, sameRef: true, at: "14:05").part == .amendment)
    #expect(walk.callback.message.otherFields == later.otherFields)
    try walk.apply(.done, by: "rivera", at: "14:06")
    later.takenAt = at("15:00")
    #expect(walk.receive(later, sameRef: true, at: "15:01").part == .first)
  }

  @Test("a change of something else leaves whom a person gave it to")
  func assigned() throws {
    var walk = first()
    try walk.apply(.assign(to: "lee"), by: "manager", at: "14:05")
    var later = message()
    later.body = "Fever now."
    walk.receive(later, sameRef: true, at: "14:06")
    #expect(walk.callback.recipient == "lee")
    #expect(walk.lines.last == "14:06 lee amended")
  }

  @Test("a withdrawal that the service numbers by itself is found by number and patient")
  func withdrawnWithItsOwnRef() {
    var walk = first()
    var later = message()
    later.ref = "43"
    later.withdrawn = true
    #expect(walk.receive(later, at: "14:06").part == .withdrawal)
  }

  @Test("a withdrawal that fits two is a callback of its own")
  func withdrawnAmbiguous() {
    let rules = TestOffice().rules
    let known = ["Ann Bell", "Cy Doe"].map { patient in
      var one = message()
      one.patient = patient
      return rules.admit(one, at: at("14:00")).transition.callback
    }
    var later = message()
    later.ref = nil
    later.withdrawn = true
    let admittance = rules.admit(later, related: Related(sameNumber: known), at: at("14:06"))
    #expect(admittance.part == .first)
    #expect(admittance.others.count == 2)
  }

  @Test("withdrawn by the same caller without a Ref is found by the number")
  func withdrawnByNumber() {
    var walk = first()
    var later = message()
    later.ref = nil
    later.withdrawn = true
    #expect(walk.receive(later, at: "14:06").part == .withdrawal)
    #expect(walk.callback.repeatCalls == 0)
  }

  @Test("withdrawn without anything that it could mean is a callback of its own")
  func withdrawnUnknown() {
    var later = message()
    later.withdrawn = true
    let admittance = TestOffice().rules.admit(later, at: at("14:06"))
    #expect(admittance.part == .first)
    #expect(admittance.transition.events.contains { $0.kind == .noted })
  }

  @Test("one that can be read makes an unreadable one a message")
  func mendsUnreadable() {
    var broken = message()
    broken.problem = "Line 3 is no field."
    var walk = first(broken)
    #expect(walk.receive(message(), sameRef: true, at: "14:05").part == .amendment)
    #expect(walk.callback.kind == .message)
    #expect(walk.callback.message.problem == nil)
  }
}
