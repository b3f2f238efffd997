import CallbackRules
import Foundation
import Testing

@Suite("Quiet hours")
struct QuietHoursTests {
  private var office: TestOffice {
    var office = TestOffice()
    office.change("rivera") { $0.quiet = Self.hours(22, 6) }
    return office
  }

  private static func hours(_ opens: Int, _ closes: Int) -> OfficeHours {
    OfficeHours(
      name: "quiet",
      spans: [.init(weekdays: Set(0...6), opensMinute: opens * 60, closesMinute: closes * 60)])
  }

  private func message(_ urgency: Urgency, taken: String) -> Message {
    Message(takenAt: at(taken), urgency: urgency, service: "night-desk", to: "Dr. Rivera")
  }

  private func told(_ office: TestOffice, _ urgency: Urgency, at time: String) -> [Date?] {
    office.rules.admit(message(urgency, taken: time), at: at(time)).transition.notices.map(\.notBefore)
  }

  @Test("a routine notice waits until they end; before they begin and once they end it goes at once")
  func routine() {
    #expect(told(office, .routine, at: "21:59") == [nil])
    #expect(told(office, .routine, at: "22:00") == [at("30:00")])
    #expect(told(office, .routine, at: "29:59") == [at("30:00")])
    #expect(told(office, .routine, at: "30:00") == [nil])
  }

  @Test("what is urgent or an emergency never waits", arguments: [Urgency.urgent, .emergency])
  func others(urgency: Urgency) {
    #expect(told(office, urgency, at: "23:00") == [nil])
  }

  @Test("an unreadable message is urgent, and so never waits")
  func unreadable() {
    var message = message(.routine, taken: "23:00")
    message.problem = "no line of it could be read"
    let notices = office.rules.admit(message, at: at("23:00")).transition.notices
    #expect(!notices.isEmpty && notices.allSatisfy { $0.notBefore == nil })
  }

  @Test("the clocks go on: the next step is taken as if the quiet person had been told")
  func clocksGoOn() {
    let night = message(.routine, taken: "22:00")
    var quiet = Walk(office, night)
    var loud = Walk(TestOffice(), night)
    quiet.run(until: "34:00")
    loud.run(until: "34:00")
    #expect(quiet.timetable == loud.timetable)
    #expect(quiet.history == loud.history)
  }

