import CallbackControl
import CallbackRules
import Foundation
import Testing

@testable import callbackctl

@Suite struct StoryTests {
  private let clock = WallClock(now: sampleNow, zone: Zone("America/New_York") ?? .utc)

  @Test("A callback is told whole, and what the message holds stays on its own lines")
  func story() {
    var callback = sampleCallback()
    callback.message.body = "Rang twice.\n\u{1B}[31mNobody there.\n"
    callback.owner = "chen"
    callback.state = .owned
    let events = [
      Event(at: sampleNow, actor: .service("night-desk"), .admitted),
      Event(at: sampleNow, actor: .person("chen", login: "mchen"), .taken, person: "lee"),
      Event(at: sampleNow, actor: .person("chen", login: "mchen"), .note, text: "a\nHistory\n  14:05"),
    ]
    let detail = CallbackDetail(callback, events: events, notices: [], now: sampleNow)
    let reply = ShowReply(detail: detail, names: ["chen": "Dr. Chen", "lee": "Lee"])
    let expected = """
      Callback 12, urgent: Dr. Chen has it; due 14:03 (1 min late).
      It is due 14:03 because that is the policy for what is urgent.

        Ring        (555) 010-4477 ext 2
        Voicemail   may be left
        Caller      Ana Diaz
        Regarding   fever/104
        Taken       13:05
        Account     riverside
        Service     night-desk

          Rang twice.
          �[31mNobody there.

      History
        14:05                 The message came in from the service night-desk
        14:05                 Dr. Chen (as mchen) took it from Lee
        14:05                 Dr. Chen (as mchen) noted: a
                              History
                                14:05

      """
    #expect(Story(reply, clock: clock, width: nil).text == expected)
  }

