import CallbackConfiguration
import CallbackRules
import Testing

/// Layers of rotations, and what an administrator is told of gaps.
@Suite("Rotations in the configuration")
struct RotationTests {
  private static let people = """

    [[person]]
    id = "chen"
    email = "chen@riverside.example"
    [[person]]
    id = "gone"
    active = false
    [[hours]]
    name = "office"
    open = ["Mon-Fri 08:00-17:00"]
    """

  private static let rotation = """
    [[rotation]]
    id = "oncall"
    members = ["chen"]
    starts = "2026-11-02 08:00"
    every = "1w"

    """

  private static let layer = """
    [[rotation.layer]]
    members = ["desk"]
    starts = "2026-11-02 18:00"
    every = "1d"

    """

  private func warnings(_ rotation: String) throws -> [String] {
    try read(complete(rotation + Self.people)).warnings.map { String($0.description.dropFirst("test.toml:".count)) }
  }

  @Test("the rotation's own keys are the lowest layer, the others stand above in their order")
  func layers() throws {
    let text = Self.rotation + "hours = \"office\"\n" + Self.layer + Self.layer + "hours = \"office\"\n"
    let rotation = try read(complete(text + Self.people)).configuration.office.rotations["oncall"]
    #expect(rotation?.layers.map(\.members) == [["chen"], ["desk"], ["desk"]])
    #expect(rotation?.layers.map(\.hours) == ["office", nil, "office"])
    #expect(rotation?.layers.map(\.every) == [TimeSpan(days: 7), TimeSpan(days: 1), TimeSpan(days: 1)])
  }

  @Test("a layer is checked like the rotation itself, at its own lines")
  func mistakes() {
    let layer = """
      [[rotation.layer]]
      members = []
      starts = "2026-02-30 18:00"
      hours = "offce"
      nights = true
      """
    #expect(
      problems(complete(Self.rotation + layer + Self.people)) == [
        "6: rotation.layer.every: is missing; write a whole number and its unit (s, m, h, d, w), such as \"30m\" or \"1h30m\"",
        "7: rotation.layer.members: has nobody; write at least one id, such as [\"rivera\"]",
        "8: rotation.layer.starts: `2026-02-30 18:00` is not a day and a time; write a day and a time on the site's clock, such as \"2026-11-26 08:00\"",
        "9: rotation.layer.hours: no hours has the id `offce`; did you mean `office`?",
        "10: rotation.layer.nights: unknown key `nights`; remove it, or write one of every, hours, members, starts",
      ])
    #expect(
      problems(complete(Self.rotation + "layer = 1\n" + Self.people)).first?.contains("[[rotation.layer]]") == true)
  }

  @Test("a circle through a layer is found")
  func circle() {
    let text =
      Self.rotation + Self.layer.replacing("desk", with: "all") + """
        [[team]]
        id = "all"
        members = ["oncall", "chen"]
        """
    #expect(
      problems(complete(text + Self.people)) == [
        "12: team.members: `all` contains itself (`all` → `oncall` → `all`); remove one of them here"
      ])
  }

  @Test("a rotation that always has somebody warns of nothing")
  func noGap() throws {
    #expect(try warnings(Self.rotation) == [])
    #expect(try warnings(Self.rotation + "hours = \"office\"\n" + Self.layer) == [])
  }

  @Test("gaps are one warning a rotation, with the first of them and how many there are")
  func gaps() throws {
    let remedy = "add a [[rotation.override]] for then, or begin earlier, or add a layer without `hours`"
    #expect(
      try warnings("\n\n" + Self.rotation + "hours = \"office\"\n") == [
        "3: rotation: nobody is on call in `oncall` from 2026-11-23 17:00 until 2026-11-24 08:00 "
          + "(and 43 more gaps in the next 60 days); \(remedy)"
      ])
    #expect(
      try warnings(Self.rotation.replacing("11-02", with: "12-01")) == [
        "1: rotation: nobody is on call in `oncall` until 2026-12-01 08:00; \(remedy)"
      ])
    #expect(
      try warnings(Self.rotation.replacing("2026-11-02", with: "2027-12-01")) == [
        "1: rotation: nobody is on call in `oncall` at all; \(remedy)"
      ])
  }

  @Test("a turn of somebody who can't be told is a gap, and says whose")
  func cantBeTold() throws {
    #expect(
      try warnings(Self.rotation.replacing("\"chen\"", with: "\"chen\", \"gone\"").replacing("11-02", with: "11-23"))
        == [
          "1: rotation: nobody is on call in `oncall` from 2026-11-30 08:00 until 2026-12-07 08:00 "
            + "(and 3 more gaps in the next 60 days); `gone` has the turn but can't be told; "
            + "add an address, an `instead` or a [[rotation.override]] for then"
        ])
  }
}
