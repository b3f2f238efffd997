import CallbackRules
import Testing

/// How a name as somebody wrote it finds its person, team or rotation.
@Suite("Recipient names")
struct RecipientNameTests {
  @Test(
    "case, titles, punctuation and order don't matter",
    arguments: [
      "rivera", "Dr. Rivera", "DR RIVERA", "Doctor Rivera", "Rivera, MD", "Rivera, M.", "M Rivera", "Dr M Rivera",
      "  dr.  rivera ", "Rivera (covering)", "Referrals (Dr. Rivera)", "DR_RIVERA",
    ])
  func finds(written: String) {
    #expect(TestOffice().office.id(named: written) == "rivera")
  }

  @Test("teams and rotations are found by id and name")
  func groups() {
    var office = TestOffice()
    office.teams = [Team(id: "nurses", name: "Nurse Line", members: ["lee"])]
    #expect(office.office.id(named: "Nurses") == "nurses")
    #expect(office.office.id(named: "nurse line") == "nurses")
    #expect(office.office.id(named: "On-Call") == nil)
    #expect(office.office.id(named: "ONCALL") == "oncall")
  }

  @Test("accents don't matter")
  func accents() {
    var office = TestOffice()
    office.change("lee") { $0.name = "Zoë Núñez" }
    #expect(office.office.id(named: "NUNEZ, ZOE") == "lee")
  }

  @Test("what names nobody finds nobody", arguments: ["", " ", "()", "(", ")(", "Dr.", "Dr. Gone", "Riv", "recipient"])
  func nobody(written: String) {
    #expect(TestOffice().office.id(named: written) == nil)
  }

  @Test("a name that fits two finds nobody rather than the wrong one")
  func ambiguous() {
    var office = TestOffice()
    office.people.append(Person(id: "lee2", name: "Lee, Sam", email: "lee2@riverside.example"))
    #expect(office.office.id(named: "Sam Lee") == nil)
    #expect(office.office.id(named: "lee2") == "lee2")
    #expect(Walk(office, urgentMessage(to: "Sam Lee")).lines.first == "14:00 manager announce")
  }

  @Test("somebody who has left is still found, for whoever stands in to be told")
  func left() {
    var office = TestOffice()
    office.change("rivera") {
      $0.active = false
      $0.instead = "chen"
    }
    let walk = Walk(office)
    #expect(walk.callback.recipient == "rivera")
    #expect(walk.timetable == "14:00 chen announce")
  }
}
