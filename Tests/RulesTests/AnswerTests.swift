import CallbackRules
import Foundation
import Testing

/// What becomes of a mail about a notice.
@Suite("Answers by mail")
struct AnswerTests {
  private func mail(_ text: String, from: String = "rivera@riverside.example") -> AnswerMail {
    AnswerMail(senders: [from], text: text)
  }

  private static let toRivera = Notice(person: "rivera", reason: .announce)

  // MARK: - Commands

  @Test("a command is carried out as its person's, and the history has how it was written")
  func acknowledged() {
    var walk = Walk(TestOffice())
    let verdict = walk.answer(mail("Ok, thanks\n\nIn the car, 10 minutes."), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .done && walk.callback.owner == "rivera" && walk.callback.state == .owned)
    let actor = Event.Actor.person("rivera", login: nil)
    #expect(walk.events.suffix(3).map(\.kind) == [.answered, .acknowledged, .note])
    #expect(walk.events.suffix(3).allSatisfy { $0.actor == actor })
    #expect(walk.events.suffix(3).map(\.text) == ["Ok, thanks", nil, "In the car, 10 minutes."])
    #expect(walk.events.first { $0.kind == .answered }?.notice == 7)
    #expect(walk.latestNotices.isEmpty)
  }

  @Test("several are carried out in their order")
  func several() {
    var walk = Walk(TestOffice())
    let verdict = walk.answer(mail("no answer\nsnooze 5m"), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .done && verdict.transitions.count == 1)
    #expect(walk.callback.attempts == 1 && walk.callback.snoozedUntil == at("14:10"))
    #expect(walk.callback.wakeAt != nil)
  }

