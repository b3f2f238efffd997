import CallbackRules
import Foundation
import Testing

/// Passing a callback on.
@Suite("Assigning")
struct AssignTests {
  @Test("the new one is told, has nothing yet, and must acknowledge as anybody must")
  func assigns() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "14:05")
    try walk.apply(.assign(to: "lee"), by: "manager", at: "14:06")
    #expect(walk.lines.last == "14:06 lee assigned")
    #expect(walk.callback.owner == nil)
    #expect(walk.callback.state == .open)
    #expect(walk.callback.recipient == "lee")
    walk.run(until: "14:16")
    #expect(walk.lines.last == "14:16 lee not-owned 0")
  }

  @Test("it starts no acknowledgement anew that was running, and no finish clock")
  func extendsNothing() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.assign(to: "lee"), by: "rivera", at: "14:05")
    try walk.apply(.assign(to: "rivera"), by: "lee", at: "14:08")
    #expect(walk.callback.ownBy == at("14:10"))
    try walk.apply(.acknowledge(take: false), by: "rivera", at: "14:09")
    try walk.apply(.assign(to: "chen"), by: "rivera", at: "14:15")
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:20")
    #expect(walk.callback.finishBy == at("14:29"))
    #expect(walk.callback.dueAt == at("14:30"))
  }

  @Test("teams and rotations can have it")
  func toMany() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.assign(to: "nurses"), by: "manager", at: "14:05")
    #expect(walk.lines.suffix(2) == ["14:05 lee assigned", "14:05 okafor assigned"])
    try walk.apply(.assign(to: "oncall"), by: "manager", at: "14:06")
    #expect(walk.lines.last == "14:06 chen assigned")
  }

  @Test("nobody, somebody unknown, and what is closed are refused")
  func refuses() throws {
    var office = TestOffice()
    office.change("lee") { $0.email = nil }
    var walk = Walk(office)
    #expect(throws: Refusal.unknownRecipient("dana")) {
      try walk.apply(.assign(to: "dana"), by: "manager", at: "14:05")
    }
    #expect(throws: Refusal.nobodyThere("Sam Lee")) { try walk.apply(.assign(to: "lee"), by: "manager", at: "14:05") }
    try walk.apply(.done, by: "manager", at: "14:06")
    #expect(throws: Refusal.alreadyClosed(at("14:06"))) {
      try walk.apply(.assign(to: "rivera"), by: "manager", at: "14:07")
    }
  }
}
