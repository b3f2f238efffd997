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

  @Test("Every kind of event is told in words of its own")
  func events() {
    let history = History(names: [:], clock: clock)
    let sentences = Event.Kind.allCases.map { history.sentence(EventRow(Event(at: sampleNow, $0))) }
    #expect(Set(sentences).count == Event.Kind.allCases.count)
    var unknown = EventRow(Event(at: sampleNow, .note, text: "x"))
    unknown.kind = "frozen"
    #expect(history.sentence(unknown) == "frozen, by callbackd: x")
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
