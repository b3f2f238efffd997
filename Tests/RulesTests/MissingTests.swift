import CallbackRules
import Foundation
import Testing

@Suite("A callback that asks for missing messages")
struct MissingTests {
  private var office: TestOffice {
    var office = TestOffice()
    office.accounts = [
      Account(id: "riverside", recipient: "rivera", zone: .utc), Account(id: "hillside", recipient: "lee", zone: .utc),
    ]
    return office
  }

  private func transition(
    _ ranges: [RefRange], account: String? = "riverside", _ cause: MissingRefs.Cause = .gap
  ) -> Transition {
    let missing = MissingRefs(service: "night-desk", account: account, ranges: ranges, cause: cause)
    return office.rules.missing(missing, at: at("14:00"))
  }

  private let gap = [RefRange(prefix: "AS-", numbers: 43...45, width: 4), RefRange("AS-0047")]

  @Test("It is urgent, for the account's recipient, who is told, due as its policy says, and callbackd's own")
  func made() {
    let made = transition(gap)
    let callback = made.callback
    #expect(callback.kind == .missing && callback.urgency == .urgent && callback.recipient == "rivera")
    #expect(callback.dueAt == at("14:30") && callback.wakeAt != nil && callback.isOpen)
    #expect(made.notices == [Notice(person: "rivera", reason: .announce)])
    #expect(made.events.first?.kind == .admitted && made.events.first?.actor == .callbackd)
    #expect(!made.events.contains { $0.kind == .noted })
  }

  @Test("It names the numbers alone where notices may show them, and whole Refs in the message")
  func words() {
    let message = transition(gap).callback.message
    #expect(message.regarding == "messages 0043 to 0045, 0047")
    #expect(
      message.body == "The service numbers its messages, and AS-0043 to AS-0045, AS-0047 have not come in. "
        + "Ask the service for them.")
    // Its Ref would be taken for that of the message that it asks for.
    #expect(message.ref == nil && message.problem == nil)
    #expect(transition([RefRange("SMITH-A")], .list).callback.message.regarding == "1 message")
    let many = (1...9).map { RefRange("A-\($0 * 2)") }
    #expect(transition(many).callback.message.regarding == "messages 2, 4, 6, 8, 10 and 4 more")
    let jump = transition([RefRange(prefix: "", numbers: 43...8999)], .newNumbering).callback.message
    #expect(jump.body?.contains("jump over 43 to 8999, 8957 messages") == true)
  }

  @Test("Without a known account it is the fallback's, who is told once")
  func noAccount() {
    let made = transition(gap, account: nil)
    #expect(made.callback.recipient == "manager")
    #expect(made.notices.map(\.person) == ["manager"])
  }

  @Test("Nobody who takes it can keep it from escalating")
  func escalates() throws {
    var callback = transition(gap).callback
    callback = try office.rules.apply(
      .acknowledge(take: false), by: "rivera", login: nil, note: nil, to: callback, at: at("14:05")
    ).callback
    let late = office.rules.advance(callback, at: at("15:30"))
    #expect(late.events.contains { $0.kind == .overdue } && late.events.contains { $0.kind == .stepTaken })
  }
}
