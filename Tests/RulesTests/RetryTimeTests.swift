import CallbackRules
import Foundation
import Testing

/// When the next try is, so that it can reach somebody.
@Suite("The time of the next try")
struct RetryTimeTests {
  private func walk(_ urgency: Urgency, until: String? = nil, taken: String = "20:00") -> Walk {
    var message = Message(takenAt: at(taken), urgency: urgency, service: "night-desk", to: "Dr. Rivera")
    message.reachableUntil = until.map(at)
    return Walk(TestOffice(), message)
  }

  @Test("what can wait is not tried at night")
  func byDay() throws {
    var routine = walk(.routine)
    try routine.apply(.attempt(.noAnswer), by: "rivera", at: "20:45")
    #expect(routine.callback.retryAt == at("32:00"))
    try routine.apply(.attempt(.noAnswer), by: "rivera", at: "29:00")
    #expect(routine.callback.retryAt == at("32:00"))
  }

  @Test("what is urgent is tried at any hour")
  func atNight() throws {
    var urgent = walk(.urgent)
    try urgent.apply(.attempt(.noAnswer), by: "rivera", at: "20:45")
    #expect(urgent.callback.retryAt == at("21:15"))
  }

  @Test("before the caller can't be reached any more there is one more try")
  func reachableUntil() throws {
    var urgent = walk(.urgent, until: "21:00")
    try urgent.apply(.attempt(.voicemail), by: "rivera", at: "20:10")
    #expect(urgent.callback.retryAt == at("20:50"))
  }

  @Test("the first try is kept, so that attempted and reached by the deadline can be told apart")
  func firstTry() throws {
    var urgent = walk(.urgent)
    try urgent.apply(.attempt(.noAnswer), by: "rivera", at: "20:10")
    try urgent.apply(.done, by: "rivera", at: "20:40")
    #expect(urgent.callback.attemptedAt == at("20:10"))
    #expect(urgent.callback.reachedAt == at("20:40"))
    #expect(urgent.callback.overdue)
  }

  @Test("by day it is daytime in the account's zone")
  func zone() throws {
    var office = TestOffice()
    office.accounts = [Account(id: "west", zone: try #require(Zone("America/Los_Angeles")))]
    var message = Message(takenAt: at("20:00"), service: "night-desk", account: "west", to: "Dr. Rivera")
    message.account = "west"
    var walk = Walk(office, message)
    // A quarter to one in the afternoon there.
    try walk.apply(.attempt(.noAnswer), by: "rivera", at: "20:45")
    #expect(walk.callback.retryAt == at("21:15"))
  }
}
