import CallbackRules
import Testing

/// Who is really told when a person, team or rotation is to be told.
@Suite("Resolution")
struct ResolutionTests {
  private func told(_ id: String, _ office: TestOffice, at time: String = "14:00") -> [String] {
    office.office.people(for: id, at: at(time)).map(\.id)
  }

  @Test("a person is told, a team together, a rotation's member on call")
  func plain() {
    #expect(told("rivera", TestOffice()) == ["rivera"])
    #expect(told("nurses", TestOffice()) == ["lee", "okafor"])
    #expect(told("oncall", TestOffice()) == ["chen"])
  }

  @Test("what a team, a turn on call or somebody who has left brings a person is found by that person")
  func leadingTo() {
    var office = TestOffice()
    office.change("rivera") {
      $0.active = false
      $0.instead = "lee"
    }
    #expect(office.office.others(leadingTo: "lee", at: at("14:00")) == ["nurses", "rivera"])
    #expect(office.office.others(leadingTo: "chen", at: at("14:00")) == ["oncall"])
    #expect(office.office.others(leadingTo: "nurses", at: at("14:00")).isEmpty)
  }

  @Test("an id of nobody is nobody")
  func unknown() {
    #expect(told("nobody", TestOffice()).isEmpty)
    #expect(told("", TestOffice()).isEmpty)
    #expect(told(Policy.recipient, TestOffice()).isEmpty)
  }

  @Test("somebody who has left is told through whoever stands in, along a chain")
  func instead() {
    var office = TestOffice()
    office.change("rivera") {
      $0.active = false
      $0.instead = "lee"
    }
    office.change("lee") {
      $0.active = false
      $0.instead = "okafor"
    }
    #expect(told("rivera", office) == ["okafor"])
  }

  @Test("a team or a rotation can stand in")
  func teamInstead() {
    var office = TestOffice()
    office.change("rivera") {
      $0.active = false
      $0.instead = "nurses"
    }
    office.change("lee") {
      $0.active = false
      $0.instead = "oncall"
    }
    #expect(told("rivera", office) == ["chen", "okafor"])
  }

  @Test("whoever is active is told, whatever `instead` says")
  func insteadOfActive() {
    var office = TestOffice()
    office.change("rivera") { $0.instead = "lee" }
    #expect(told("rivera", office) == ["rivera"])
  }

  @Test("people who stand in for each other are nobody, and the callback goes to the fallback")
  func circle() {
    var office = TestOffice()
    office.change("rivera") {
      $0.active = false
      $0.instead = "lee"
    }
    office.change("lee") {
      $0.active = false
      $0.instead = "rivera"
    }
    #expect(told("rivera", office).isEmpty)
    #expect(Walk(office).timetable == "14:00 manager announce")
  }

  @Test("teams and rotations that hold each other end, each person once")
  func nestedCircle() {
    var office = TestOffice()
    office.teams = [
      Team(id: "all", members: ["nurses", "oncall", "lee", "all"]),
      Team(id: "nurses", members: ["lee", "okafor", "all"]),
    ]
    office.rotations[0].layers[0].members = ["all"]
    #expect(told("all", office) == ["lee", "okafor"])
  }

  @Test("without an address nobody is told: no mail, and no channel that exists")
  func noAddress() {
    var office = TestOffice()
    office.change("lee") { $0.email = nil }
    office.change("okafor") { $0.channels = ["pager"] }
    #expect(told("nurses", office).isEmpty)
    office.channels = [Channel(id: "pager", kind: .command(["/usr/local/bin/page", "{pager}"]))]
    #expect(told("nurses", office) == ["okafor"])
  }

  @Test("channels are tried in the person's order, those that can't lead anywhere left out")
  func channels() {
    var office = TestOffice()
    office.channels = [Channel(id: "wall", kind: .file)]
    office.change("lee") { $0.channels = ["pager", "wall", "mail"] }
    office.change("okafor") {
      $0.channels = ["mail", "wall"]
      $0.email = nil
    }
    let people = office.office.people
    #expect(people["lee"].map(office.office.channels) == ["wall", "mail"])
    #expect(people["okafor"].map(office.office.channels) == ["wall"])
    #expect(people["chen"].map(office.office.channels) == ["mail"])
  }

  @Test("somebody who stands in twice for one step is told once")
  func standInOnce() {
    var office = TestOffice()
    office.change("lee", "okafor") {
      $0.active = false
      $0.instead = "chen"
    }
    office.urgent.announce = ["nurses", "oncall", "chen"]
    #expect(Walk(office).timetable == "14:00 chen announce")
  }

  @Test("what is for somebody who has left with nobody instead is the fallback's")
  func leftWithoutInstead() {
    var office = TestOffice()
    office.change("rivera") { $0.active = false }
    let walk = Walk(office)
    #expect(walk.timetable == "14:00 manager announce")
    #expect(walk.callback.recipient == "manager")
    #expect(walk.events.contains { $0.text == "It is for “Dr. Rivera”, who has left, with nobody instead." })
  }
}