  @Test("that a snooze lasts past the deadline is told in quiet hours too, but for those that end before it")
  func snoozed() throws {
    var office = TestOffice()
    office.change("manager") { $0.quiet = Self.hours(22, 6) }
    // Taken at 21:00, it is due at 25:00; the last step is the manager's.
    var walk = Walk(office, message(.routine, taken: "21:00"))
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "24:00")
    try walk.apply(.snooze(minutes(90)), by: "rivera", at: "24:00")
    #expect(walk.latestNotices == [Notice(person: "manager", reason: .snoozed)])
    office.change("manager") { $0.quiet = Self.hours(22, 24) }
    var soon = Walk(office, message(.routine, taken: "21:00"))
    try soon.apply(.acknowledge(take: false), by: "rivera", at: "23:30")
    try soon.apply(.snooze(minutes(100)), by: "rivera", at: "23:30")
    #expect(soon.latestNotices.map(\.notBefore) == [at("24:00")])
  }

  @Test("an overdue callback of which nobody awake would be told is told in quiet hours too; else its quiet ones wait")
  func overdue() throws {
    // Taken at 20:00, it is due at midnight; the recipient alone is told then.
    var walk = Walk(office, message(.routine, taken: "20:00"))
    walk.run(until: "21:30")
    #expect(walk.latestNotices.map(\.notBefore) == [nil])
    walk.run(until: "24:00")
    #expect(walk.callback.overdue)
    #expect(walk.latestNotices.map(\.person) == ["rivera"] && walk.latestNotices.map(\.notBefore) == [nil])

    var both = office
    both.teams = [Team(id: "two", members: ["rivera", "chen"])]
    both.accounts = [Account(id: "practice", recipient: "two", zone: .utc)]
    var message = message(.routine, taken: "20:00")
    (message.to, message.account) = (nil, "practice")
    var walkOfBoth = Walk(both, message)
    walkOfBoth.run(until: "24:00")
    #expect(walkOfBoth.callback.overdue)
    let notBefore = Dictionary(uniqueKeysWithValues: walkOfBoth.latestNotices.map { ($0.person, $0.notBefore) })
    #expect(notBefore["chen"] == .some(nil) && notBefore["rivera"] == at("30:00"))
  }

  @Test("what is said of a callback that is closed may wait, overdue or not")
  func closed() throws {
    var office = office
    office.change("manager") { $0.quiet = Self.hours(22, 6) }
    var message = message(.routine, taken: "10:00")
    message.callback = PhoneNumber(written: "555-010-4477", countryCode: "1")
    let rules = office.rules
    var callback = rules.admit(message, at: at("10:00")).transition.callback
    callback.id = 1
    callback = try rules.apply(.done, by: "rivera", to: callback, at: at("20:00")).callback
    #expect(callback.overdue)
    message.takenAt = at("23:00")
    office.repeatCaller.raise = 0
    let again = office.rules.admit(message, related: Related(sameNumber: [callback]), at: at("23:00"))
    #expect(again.transition.notices.map(\.person).sorted() == ["manager", "rivera"])
    #expect(again.transition.notices.allSatisfy { $0.notBefore == at("30:00") })
  }

  @Test("what follows a mail waits too, but not what answers the person who has just written it")
  func answers() {
    var office = office
    office.change("manager") { $0.quiet = Self.hours(22, 6) }
    func notices(_ text: String, from: String = "rivera@riverside.example") -> [Notice] {
      var walk = Walk(office, message(.routine, taken: "21:00"))
      let mail = AnswerMail(senders: [from], text: text)
      walk.answer(mail, to: Notice(person: "rivera", reason: .announce), at: "22:30")
      return walk.latestNotices
    }
    #expect(notices("done").map(\.person) == ["manager"])
    #expect(notices("done").map(\.notBefore) == [at("30:00")])
    #expect(notices("I will ring her in the morning").map(\.reason) == [.answerUnclear])
    #expect(notices("I will ring her in the morning").map(\.notBefore) == [nil])
    #expect(notices("done", from: "rivera@home.example").map(\.reason) == [.answerRefused])
    #expect(notices("done", from: "rivera@home.example").map(\.notBefore) == [nil])
  }

  @Test(
    "they are of the clock on the wall: a night in which it is changed is an hour shorter or longer",
    arguments: [
      ("Sat 2026-03-07 23:00", "Sun 2026-03-08 06:00", 6.0), ("Sat 2026-10-31 23:00", "Sun 2026-11-01 06:00", 8),
      ("Sun 2026-11-01 01:30 again", "Sun 2026-11-01 06:00", 4.5),
      ("Mon 2026-11-23 05:59", "Mon 2026-11-23 06:00", 1.0 / 60),
    ] as [(String, String, Double)])
  func clockChanges(start: String, end: String, hours: Double) throws {
    let table = Timetable(open: [("Sun Mon Tue Wed Thu Fri Sat", "22:00-06:00")])
    let ends = try #require(table.hours.closing(after: table.date(start), in: table.zone))
    #expect(table.text(ends) == end)
    #expect(abs(ends.timeIntervalSince(table.date(start)) - hours * 3600) < 1)
  }

  @Test("hours end where they end on the wall, touch what follows them, or never do")
  func closing() {
    let zone = Zone.utc
    let office = Timetable(open: [("Mon", "08:00-12:00"), ("Mon", "12:00-24:00"), ("Tue", "00:00-02:00")], zone: "UTC")
    #expect(office.hours.closing(after: at("07:59"), in: zone) == nil)
    #expect(office.hours.closing(after: at("08:00"), in: zone) == at("26:00"))
    #expect(office.hours.closing(after: at("26:00"), in: zone) == nil)
    let always = Timetable(open: [("Sun Mon Tue Wed Thu Fri Sat", "00:00-24:00")], zone: "UTC")
    #expect(always.hours.closing(after: at("08:00"), in: zone) == nil)
  }
}
