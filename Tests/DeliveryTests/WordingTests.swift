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

  @Test("the first line says what to do and why", arguments: Notice.Reason.allCases)
  func reasons(reason: Notice.Reason) throws {
    let ring = "Please ring the caller back"
    let see = ring + ", or see that somebody does"
    let line =
      switch reason {
      case .announce: ring + ": callback 12 is new."
      case .reminder: ring + ": callback 12 is overdue, and nobody has it."
      case .retry: "Please ring the caller again: it is time for the next try at callback 12."
      case .notOwned: see + ": nobody has taken callback 12 yet."
      case .notFinished: ring + ": callback 12 is not finished."
      case .step: see + ": callback 12 is overdue, and nobody has it."
      case .reopened: ring + ": callback 12 was opened again."
      case .wrongNumber:
        "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the right number: "
          + "the number given is wrong."
      case .unknownName: see + ": callback 12 names a person or an account that is not known here."
      case .assigned: ring + ": callback 12 was given to you, and nobody has it."
      case .repeatCall: ring + ": the caller of callback 12 has rung 3 times, and nobody has it."
      case .rangAgain:
        see + ": the caller of callback 12 rang again after an earlier callback was closed, and nobody has it."
      case .amended:
        "Please read the message again, then ring the caller back: the service changed callback 12, and nobody has it."
      case .withdrawn:
        ring + ", or close callback 12 with a reason: the service says that the caller no longer wants a call."
      case .handOff: ring + ": you are on call, callback 12 is overdue, and nobody has it."
      case .snoozed: see + ": callback 12 was put off past its deadline, and nobody has it."
      case .nobodyElse: see + ": nobody else could be told of callback 12 and nobody has it."
      case .answerUnclear: see + ": your answer about callback 12 is kept as a note, and nobody has it."
      case .answerRefused: see + ": your answer about callback 12 was not carried out, and nobody has it."
      case .closedByMail: see + ": callback 12 was closed by mail."
      }
    var item = Scene.item(reason)
    item.callback.repeatCalls = 2
    #expect(try firstLine(item) == line)
  }

  @Test("for missing messages it asks the service for them, by their numbers alone")
  func missing() throws {
    var item = Scene.item(.announce)
    item.callback.kind = .missing
    item.callback.message.callback = nil
    item.callback.message.regarding = "messages 43 to 45"
    item.callback.message.body = "The service numbers its messages, and SMITH-43 to SMITH-45 have not come in."
    #expect(
      try firstLine(item)
        == "Please phone the service at +1 555 010 9000, quote callback 12 and ask for messages 43 to 45, which did not come in."
    )
    #expect(try !scene.body(item).contains("SMITH"))
  }

  @Test("before the deadline no reason speaks of lateness", arguments: Notice.Reason.allCases)
  func notOverdue(reason: Notice.Reason) throws {
    let item = Scene.item(reason)
    #expect(try !scene.body(item, now: item.callback.dueAt - 1200).contains("overdue"))
  }

  @Test(
    "what its owner is told of a change, a call, a hand-off or a snooze",
    arguments: [
      (.assigned, "Please ring the caller back: callback 12 was given to you."),
      (.repeatCall, "Please ring the caller back: the caller of callback 12 has rung 3 times, and you have it."),
      (
        .amended,
        "Please read the message again, then ring the caller back: the service changed callback 12, and you have it."
      ),
      (
        .withdrawn,
        "Please ring the caller back, or close callback 12 with a reason: "
          + "the service says that the caller no longer wants a call."
      ),
      (.handOff, "Please ring the caller back: you are on call, callback 12 is overdue, and you have it."),
      (
        .snoozed,
        "Please ring the caller back: you put callback 12 off until Mon 23 Nov 14:55, past its deadline."
      ),
    ] as [(Notice.Reason, String)])
  func owners(reason: Notice.Reason, line: String) throws {
    #expect(try firstLine(owned(by: "rivera", reason)) == line)
  }

  @Test(
    "what others are told, who can see that its owner rings",
    arguments: [
      (.assigned, "Please ring the caller back: callback 12 was given to you, and Dr. Chen has it."),
      (
        .repeatCall,
        "Please ring the caller back, or see that Dr. Chen does: "
          + "the caller of callback 12 has rung 3 times, and Dr. Chen has it."
      ),
      (
        .withdrawn,
        "Please ring the caller back, or close callback 12 with a reason, or see that Dr. Chen does: "
          + "the service says that the caller no longer wants a call."
      ),
      (
        .handOff,
        "Please ring the caller back, or see that Dr. Chen does: "
          + "you are on call, callback 12 is overdue, and Dr. Chen has it."
      ),
      (
        .snoozed,
        "Please ring the caller back, or see that Dr. Chen does: "
          + "Dr. Chen put callback 12 off until Mon 23 Nov 14:55, past its deadline."
      ),
      (
        .wrongNumber,
        "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the right number: "
          + "the number given is wrong, and Dr. Chen has it."
      ),
    ] as [(Notice.Reason, String)])
  func others(reason: Notice.Reason, line: String) throws {
    #expect(try firstLine(owned(by: "chen", reason)) == line)
  }

  /// Snoozed, and its caller has rung three times.
  private func owned(by owner: String, _ reason: Notice.Reason) -> OutgoingNotice {
    var item = Scene.item(reason)
    item.callback.state = .owned
    item.callback.owner = owner
    item.callback.snoozedUntil = Scene.now + 1200
    item.callback.repeatCalls = 2
    return item
  }

  @Test("what can't be read is never spoken of as a caller to ring", arguments: Notice.Reason.allCases)
  func unreadable(reason: Notice.Reason) throws {
    for owner in [nil, "rivera", "chen"] {
      var item = Scene.item(reason)
      item.callback.kind = .unreadable
      item.callback.owner = owner
      let line = try firstLine(item)
      #expect(
        line.hasPrefix(
          "Please phone the service at +1 555 010 9000, quote callback 12 and ask for the message, "
            + "which could not be read"))
      #expect(!line.contains("ring the caller") && line.components(separatedBy: "callback 12").count == 2)
    }
  }

  @Test("the third line answers what is asked")
  func answers() throws {
    func third(_ item: OutgoingNotice) throws -> String {
      String(try scene.body(item).split(separator: "\n")[2].dropFirst("Answer on front-desk: ".count))
    }
    #expect(
      try third(Scene.item(.withdrawn)) == "callbackctl ack 12 (I have it), callbackctl done 12 (reached), "
        + #"callbackctl close 12 --reason "withdrawn" (no call wanted)"#)
    #expect(
      try third(owned(by: "rivera", .withdrawn)) == "callbackctl done 12 (reached), "
        + #"callbackctl close 12 --reason "withdrawn" (no call wanted)"#)
    #expect(
      try third(owned(by: "chen", .amended)) == "callbackctl show 12 (what it says now), "
        + "callbackctl ack 12 --take (I have it), callbackctl done 12 (reached)")
  }

  @Test("the facts say whose it is, until when it is put off, when the next try is and how often the caller rang")
  func facts() throws {
    var item = owned(by: "chen", .step)
    item.callback.recipient = "oncall"
    item.callback.retryAt = Scene.now + 1800
    scene.rotations = [Scene.onCall(named: "On call")]
    #expect(
      try scene.body(item).hasSuffix(
        """

        Callback: 12
        Urgency:  urgent
        Account:  riverside
        For:      On call
        State:    Dr. Chen has it, snoozed until Mon 23 Nov 14:55, next try Mon 23 Nov 15:05
        Attempts: 0
        Calls:    3
        Message:  callbackctl show 12

        """))
  }

  @Test("who gets what was given to a team or rotation is told to whom")
  func assignedToRotation() throws {
    var item = Scene.item(.assigned)
    item.callback.recipient = "oncall"
    scene.rotations = [Scene.onCall(named: "On call")]
    #expect(try firstLine(item) == "Please ring the caller back: callback 12 was given to On call, and nobody has it.")
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
    // Neither late nor due any more.
    #expect(try scene.body(item).split(separator: "\n")[1] == "The deadline was Mon 23 Nov 14:25.")
    item.callback.closedAt = Scene.now - 1200
    #expect(
      try scene.body(item).split(separator: "\n")[1]
        == "It was closed Mon 23 Nov 14:15; the deadline was Mon 23 Nov 14:25.")
    #expect(try scene.compose(item).contains("\nSubject: [closed, urgent] Callback 12: riverside\n"))
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
    #expect(mail.contains("\nSubject: [\(words), urgent] Callback 12: riverside\n"))
  }

  @Test("a deadline ahead is given with the time that is left")
  func ahead() throws {
    let item = Scene.item(.reminder)
    let body = try scene.body(item, now: item.callback.dueAt - 1200)
    #expect(body.contains("\nBy Mon 23 Nov 14:25, in 20 min.\n"))
  }
}