  @Test("No line is longer than the terminal, and what has no digit is not taken for a number")
  func width() {
    var callback = sampleCallback()
    callback.message.callback = PhoneNumber(written: "same as before", countryCode: "1")
    callback.recipient = "everybody-of-the-night-shift"
    let detail = CallbackDetail(
      callback, events: [Event(at: sampleNow, .notOwned)], notices: [], now: sampleNow)
    let text = Story(
      ShowReply(detail: detail, names: [callback.recipient: "Everybody of the night shift at Riverside"]), clock: clock,
      width: 60
    ).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(text)")
    #expect(
      text.hasPrefix(
        """
        Callback 12, urgent: nobody has it; it is for Everybody of
        the night shift at Riverside; due 14:03 (1 min late).

        """))
    #expect(text.contains("Ring        same as before: no number; look it up, or"))
  }

  @Test(
    "Of one that is closed, how it went against what was promised; of one that was purged, when, and no empty lines")
  func ended() {
    var callback = sampleCallback()
    callback.state = .closed
    callback.toldAt = sampleNow.addingTimeInterval(-3540)
    callback.ownedAt = sampleNow.addingTimeInterval(-3300)
    callback.attemptedAt = sampleNow.addingTimeInterval(-1200)
    callback.reachedAt = sampleNow.addingTimeInterval(-390)
    callback.closedAt = callback.reachedAt
    callback.closedBy = "chen"
    func told() -> String {
      let detail = CallbackDetail(callback, events: [], notices: [], now: sampleNow)
      return Story(ShowReply(detail: detail, names: ["chen": "Dr. Chen"]), clock: clock, width: nil).text
    }
    let course = """
      Callback 12, urgent: closed 13:58 by Dr. Chen.
      After the call: told in 1 min, acknowledged in 5 min, first tried in 40 min, reached in 53 min.
      It was due 14:03, and reached 5 min before that.

      """
    #expect(told().hasPrefix(course), "\(told())")
    callback.reachedAt = nil
    callback.closedAt = sampleNow
    #expect(told().contains("\nIt was due 14:03, and closed, without the patient being reached, 1 min late.\n"))
    callback.purgedAt = sampleNow
    callback.message = Message(takenAt: callback.message.takenAt, service: "night-desk", account: "riverside")
    let purged = told()
    #expect(
      purged.contains(
        "\nWhat the message said was deleted 14:05: it had been closed for as long as callbacks are kept.\n"))
    #expect(purged.contains("\n\n  Taken       13:05\n  Account     riverside\n  Service     night-desk\n\nHistory\n"))
  }

  @Test("What came in later stands below the message, and why the deadline is when it is above")
  func otherMessages() {
    var callback = sampleCallback()
    callback.dueBasis = .reachable
    callback.message.reachableUntil = sampleNow.addingTimeInterval(600)
    callback.repeatCalls = 1
    callback.owner = "chen"
    callback.ownedFor = "oncall"
    callback.state = .owned
    callback.snoozedUntil = sampleNow.addingTimeInterval(300)
    var again = callback.message
    again.body = "Worse now.\n\u{1B}[31m"
    let detail = CallbackDetail(
      callback, otherMessages: [OtherMessageRow(again, part: .repeatCall, at: sampleNow)], events: [], notices: [],
      now: sampleNow)
    let text = Story(
      ShowReply(detail: detail, names: ["chen": "Dr. Chen", "oncall": "On call"]), clock: clock, width: nil
    ).text
    #expect(text.contains("\nDr. Chen has it for On call, while on call.\nDr. Chen snoozes it until 14:10.\n"))
    #expect(text.contains("\nIt is due 14:03 because the caller can be reached until 14:15.\n"))
    #expect(text.contains("\n  Rang again  once\n"))
    #expect(text.contains("\nRang again 14:05\n  Taken       13:05\n  Urgency     urgent\n"))
    #expect(text.contains("\n    Worse now.\n    \u{FFFD}[31m\n\nHistory\n"))
  }

  @Test("An event about another callback gives its number, one that raises the urgency the new one")
  func others() {
    let history = History(names: [:], clock: clock)
    func told(_ event: Event) -> String { history.sentence(EventRow(event)) }
    #expect(told(Event(at: sampleNow, .linked, other: 13)) == "It has to do with another callback: see callback 13")
    #expect(
      told(Event(at: sampleNow, .rangAgain, other: 13)) == "The caller rang again after it was closed: see callback 13")
    #expect(told(Event(at: sampleNow, .raised, urgency: .emergency)) == "Its urgency was raised to emergency")
  }

  @Test("Every kind of event is told in words of its own")
  func events() {
    let history = History(names: [:], clock: clock)
    let sentences = Event.Kind.allCases.map { history.sentence(EventRow(Event(at: sampleNow, $0))) }
    #expect(Set(sentences).count == Event.Kind.allCases.count)
    var unknown = EventRow(Event(at: sampleNow, .note, text: "x"))
    unknown.kind = "frozen"
    #expect(history.sentence(unknown) == "frozen, by callbackd: x")
  }

  @Test(
    "After assigning, who is told and must acknowledge; after snoozing, until when, and who hears of it past the deadline"
  )
  func passedOn() {
    var callback = sampleCallback()
    callback.recipient = "chen"
    callback.dueAt = sampleNow.addingTimeInterval(1800)
    callback.ownBy = sampleNow.addingTimeInterval(600)
    let names = ["chen": "Dr. Chen", "lee": "Lee", "nurses": "The nurses"]
    func said(_ command: Command, told: [String]) -> String {
      Sentence.after(command, ActReply(callback, told: told, names: names, now: sampleNow), clock: clock)
    }
    #expect(
      said(.assign(to: "chen"), told: ["chen"])
        == "Callback 12 is for Dr. Chen now, who is told and must acknowledge by 14:15; it is due 14:35 (in 30 min).")
    callback.recipient = "nurses"
    #expect(
      said(.assign(to: "nurses"), told: ["lee", "chen"])
        == "Callback 12 is for The nurses now; told: Lee, Dr. Chen; somebody must acknowledge by 14:15; it is due 14:35 (in 30 min)."
    )
    callback.snoozedUntil = sampleNow.addingTimeInterval(1200)
    let span = TimeSpan(seconds: 1200)
    #expect(
      said(.snooze(span), told: []) == "Callback 12 leaves you alone until 14:25; it is due 14:35 (in 30 min).")
    callback.snoozedUntil = sampleNow.addingTimeInterval(2400)
    #expect(
      said(.snooze(span), told: ["lee"])
        == "Callback 12 leaves you alone until 14:45, which is past the deadline, so Lee is told; it is due 14:35 (in 30 min)."
    )
  }

  @Test("Outside of the office's hours, who acknowledges hears when the time begins")
  func begins() {
    var callback = sampleCallback()
    callback.dueAt = sampleNow.addingTimeInterval(86_400)
    let reply = ActReply(callback, begins: sampleNow.addingTimeInterval(64_500), now: sampleNow)
    #expect(
      Sentence.after(.acknowledge(take: false), reply, clock: clock)
        == "Callback 12 is yours; reach the patient by Tue 14:05. Your time begins 08:00 on 2026-11-24.")
  }

  @Test("After a command one sentence says what holds")
  func sentences() {
    var callback = sampleCallback()
    callback.owner = "chen"
    callback.dueAt = sampleNow.addingTimeInterval(1800)
    callback.finishBy = sampleNow.addingTimeInterval(1200)
    callback.retryAt = sampleNow.addingTimeInterval(600)
    func said(_ command: Command) -> String {
      Sentence.after(command, ActReply(callback, names: ["chen": "Dr. Chen"], now: sampleNow), clock: clock)
    }
    #expect(said(.acknowledge(take: false)) == "Callback 12 is yours, Dr. Chen; reach the patient by 14:25.")
    #expect(said(.attempt(.noAnswer)) == "Callback 12: no answer; try again at 14:15, it is due 14:35 (in 30 min).")
    #expect(said(.attempt(.reached)) == "Callback 12 is closed: the patient was reached.")
    #expect(said(.reopen) == "Callback 12 is open again and nobody's; it is due 14:35 (in 30 min).")
    callback.dueAt = sampleNow.addingTimeInterval(-3600)
    #expect(
      said(.acknowledge(take: true)) == "Callback 12 is yours, Dr. Chen; it was due 13:05 (60 min late), ring now.")
  }
}
