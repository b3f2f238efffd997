import CallbackRules
import Foundation
import Testing

/// The second look at names that equal none: as helpful as can be without guessing.
@Suite("Names by a second look")
struct NameIndexTests {
  private static let people = [
    Person(id: "p1", name: "Dr. Maria Rivera", also: ["Rivera, M."], email: "r@riverside.example"),
    Person(id: "p2", name: "Chen, Wei-Lin", email: "c@riverside.example"),
    Person(id: "p3", name: "Seán O'Brien, RN", email: "o@riverside.example"),
    Person(id: "p4", name: "Van Buren, Anna", email: "b@riverside.example"),
    Person(id: "p5", name: "Kim Do", email: "k@riverside.example"),
    Person(id: "p6", name: "John Smith Sr.", email: "s@riverside.example"),
    Person(id: "p7", name: "Smith, Paul, Jr.", email: "j@riverside.example", active: false),
    Person(id: "p8", name: "Dr. Gruber", email: "g@riverside.example"),
    Person(id: "p9", name: "Sam J. Lee", email: "l@riverside.example"),
  ]

  private func found(_ written: String, _ people: [Person] = people, teams: [Team] = []) -> String? {
    var scene = TestOffice()
    (scene.people, scene.teams) = (people + [Person(id: "manager", name: "Park", email: "p@riverside.example")], teams)
    return scene.office.id(named: written)
  }

  @Test(
    "the family name finds somebody with whatever fits beside it",
    arguments: [
      ("Rivera", "p1"), ("Rivera, M", "p1"), ("DR RIVERA", "p1"), ("Dr. M. Rivera MD", "p1"),
      ("maria rivera", "p1"), ("RIVERA MARIA", "p1"), ("Rivera, Maria, M.D.", "p1"),
      ("Dr.Rivera", "p1"), ("Prof. Dr. Rivera", "p1"), ("Rivera DO", "p1"), ("Ｒｉｖｅｒａ", "p1"),
      ("Dr. Chen", "p2"), ("W. Chen", "p2"), ("W.L. Chen", "p2"), ("Chen, Wei", "p2"), ("Wei Lin Chen", "p2"),
      ("OBRIEN", "p3"), ("O’Brien, S.", "p3"), ("Sean O'Brien", "p3"),
      ("Anna Van Buren", "p4"), ("A. Buren", "p4"), ("Van Buren", "p4"),
      ("K. Do", "p5"), ("Do, Kim", "p5"), ("Dr. Kim Do", "p5"),
      ("J Smith", "p6"), ("John Smith", "p6"), ("P Smith Jr", "p7"),
      ("Dr. Gruber, MD", "p8"), ("Lee, S.", "p9"), ("Sam Lee", "p9"), ("S.J. Lee", "p9"), ("Lee, J. Sam", "p9"),
    ])
  func byFamilyName(written: String, id: String) {
    #expect(found(written) == id)
  }

  @Test(
    "a first name alone finds the one who has it",
    arguments: [
      ("Maria", "p1"), ("Wei", "p2"), ("sean", "p3"), ("Anna", "p4"), ("Dr. Sam", "p9"), ("Kim", "p5"),
      ("Referrals (Maria)", "p1"), ("Paul", "p7"),
    ])
  func byFirstName(written: String, id: String) {
    #expect(found(written) == id)
  }

  @Test(
    "what does not fit, or says too little, finds nobody",
    arguments: [
      "Dr.", "MD", "Dr. MD", "DO", "Dr. D.O.", "M", "M.", "J S", "S.J.", "Dr. M", "R.", "Jr", "Smith", "Smith Jr Sr",
      "Rivera X", "Ana Rivera", "Rivera, N.", "Mary Rivera", "Maria R.", "MA Rivera", "M. R.", "Mar Rivera", "River",
      "Riveras",
      "Rivera Chen", "Rivera, Chen", "Rivera/Chen", "Rivera and Chen", "Rivera M M", "Maria Maria Rivera",
      "Referrals (Dana)", "Referrals (Dr.)", "Lin", "Van", "J.", "Gruber, H.", "Lee Smith", "Maria Wei", "555 0100",
    ])
  func nobody(written: String) {
    #expect(found(written) == nil)
  }

  @Test("of two who fit nobody is guessed, be one of them gone")
  func twoFit() {
    var people = Self.people
    people.append(Person(id: "p10", name: "Marco Rivera", active: false))
    for written in ["Rivera", "RIVERA MD", "Dr. Rivera"] { #expect(found(written, people) == nil, "\(written)") }
    for (written, id) in [("Maria Rivera", "p1"), ("Rivera, Marco", "p10"), ("Rivera, M.", "p1")] {
      #expect(found(written, people) == id, "\(written)")
    }
    // One's family name is the other's first name.
    people.append(Person(id: "p11", name: "Tom Maria"))
    #expect(found("Maria", people) == nil)
    #expect(found("T Maria", people) == "p11")
  }

  @Test("what equals two names gets no second look at either")
  func equalsTwo() {
    let people = Self.people + [Person(id: "p12", name: "Lee, Sam")]
    #expect(found("Sam Lee", people) == "p12")
    #expect(found("Sam Lee", people, teams: [Team(id: "night", name: "Sam Lee", members: ["p9"])]) == nil)
  }

  @Test("teams are found by their whole name alone")
  func teams() {
    let teams = [Team(id: "team", name: "Front Desk", members: ["p9"])]
    #expect(found("desk front", teams: teams) == "team")
    for written in ["Desk", "Front", "F. Desk"] { #expect(found(written, teams: teams) == nil) }
  }

  @Test("a hostile name takes no time and finds nobody")
  func hostile() {
    var scene = TestOffice()
    scene.people = Self.people + [Person(id: "manager", name: "A B C D E F G H Smith", email: "p@riverside.example")]
    let office = scene.office
    let names = [
      String(repeating: "x", count: 1 << 20), String(repeating: "rivera ", count: 10_000),
      String(repeating: "(", count: 1 << 20), String(repeating: "()", count: 400), String(repeating: ",", count: 900),
      "smith " + String(repeating: "a ", count: 490), "e" + String(repeating: "\u{301}", count: 490),
      "a b c d e f g x smith", "\u{202E}areviR", String(repeating: "🎉", count: 240),
    ]
    let time = ContinuousClock().measure {
      for name in names { for _ in 0..<10 { #expect(office.id(named: name) == nil) } }
    }
    #expect(time < .seconds(1))
  }

  @Test("in an office of two thousand a look takes well under a millisecond")
  func manyPeople() {
    let people = (0..<2000).map { Person(id: "p\($0)", name: "Dr. \(Self.word($0 % 50)) \(Self.word($0)), MD") }
    var scene = TestOffice()
    scene.people = people + scene.people
    let office = scene.office
    var found = 0
    let time = ContinuousClock().measure {
      for number in 0..<500 {
        if office.id(named: "\(Self.word(number).prefix(1)). \(Self.word(number + 100))") != nil { found += 1 }
      }
    }
    #expect(found == 500)
    #expect(time / 500 < .milliseconds(1), "\(time / 500)")
  }

  private static func word(_ number: Int) -> String { "Name\(number)" }
}
