import CallbackRules
import Foundation
import Testing

/// Promises of a policy with office hours, on Monday 23 November 2026 and the days around it.
@Suite("Open time")
struct OpenTimeTests {
  private var office: TestOffice {
    var office = TestOffice()
    office.hours = [
      OfficeHours(
        name: "office",
        spans: [
          OfficeHours.OpenSpan(weekdays: [1, 2, 3, 4, 5], opensMinute: 480, closesMinute: 720),
          OfficeHours.OpenSpan(weekdays: [1, 2, 3, 4, 5], opensMinute: 780, closesMinute: 1020),
        ])
    ]
    office.routineHours = "office"
    return office
  }

  private func call(_ time: String) -> Message { Message(takenAt: at(time), service: "night-desk", to: "Dr. Rivera") }

  @Test("the deadline counts open time, and so do acknowledgement and steps")
  func deadline() {
    var walk = Walk(office, call("15:00"))
    // Two hours today, two tomorrow.
    #expect(walk.callback.dueAt == at("34:00"))
    #expect(walk.callback.ownBy == at("16:20"))
    walk.run(until: "40:00")
    // The second step comes two open hours after ten in the morning: at noon.
    #expect(walk.lines.contains("34:00 rivera step 0"))
    #expect(walk.lines.contains("36:00 manager step 1"))
  }

  @Test("a promise made at night begins in the morning")
  func atNight() {
    let walk = Walk(office, call("20:00"))
    #expect(walk.callback.dueAt == at("36:00"))
  }

  @Test("who acknowledges at night has the policy's time from the morning on")
  func acknowledgedAtNight() throws {
    var walk = Walk(office, call("15:00"))
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "20:00")
    // Two thirds of four hours.
    #expect(walk.callback.finishBy == at("34:40"))
  }

  @Test("what was promised to the caller is wall time, and so are its steps")
  func promised() {
    var message = call("15:00")
    message.promisedAt = at("18:00")
    var walk = Walk(office, message)
    #expect(walk.callback.dueAt == at("18:00"))
    #expect(walk.callback.dueBasis == .promised)
    walk.run(until: "20:00")
    #expect(walk.lines.contains("20:00 manager step 1"))
  }

  @Test("the next try is while the office is open")
  func retry() throws {
    var walk = Walk(office, call("15:00"))
    try walk.apply(.attempt(.noAnswer), by: "rivera", at: "16:50")
    #expect(walk.callback.retryAt == at("32:20"))
    try walk.apply(.attempt(.busy), by: "rivera", at: "18:00")
    #expect(walk.callback.retryAt == at("32:10"))
  }

  @Test("a repetition by days is at the next opening")
  func repetition() {
    // Friday 27 November.
    var walk = Walk(office, call("104:00"))
    walk.run(until: "210:00")
    // Taken at 8, due at noon, the manager at 15:00 and again on Monday, when it opens.
    #expect(
      walk.lines.suffix(3) == ["111:00 manager step 1", "176:00 manager step 1", "200:00 manager step 1"])
  }

  @Test("an account has hours and policies of its own")
  func account() {
    var office = office
    office.hours.append(
      OfficeHours(
        name: "late", spans: [OfficeHours.OpenSpan(weekdays: Set(0...6), opensMinute: 960, closesMinute: 1440)]))
    office.accounts = [
      Account(id: "west", zone: .utc, hours: "late"),
      Account(
        id: "east", zone: .utc,
        policies: [
          .routine: Policy(urgency: .routine, callBackWithin: minutes(60), steps: Policy.threeSteps)
        ]),
    ]
    var message = call("15:00")
    message.account = "west"
    #expect(Walk(office, message).callback.dueAt == at("20:00"))
    message.account = "east"
    #expect(Walk(office, message).callback.dueAt == at("16:00"))
  }
}