  @Test("done closes it, and whoever answers for the account is told")
  func done() {
    var office = TestOffice()
    office.accounts = [Account(id: "riverside", recipient: "nurses", zone: .utc)]
    var message = urgentMessage()
    message.account = "riverside"
    var walk = Walk(office, message)
    walk.answer(mail("done"), to: Self.toRivera, at: "14:05")
    #expect(
      walk.callback.state == .closed && walk.callback.closedBy == "rivera" && walk.callback.reachedAt == at("14:05"))
    #expect(walk.latestNotices.map(\.person) == ["lee", "okafor"])
    #expect(walk.latestNotices.allSatisfy { $0.reason == .closedByMail })
    #expect(walk.latestNotices.first?.text == "Dr. Rivera closed callback 0 by mail.")
  }

  @Test("where nobody answers for the account, the fallback is told that it was closed by mail")
  func doneWithoutAccount() {
    var walk = Walk(TestOffice())
    walk.answer(mail("done"), to: Self.toRivera, at: "14:05")
    #expect(walk.lines.last == "14:05 manager closed-by-mail")
  }

  @Test("pass to somebody gives it away, by any name that a message may use")
  func passed() {
    for name in ["chen", "Dr. Chen", "oncall"] {
      var walk = Walk(TestOffice())
      walk.answer(mail("pass to \(name)"), to: Self.toRivera, at: "14:05")
      #expect(walk.lines.last == "14:05 chen assigned")
    }
  }

  @Test("what the rules refuse is told to who wrote it, with the reason, and changes nothing")
  func refused() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.acknowledge(take: false), by: "chen", at: "14:02")
    let before = walk.callback
    let verdict = walk.answer(mail("ok"), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .refused && walk.callback == before)
    let text = "Dr. Chen has it since 14:02 on 2026-11-23. Answer “take over” to have it instead."
    #expect(walk.latestNotices == [Notice(person: "rivera", reason: .answerRefused, text: text)])
    #expect(walk.events.contains { $0.kind == .answerRefused && $0.text == text + " It said: ok" })
    walk.answer(mail("take over"), to: Self.toRivera, at: "14:06")
    #expect(walk.callback.owner == "rivera")
  }

  @Test("a name that nobody has is told so, and is not repeated in a mail")
  func unknownName() {
    var walk = Walk(TestOffice())
    let verdict = walk.answer(mail("pass to Mrs Adler"), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .refused && walk.callback.recipient == "rivera")
    #expect(walk.latestNotices.map(\.reason) == [.answerRefused])
    #expect(walk.latestNotices.first?.text?.contains("Adler") == false)
    #expect(walk.events.last(where: { $0.kind == .answerRefused })?.text?.contains("pass to Mrs Adler") == true)
  }

  // MARK: - Notes

  @Test("what is no command is a note, and its writer is told once how to answer")
  func note() {
    var walk = Walk(TestOffice())
    let text = "Not done yet.\nShe was at her sister's."
    let verdict = walk.answer(mail(text), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .noted && walk.callback.isOpen && walk.callback.owner == nil)
    #expect(walk.events.contains { $0.kind == .note && $0.text == text && $0.actor.personId == "rivera" })
    #expect(walk.lines.last == "14:05 rivera answer-unclear")
    walk.answer(mail(text), to: Self.toRivera, at: "14:06") { $0.entries[0].isTaught = true }
    #expect(walk.latestNotices.isEmpty)
  }

  @Test("a mail without text is one too")
  func empty() {
    var walk = Walk(TestOffice())
    #expect(walk.answer(mail("\n> done\n"), to: Self.toRivera, at: "14:05").outcome == .noted)
    #expect(walk.callback.isOpen && walk.lines.last == "14:05 rivera answer-unclear")
  }

  @Test("whoever has been told of many answers today is told of no more, and the history still has each")
  func cap() {
    var walk = Walk(TestOffice())
    walk.answer(mail("what?"), to: Self.toRivera, at: "14:05") { $0.toldToday = 20 }
    #expect(walk.latestNotices.isEmpty && walk.history.contains(.note))
    walk.answer(mail("pass to nobody"), to: Self.toRivera, at: "14:06") { $0.entries[0].refusals = 5 }
    #expect(walk.latestNotices.isEmpty && walk.history.last == .answerRefused)
  }

  // MARK: - Who, and when

  @Test(
    "an answer counts from its person's address alone",
    arguments: [
      ["chen@riverside.example"], [], ["rivera@riverside.example", "chen@riverside.example"],
      ["rivera@riverside.example.org"],
      ["rivera"],
    ])
  func sender(senders: [String]) {
    var walk = Walk(TestOffice())
    let before = walk.callback
    let verdict = walk.answer(AnswerMail(senders: senders, text: "done"), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .refused && walk.callback == before)
    #expect(walk.history.contains(.answerRefused))
    // Who has got the mail hears of it, whoever wrote that.
    #expect(walk.lines.last == "14:05 rivera answer-refused")
  }

  @Test("in whatever case it is written")
  func senderCase() {
    var walk = Walk(TestOffice())
    walk.answer(mail("ok", from: "Rivera@RIVERSIDE.example"), to: Self.toRivera, at: "14:05")
    #expect(walk.callback.owner == "rivera")
  }

  @Test("somebody who has left can do nothing")
  func hasLeft() {
    var office = TestOffice()
    var walk = Walk(office)
    office.change("rivera") { $0.active = false }
    walk.reload(office, at: "14:02")
    let before = walk.callback
    #expect(walk.answer(mail("done"), to: Self.toRivera, at: "14:05").outcome == .refused)
    #expect(walk.callback == before && walk.latestNotices.isEmpty)
  }

  @Test("after it was closed an answer comes too late, and its writer is told")
  func tooLate() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.done, by: "chen", at: "14:04")
    let verdict = walk.answer(mail("no answer\nring again"), to: Self.toRivera, at: "14:05")
    #expect(verdict.outcome == .refused && walk.callback.state == .closed && walk.callback.attempts == 1)
    #expect(walk.lines.last == "14:05 rivera answer-refused")
    #expect(walk.events.last(where: { $0.kind == .answerRefused })?.text?.contains("no answer; ring again") == true)
  }

  @Test("so does one to a mail from before it was closed, though it be open again")
  func expired() throws {
    var walk = Walk(TestOffice())
    try walk.apply(.done, by: "chen", at: "14:04")
    try walk.apply(.reopen, by: "chen", at: "14:05")
    walk.answer(mail("done"), to: Self.toRivera, at: "14:06") { $0.entries[0].isExpired = true }
    #expect(walk.callback.isOpen && walk.lines.last == "14:06 rivera answer-refused")
  }

  // MARK: - Numbers

  @Test("the number of the mail's own callback may be named, another's not")
  func number() {
    var walk = Walk(TestOffice())
    #expect(walk.answer(mail("99 done"), to: Self.toRivera, at: "14:05").outcome == .refused)
    #expect(walk.callback.isOpen)
  }

  private func digest(_ text: String, of numbers: [Int64]) -> AnswerVerdict {
    let walk = Walk(TestOffice())
    let entries = numbers.enumerated().map { index, number in
      var callback = walk.callback
      callback.id = number
      return AnsweredNotice.Entry(
        number: Int64(index + 1), notice: Self.toRivera, callback: callback, createdAt: callback.admittedAt)
    }
    return walk.rules.answer(
      mail(text), to: AnsweredNotice(number: 1, person: "rivera", entries: entries), at: at("14:05"))
  }

  @Test("in answer to a digest the number must be named, and each line is for its callback")
  func digestLines() {
    let verdict = digest("12 ok\n13 no answer\nboth at lunch", of: [11, 12, 13])
    #expect(verdict.outcome == .done && verdict.transitions.map(\.callback.id) == [12, 13])
    #expect(verdict.transitions.map(\.callback.state) == [.owned, .retrying])
    let notes = verdict.transitions.map { $0.events.filter { $0.kind == .note }.map(\.text) }
    #expect(notes == [["both at lunch"], ["both at lunch"]])
  }

  @Test("in answer to a digest a command without a number, or with one of another mail, does nothing")
  func digestWithoutNumber() {
    for text in ["done", "14 done", "12 14 done"] {
      let verdict = digest(text, of: [11, 12, 13])
      #expect(verdict.outcome == .refused && verdict.transitions.map(\.callback.id) == [11])
      #expect(verdict.transitions.map(\.callback.isOpen) == [true])
      #expect(verdict.transitions.flatMap(\.notices).map(\.reason) == [.answerRefused])
    }
  }

  @Test("a note in answer to a digest is on each of its callbacks, and its writer is told once")
  func digestNote() {
    let verdict = digest("I am ill, please somebody else", of: [11, 12, 13, 12])
    #expect(verdict.outcome == .noted && verdict.transitions.map(\.callback.id) == [11, 12, 13])
    #expect(verdict.transitions.flatMap(\.notices).map(\.reason) == [.answerUnclear])
  }

  @Test("where the first of a digest is closed, its reader is still told that a note does nothing for the others")
  func digestBegunByClosed() throws {
    let walk = Walk(TestOffice())
    var closed = walk
    try closed.apply(.done, by: "chen", at: "14:01")
    let entries = [closed.callback, walk.callback, walk.callback].enumerated().map { index, callback in
      var callback = callback
      callback.id = Int64(11 + index)
      return AnsweredNotice.Entry(
        number: Int64(index + 1), notice: Self.toRivera, callback: callback, createdAt: callback.admittedAt)
    }
    let verdict = walk.rules.answer(
      mail("I will ring all of them now"), to: AnsweredNotice(number: 1, person: "rivera", entries: entries),
      at: at("14:05"))
    #expect(verdict.transitions.map { $0.notices.map(\.reason) } == [[.answerRefused], [.answerUnclear], []])
  }

  @Test("of many refusals in one mail the person is told of some")
  func manyRefusals() {
    let numbers = (1...40).map { Int64($0) }
    let verdict = digest(numbers.map { "\($0) snooze 20m" }.joined(separator: "\n"), of: numbers)
    #expect(verdict.outcome == .refused && verdict.transitions.count == 40)
    #expect(verdict.transitions.flatMap(\.notices).count == 5)
  }

  // MARK: - Mails that told nobody

  private static let bounce = AnswerMail(
    subject: "Undelivered Mail Returned to Sender", reportType: "delivery-status",
    reports: [DeliveryReport(action: "failed", status: "5.1.1")])

  @Test("a mail that comes back means that nobody was told: the next step is taken at once")
  func bounced() {
    var walk = Walk(TestOffice())
    let verdict = walk.answer(Self.bounce, to: Self.toRivera, at: "14:01")
    #expect(verdict.outcome == .notTold && walk.lines.last == "14:01 chen step 1")
    #expect(verdict.fates == [7: .failed(why: "it could not be delivered (5.1.1)")])
    #expect(walk.events.contains { $0.kind == .notTold && $0.person == "rivera" && $0.notice == 7 })
    // A further report of it changes nothing.
    let again = walk.answer(Self.bounce, to: Self.toRivera, at: "14:02") { $0.entries[0].isDelivered = false }
    #expect(again == AnswerVerdict(.ignored))
  }

  @Test("so does a program's answer, and nobody answers that")
  func outOfOffice() {
    var walk = Walk(TestOffice())
    var mail = mail("I am away until Monday. done", from: "rivera@riverside.example")
    mail.header["auto-submitted"] = "auto-replied"
    #expect(walk.answer(mail, to: Self.toRivera, at: "14:01").outcome == .notTold)
    #expect(walk.callback.isOpen && walk.lines.last == "14:01 chen step 1")
  }

  @Test("where the person has a further channel, that is used instead")
  func nextChannel() {
    var office = TestOffice()
    office.change("rivera") { $0.channels = ["mail", "pager"] }
    var walk = Walk(office)
    let verdict = walk.answer(Self.bounce, to: Self.toRivera, at: "14:01")
    #expect(verdict.fates == [7: .nextChannel] && walk.latestNotices.isEmpty && walk.history.last == .notTold)
    // A second report of the same mail, after the pager took it.
    let again = walk.answer(Self.bounce, to: Self.toRivera, at: "14:02") { $0.channelIndex = 1 }
    #expect(again == AnswerVerdict(.ignored) && walk.timetable == "14:00 rivera announce")
    office.change("rivera") { $0.channels = ["pager", "mail"] }
    var last = Walk(office)
    last.answer(Self.bounce, to: Self.toRivera, at: "14:02") { $0.channelIndex = 1 }
    #expect(last.lines.last == "14:02 chen step 1")
  }

  @Test("no step is taken where others know, where the person has it since, or where it is closed")
  func notNeeded() throws {
    var others = Walk(TestOffice())
    others.answer(Self.bounce, to: Self.toRivera, at: "14:01") { $0.entries[0].othersMayKnow = true }
    var owned = Walk(TestOffice())
    try owned.apply(.acknowledge(take: false), by: "rivera", at: "14:01")
    owned.answer(Self.bounce, to: Self.toRivera, at: "14:02")
    var closed = Walk(TestOffice())
    try closed.apply(.done, by: "chen", at: "14:01")
    closed.answer(Self.bounce, to: Self.toRivera, at: "14:02")
    for walk in [others, owned, closed] {
      #expect(walk.history.last == .notTold && walk.timetable == "14:00 rivera announce")
    }
    #expect(closed.callback.wakeAt == nil)
  }

  @Test("one that is late is noted, and one that was delivered or displayed is nothing")
  func others() {
    var walk = Walk(TestOffice())
    var mail = Self.bounce
    mail.reports = [DeliveryReport(action: "delayed", status: "4.4.1")]
    #expect(walk.answer(mail, to: Self.toRivera, at: "14:01").outcome == .ignored)
    #expect(walk.history.last == .deliveryDelayed && walk.timetable == "14:00 rivera announce")
    mail.reports = [DeliveryReport(action: "delivered")]
    #expect(walk.answer(mail, to: Self.toRivera, at: "14:02") == AnswerVerdict(.ignored))
  }

  @Test("an alarm that comes back goes by the next channel, if there is one")
  func alarm() {
    var office = TestOffice()
    let notice = AnsweredNotice(number: 9, person: "manager", isAlarm: true, entries: [])
    func fates() -> [Int64: AnswerVerdict.NoticeFate] {
      office.rules.answer(Self.bounce, to: notice, at: at("14:01")).fates
    }
    #expect(fates() == [9: .failed(why: "it could not be delivered (5.1.1)")])
    office.change("manager") { $0.channels = ["mail", "pager"] }
    #expect(fates() == [9: .nextChannel])
  }

  // MARK: - Mails that belong to nothing

  @Test("of one from a person of the office the fallback hears, once a day; of others nobody")
  func stray() {
    let rules = TestOffice().rules
    let cry = rules.stray(mail("I had an accident"), at: at("14:05"))
    #expect(cry.outcome == .stray && cry.transitions.isEmpty)
    #expect(cry.alarm == Alarm(.strayAnswer, from: at("00:00"), until: at("14:05"), person: "rivera"))
    #expect(rules.stray(mail("again"), at: at("23:05")).alarm?.key == cry.alarm?.key)
    #expect(rules.stray(mail("buy now", from: "spam@example.org"), at: at("14:05")).alarm == nil)
    var outOfOffice = mail("I am away")
    outOfOffice.header["auto-submitted"] = "auto-replied"
    #expect(rules.stray(outOfOffice, at: at("14:05")).alarm == nil)
    #expect(rules.stray(nil, at: at("14:05")).alarm == Alarm(.strayAnswer, from: at("00:00"), until: at("14:05")))
  }

  @Test("one that names a callback, and none of its notices, is a line in that one's history, and changes nothing")
  func guessed() {
    let walk = Walk(TestOffice())
    let verdict = walk.rules.stray(mail("done", from: "x@example.org"), meaning: walk.callback, at: at("14:05"))
    #expect(verdict.transitions.map(\.callback) == [walk.callback])
    #expect(verdict.transitions.flatMap(\.events).map(\.kind) == [.answerRefused])
  }
}
