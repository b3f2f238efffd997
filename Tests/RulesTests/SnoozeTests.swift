import CallbackRules
import Foundation
import Testing

/// "Not now": what it holds back, what not, and how far it goes.
@Suite("Snooze")
struct SnoozeTests {
  private let acknowledge = Command.acknowledge(take: false)

  private func owned(_ office: TestOffice = TestOffice()) throws -> Walk {
    var walk = Walk(office)
    try walk.apply(acknowledge, by: "rivera", at: "14:05")
    return walk
  }

  private var office: TestOffice {
    var office = TestOffice()
    office.urgent.snoozeAtMost = minutes(15)
    return office
  }

  @Test("what would have been said meanwhile is said at its end, in one notice")
  func holds() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(12)), by: "rivera", at: "14:15")
    walk.run(until: "14:26")
    #expect(walk.lines.last == "14:00 rivera announce")
    walk.run(until: "14:27")
    // The reminder of 14:20, the finish clock of 14:25 and the end of the snooze.
    #expect(walk.lines.dropFirst() == ["14:27 rivera not-finished 0"])
    #expect(walk.callback.snoozedUntil == nil)
  }

  @Test("its end reminds the owner")
  func reminds() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(2)), by: "rivera", at: "14:06")
    walk.run(until: "14:08")
    #expect(walk.lines.last == "14:08 rivera reminder")
  }

  @Test("past the deadline the last step is told at once, and the deadline still passes")
  func pastDeadline() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(10)), by: "rivera", at: "14:24")
    #expect(walk.lines.last == "14:24 manager snoozed")
    walk.run(until: "14:33")
    #expect(walk.callback.overdue)
    #expect(walk.lines.last == "14:24 manager snoozed")
    walk.run(until: "14:34")
    #expect(walk.stepsTaken == [0])
    // The steps go on where they were: the manager's own time is 15:00.
    walk.run(until: "15:00")
    #expect(walk.lines.contains("15:00 manager step 2"))
  }

  @Test("where the last step is the owner alone, the fallback hears of it")
  func ownerIsLastStep() throws {
    var office = office
    office.urgent.steps = [Policy.Step(after: TimeSpan(), notify: ["recipient"])]
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(15)), by: "rivera", at: "14:20")
    #expect(walk.lines.last == "14:20 manager snoozed")
  }

  @Test("where nobody can be told that it goes past the deadline, it ends, and the fallback is told")
  func refused() throws {
    var office = office
    office.fallback = "okafor"
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(10)), by: "rivera", at: "14:24")
    walk.refuse(Notice(person: "manager", reason: .snoozed), at: "14:25")
    #expect(walk.callback.snoozedUntil == nil)
    #expect(walk.lines.contains("14:25 okafor nobody-else"))
  }

  @Test("only the owner can, for at most what the policy allows")
  func bounds() throws {
    var walk = try owned(office)
    #expect(throws: Refusal.needsOwner("Dr. Rivera")) { try walk.apply(.snooze(minutes(5)), by: "chen", at: "14:06") }
    #expect(throws: Refusal.snoozeTooLong(atMost: minutes(15))) {
      try walk.apply(.snooze(minutes(16)), by: "rivera", at: "14:06")
    }
    #expect(throws: Refusal.snoozeTooLong(atMost: minutes(15))) {
      try walk.apply(.snooze(TimeSpan()), by: "rivera", at: "14:06")
    }
    #expect(throws: Refusal.needsOwner(nil)) {
      var open = Walk(office)
      try open.apply(.snooze(minutes(5)), by: "rivera", at: "14:05")
    }
  }

  @Test("a snooze under way is not made longer than one may be")
  func noChain() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(10)), by: "rivera", at: "14:06")
    try walk.apply(.snooze(minutes(10)), by: "rivera", at: "14:11")
    #expect(walk.callback.snoozedUntil == at("14:21"))
    #expect(throws: Refusal.snoozeTooLong(atMost: minutes(5))) {
      try walk.apply(.snooze(minutes(6)), by: "rivera", at: "14:16")
    }
  }

  @Test("snoozing at the very end of a snooze does not skip what waited for it")
  func atTheEnd() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(15)), by: "rivera", at: at("14:12"))
    // Quicker than the timer.
    try walk.apply(.snooze(minutes(10)), by: "rivera", at: at("14:27"))
    #expect(walk.history.contains(.notFinished))
    #expect(walk.lines.contains("14:27 rivera not-finished 0"))
  }

  @Test("a policy that allows none refuses all")
  func notAtAll() throws {
    var office = office
    office.urgent.snoozeAtMost = TimeSpan()
    var walk = try owned(office)
    #expect(throws: Refusal.snoozeTooLong(atMost: nil)) {
      try walk.apply(.snooze(minutes(1)), by: "rivera", at: "14:06")
    }
  }

  @Test("whoever takes it over has it without the snooze")
  func ends() throws {
    var walk = try owned(office)
    try walk.apply(.snooze(minutes(15)), by: "rivera", at: "14:06")
    try walk.apply(.acknowledge(take: true), by: "chen", at: "14:07")
    #expect(walk.callback.snoozedUntil == nil)
  }
}
