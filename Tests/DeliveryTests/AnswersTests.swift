import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

/// How a mail says that it can be answered, and whom to phone where it may say nothing else.
@Suite("Answers and questions")
struct AnswersTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  private func third(_ notice: OutgoingNotice) throws -> String {
    try scene.body(notice).components(separatedBy: "\n")[2]
  }

  @Test(
    "where replies arrive, the third line has what this person may reply",
    arguments: [
      (nil, .step, "ok (I have it), done (reached), no answer, voicemail, busy, pass to NAME"),
      ("rivera", .step, "done (reached), no answer, voicemail, busy, snooze 15m, pass to NAME"),
      (
        "chen", .step,
        "done (reached), no answer, voicemail, busy, pass to NAME; or on front-desk: callbackctl ack 12 --take (I have it)"
      ),
      (
        "rivera", .withdrawn,
        "done (reached), no answer, voicemail, busy, snooze 15m, pass to NAME; or on front-desk: "
          + "callbackctl close 12 --reason \"withdrawn\" (no call wanted)"
      ),
      (
        nil, .amended,
        "ok (I have it), done (reached), no answer, voicemail, busy, pass to NAME; or on front-desk: "
          + "callbackctl show 12 (what it says now)"
      ),
    ] as [(String?, Notice.Reason, String)])
  func replies(owner: String?, reason: Notice.Reason, line: String) throws {
    scene.mail.answers = true
    var item = Scene.item(reason)
    item.callback.owner = owner
    if owner != nil { item.callback.state = .owned }
    #expect(try third(item) == "Reply with one of these: \(line)")
    scene.mail.answers = false
    #expect(try third(item).hasPrefix("Answer on front-desk: callbackctl "))
  }

  @Test("what can't be rung has no tries to answer, and what is closed no answer at all", arguments: [false, true])
  func others(answers: Bool) throws {
    scene.mail.answers = answers
    var item = Scene.item()
    item.callback.state = .closed
    #expect(try third(item) == "To see it: callbackctl show 12 on front-desk")
    item.callback.state = .open
    item.callback.kind = .unreadable
    #expect(try !answers || third(item) == "Reply with one of these: ok (I have it), done (reached), pass to NAME")
  }

  @Test("the answer to a digest has the number of the worst for an example")
  func digest() throws {
    scene.mail.answers = true
    #expect(
      try third(Scene.digest())
        == "Reply with one of these and the callback's number: ok 12 (I have it), done 12 (reached), no answer 12, "
        + "voicemail 12, busy 12; all of them on front-desk: callbackctl list --for rivera")
  }

  private func quoted(_ item: OutgoingNotice) throws -> String? {
    try scene.body(item).components(separatedBy: "\n").first { $0.hasPrefix("Whom to ring is not in this mail: ") }
  }

  @Test(
    "its own Ref is quoted to a service that counts, and of it the digits alone",
    arguments: [
      ("1043", "message 1043, "), ("SMITH-0043", "message 0043, "), ("20261123-017", "message 017, "), ("SMITH", ""),
      (nil, ""),
    ])
  func refs(ref: String?, words: String) throws {
    var item = Scene.item()
    item.callback.message.ref = ref
    let rest = "for riverside, taken Mon 23 Nov 13:55."
    let start = "Whom to ring is not in this mail: phone the service at +1 555 010 9000 and quote callback 12, "
    #expect(try quoted(item) == start + rest)
    scene.refsWithin = TimeSpan(seconds: 600)
    #expect(try quoted(item) == start + words + rest)
    #expect(try !scene.compose(item).contains("SMITH"))
  }

  @Test("where the account or the service is not known, the rest is said")
  func unknown() throws {
    var item = Scene.item()
    item.callback.message.account = nil
    item.callback.message.service = nil
    #expect(
      try quoted(item)
        == "Whom to ring is not in this mail: phone the service and quote callback 12, taken Mon 23 Nov 13:55.")
  }

  @Test("it is not said twice, nor where the mail has the message or nothing is to be done")
  func unsaid() throws {
    var item = Scene.item()
    item.callback.message.callback = nil
    #expect(try quoted(item) == nil)
    item = Scene.item()
    item.callback.state = .closed
    #expect(try quoted(item) == nil)
    scene.mail.detail = .full
    #expect(try quoted(Scene.item()) == nil)
    #expect(try !scene.body(Scene.digest()).contains("Whom to ring"))
  }

  @Test("with detail full the page has the number to dial, with minimal no link at all")
  func dial() throws {
    #expect(try !scene.html(Scene.item()).contains("href"))
    scene.mail.detail = .full
    #expect(try scene.html(Scene.item()).contains("<a href=\"tel:+15550104477\""))
    var item = Scene.item()
    item.callback.message.callback = PhoneNumber(written: "call the \"ward\"", countryCode: "1")
    #expect(try !scene.html(item).contains("href"))
    // The longest number there is has fifteen digits.
    item.callback.message.callback = PhoneNumber(written: "+" + String(repeating: "5", count: 16), countryCode: "1")
    #expect(try !scene.html(item).contains("href"))
  }
}
