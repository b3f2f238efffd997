import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Wording")
struct WordingTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  private func firstLine(_ item: OutgoingNotice) throws -> String {
    String(try scene.body(item).prefix { $0 != "\n" })
  }

  @Test(
    "the first line says what to do and why",
    arguments: [
      (.announce, "Please ring the caller back: callback 12 is new."),
      (.reminder, "Please ring the caller back: callback 12 is overdue, and nobody has it."),
      (.retry, "Please ring the caller again: it is time for the next try at callback 12."),
      (.notOwned, "Please ring the caller back, or see that somebody does: nobody has taken callback 12 yet."),
      (.notFinished, "Please ring the caller back: callback 12 is not finished."),
      (.step, "Please ring the caller back, or see that somebody does: callback 12 is overdue, and nobody has it."),
      (.reopened, "Please ring the caller back: callback 12 was opened again."),
      (
        .wrongNumber,
        "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the right number: "
          + "the number given is wrong."
      ),
      (
        .unknownName,
        "Please ring the caller back, or see that somebody does: "
          + "callback 12 names a person or an account that is not known here."
      ),
      (
        .nobodyElse,
        "Please ring the caller back, or see that somebody does: "
          + "nobody else could be told of callback 12 and nobody has it."
      ),
    ] as [(Notice.Reason, String)])
  func reasons(reason: Notice.Reason, line: String) throws {
    #expect(try firstLine(Scene.item(reason)) == line)
  }

  @Test("whoever owns it is told so, and the others who does")
  func owner() throws {
    var item = Scene.item(.notFinished)
    item.callback.state = .owned
    item.callback.owner = "rivera"
    #expect(try firstLine(item) == "Please ring the caller back: you took callback 12 and it is not finished.")
    #expect(try scene.body(item).contains("callbackctl done 12 (reached), callbackctl attempt 12 no-answer\n"))

    item.notice.reason = .step
    #expect(try firstLine(item) == "Please ring the caller back: callback 12 is overdue, and you have it.")

    item.notice.reason = .notFinished
    item.callback.owner = "chen"
    #expect(
      try firstLine(item)
        == "Please ring the caller back, or see that Dr. Chen does: Dr. Chen took callback 12 and has not finished it.")
    #expect(try scene.body(item).contains("callbackctl ack 12 --take (I have it)"))
    #expect(try scene.body(item).contains("State:    Dr. Chen has it\n"))
  }

  @Test("what can't be rung is asked of the service")
  func missingNumber() throws {
    var item = Scene.item(.announce)
    item.callback.message.callback = nil
    #expect(
      try firstLine(item)
        == "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the number to ring."
    )

    item.callback.kind = .unreadable
    #expect(
      try firstLine(item)
        == "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the message, "
        + "which could not be read.")

    item.callback.message.service = nil
    scene.accounts[0].service = nil
    #expect(try firstLine(item).hasPrefix("Please phone the service, quote callback 12 and ask for the message, "))
  }

  @Test("a callback that was closed meanwhile asks for nothing")
  func closed() throws {
    var item = Scene.item()
    item.callback.state = .closed
    #expect(try firstLine(item) == "Nothing to do: callback 12 is closed.")
    #expect(try scene.compose(item).contains("\nSubject: Callback 12: closed, urgent, riverside\n"))
  }

  @Test(
    "the subject says when it is due, or how late it is",
    arguments: [
      (-59, "due now"), (0, "due now"), (59, "due now"), (-60, "due in 1 min"), (60, "overdue by 1 min"),
      (-1200, "due in 20 min"), (7500, "overdue by 2 h 5 min"), (3600, "overdue by 1 h"),
      (273_600, "overdue by 3 d 4 h"),
    ])
  func lateness(seconds: Int, words: String) throws {
    let item = Scene.item()
    let mail = try scene.compose(item, now: item.callback.dueAt + Double(seconds))
    #expect(mail.contains("\nSubject: Callback 12: \(words), urgent, riverside\n"))
  }

  @Test("a deadline ahead is given with the time that is left")
  func ahead() throws {
    let item = Scene.item(.reminder)
    let body = try scene.body(item, now: item.callback.dueAt - 1200)
    #expect(body.contains("\nBy Mon 23 Nov 14:25, in 20 min.\n"))
  }
}
