import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Alarms")
struct AlarmTests {
  let scene: Scene

  init() throws {
    scene = try Scene()
    scene.rotations = [Scene.onCall(named: "On call")]
  }

  private static func alarm(
    _ kind: Alarm.Kind, from: Double, until: Double, passed: Int = 0, rotation: String? = nil
  ) -> OutgoingNotice {
    Scene.alarm(
      Alarm(
        kind, from: Scene.now + from, until: Scene.now + until, promisesPassed: passed, rotation: rotation))
  }

  @Test("the fallback is told that the daemon was down, since when and what it means")
  func downTime() throws {
    let mail = try scene.compose(Self.alarm(.downTime, from: -5400, until: -60, passed: 3))
    #expect(
      mail.components(separatedBy: "\n\n")[0] == """
        Date: Mon, 23 Nov 2026 19:34:00 +0000
        From: "Riverside Family Practice" <callbacks@riverside.example>
        To: "Dr. Chen" <chen@riverside.example>
        Subject: callbackd: was down 13:05 to 14:34, 3 promises passed
        Message-ID: <alarm-34.00ff17@riverside.example>
        Importance: high
        X-Priority: 2 (High)
        Auto-Submitted: auto-generated
        X-Auto-Response-Suppress: DR, RN, NRN
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=_callbackd"
        """)
    #expect(
      Scene.part("plain", of: mail) == """
        callbackd was down from Mon 23 Nov 13:05 to Mon 23 Nov 14:34, 1 h 29 min.
        Meanwhile nobody was told of anything, and 3 promises passed: whoever owes these calls is told now.
        Please see what is overdue on front-desk: callbackctl list --overdue; why it was down: journalctl -u callbackd

        """)
  }

  @Test("the fallback is told that a service is silent, since when, and whom to phone")
  func silentService() throws {
    let silent = Alarm(.silentService, from: Scene.now - 14_400, until: Scene.now, service: "night-desk")
    #expect(
      try scene.body(Scene.alarm(silent)) == """
        The service night-desk has sent nothing since Mon 23 Nov 10:35, for 4 h.
        Either nobody rang, or its messages do not reach this machine, and callers wait in vain.
        Please phone the service at +1 555 010 9000, ask what it has sent since then, and have that sent again or read out.

        """)
  }

  @Test("the fallback is told that nothing goes out by a channel, how many notices wait, and when it does again")
  func channels() throws {
    let from = Scene.now - 3600
    let trouble = Alarm(.channelTrouble, from: from, until: Scene.now, channel: "mail", notices: 1012)
    #expect(
      try scene.compose(Scene.alarm(trouble)).contains(
        "\nSubject: callbackd: nothing goes out by mail since 13:35, 1,012 notices wait\n"))
    #expect(
      try scene.body(Scene.alarm(trouble)) == """
        Since Mon 23 Nov 13:35 nothing has gone out by mail, for 1 h; 1,012 notices wait.
        Whoever has no other channel is told of nothing meanwhile; the steps of each callback go on.
        Please see what is wrong on front-desk: callbackctl status, journalctl -u callbackd; until it is mended, see \
        what is due: callbackctl list

        """)
    let restored = Alarm(.channelRestored, from: from, until: Scene.now, channel: "pager")
    #expect(
      try scene.body(Scene.alarm(restored)) == """
        Nothing went out by the channel pager from Mon 23 Nov 13:35 to Mon 23 Nov 14:35, 1 h. Notices do again.
        What waited goes out now; what was closed meanwhile is not told.
        Please see what is overdue on front-desk: callbackctl list --overdue

        """)
    #expect(
      scene.file(Scene.alarm(trouble))
        == #"{"channel":"mail","created_at":"2026-11-23T19:34:00Z","from":"2026-11-23T18:35:00Z","kind":"alarm","#
        + #""notice":34,"notices":1012,"person":"chen","promises_passed":0,"reason":"channel-trouble","#
        + #""until":"2026-11-23T19:35:00Z"}"# + "\n")
  }

  @Test("the fallback is told that a notice has waited for too long, how many wait, and when none does any more")
  func lateNotices() throws {
    let from = Scene.now - 600
    let trouble = Alarm(.deliveryTrouble, from: from, until: Scene.now, notices: 3)
    #expect(
      try scene.compose(Scene.alarm(trouble)).contains(
        "\nSubject: callbackd: a notice has waited since 14:25, 3 notices wait\n"))
    #expect(
      try scene.body(Scene.alarm(trouble)) == """
        A notice that could have gone Mon 23 Nov 14:25 has not been handed over for 10 min; 3 notices wait in all.
        Whoever it is for has not been told by it, though others may be told; the steps of each callback go on.
        Please see what is wrong on front-desk: callbackctl status, journalctl -u callbackd; until it is mended, see \
        what is due: callbackctl list

        """)
    let restored = Alarm(.deliveryRestored, from: from, until: Scene.now)
    #expect(
      try scene.body(Scene.alarm(restored)) == """
        Notices waited for too long from Mon 23 Nov 14:25 to Mon 23 Nov 14:35, 10 min. None does any more.
        What waited was handed over, or given up, and the next channel or step taken.
        Please see what is overdue on front-desk: callbackctl list --overdue

        """)
    #expect(scene.file(Scene.alarm(trouble)).contains(#""notices":3,"#))
  }

  @Test("a canary is a mail of no importance that says what its absence means, and leaves no file")
  func canary() async throws {
    let canary = Scene.alarm(Alarm(.canary, from: Scene.now, until: Scene.now))
    let mail = try scene.compose(canary)
    #expect(mail.contains("\nSubject: callbackd: mails go out\n") && !mail.contains("Importance"))
    #expect(
      try scene.body(canary) == """
        This mail left callbackd on front-desk Mon 23 Nov 14:35, and it has arrived.
        One is sent after each start and every morning, so that it is missed when mails no longer arrive.
        There is nothing to do; on a morning without it, please see why on front-desk: callbackctl status

        """)
    scene.mail.sendmail = "/bin/true"
    #expect(await scene.deliverer.deliver(canary, now: Scene.now) == Delivery(outcome: .delivered))
    #expect(!scene.exists("notifications/34.json"))
  }

  @Test("the fallback is told that the clock was set")
  func clockSet() throws {
    #expect(
      try scene.body(Self.alarm(.clockSet, from: -7200, until: 0, passed: 1)) == """
        The clock of front-desk was set forward by 2 h, from Mon 23 Nov 12:35 to Mon 23 Nov 14:35.
        What was due in between is late at once, and 1 promise passed: whoever owes these calls is told now.
        Please set the clock right if it is wrong, then see what is overdue on front-desk: callbackctl list --overdue

        """)
  }

  @Test("the fallback is told of a time for which nobody is on call")
  func coverageGap() throws {
    #expect(
      try scene.body(Self.alarm(.coverageGap, from: 408_300, until: 494_700, rotation: "oncall")) == """
        Nobody is on call in On call from Sat 28 Nov 08:00 to Sun 29 Nov 08:00.
        A step that tells this rotation then tells nobody: the next is taken at once, and at last Dr. Chen is told.
        Please give somebody this time in the configuration, and reload it; who has which on front-desk: \
        callbackctl oncall --days 14

        """)
  }

  @Test("the fallback is told of trouble with the spool while it lasts, and when it is over")
  func spool() throws {
    #expect(
      try scene.body(Self.alarm(.spoolTrouble, from: -120, until: -60)) == """
        Since Mon 23 Nov 14:33 callbackd has not been able to use its spool as it should.
        Messages may wait there unread, and their callers with them; callbacks that are in are still reminded of.
        Please see what is wrong on front-desk: callbackctl status; until it is mended, have messages phoned through

        """)
    #expect(
      try scene.body(Self.alarm(.spoolRestored, from: -5400, until: -60)) == """
        callbackd could not use its spool as it should from Mon 23 Nov 13:05 to Mon 23 Nov 14:34, 1 h 29 min. It can again.
        Messages that waited there are taken in; those that came in late may be overdue.
        Please see what is overdue on front-desk: callbackctl list --overdue

        """)
  }

  @Test("the fallback is told of trouble with the store while it lasts, and when it is over")
  func storage() throws {
    #expect(
      try scene.body(Self.alarm(.storageTrouble, from: -120, until: -60)) == """
        Since Mon 23 Nov 14:33 callbackd has not been able to write to its store.
        Meanwhile no message is taken in, nobody is told of any callback, and nothing that people do is noted.
        Please see what is wrong on front-desk: callbackctl status, journalctl -u callbackd; until it is mended, ask the service \
        for its messages, and see what is due: callbackctl list

        """)
    #expect(
      try scene.body(Self.alarm(.storageRestored, from: -5400, until: -60)) == """
        callbackd could not write to its store from Mon 23 Nov 13:05 to Mon 23 Nov 14:34, 1 h 29 min. It can again.
        Messages that waited in the spool are taken in, and what fell due is told now.
        Please see what is overdue on front-desk: callbackctl list --overdue

        """)
  }

  @Test("the fallback is told of a file that stays unfinished, without its name")
  func staleFiles() throws {
    #expect(
      try scene.body(Self.alarm(.staleFiles, from: -5400, until: -60)) == """
        A file in the spool has been unfinished since Mon 23 Nov 13:05.
        A transfer may have died, and its message is not in.
        Please ask the service what it sent then, and have it sent again; the file lies in the spool's incoming/ on front-desk

        """)
  }

  @Test(
    "the subject says what happened, with no more of a time than is needed",
    arguments: [
      (
        alarm(.downTime, from: -86_400, until: 0, passed: 1203),
        "was down Sun 14:35 to Mon 14:35, 1,203 promises passed"
      ),
      (alarm(.downTime, from: -604_800, until: 0), "was down Mon 16 Nov 14:35 to Mon 23 Nov 14:35, no promise passed"),
      (
        alarm(.clockSet, from: -7200, until: 0, passed: 3), "the clock was set forward by 2 h, 3 promises passed"
      ),
      (alarm(.clockSet, from: -40, until: 0), "the clock was set forward by 40 s, no promise passed"),
      (
        alarm(.coverageGap, from: 408_300, until: 494_700, rotation: "oncall"),
        "nobody is on call in On call from Sat 08:00 to Sun 08:00"
      ),
      (
        alarm(.coverageGap, from: 1_013_100, until: 1_099_500, rotation: "oncall"),
        "nobody is on call in On call from Sat 5 Dec 08:00 to Sun 6 Dec 08:00"
      ),
      (alarm(.spoolTrouble, from: -120, until: 0), "trouble with the spool since 14:33"),
      (alarm(.spoolRestored, from: -5400, until: 0), "the spool is in order again, after 1 h 30 min of trouble"),
      (alarm(.storageTrouble, from: -86_400, until: 0), "the store has taken nothing since Sun 14:35"),
      (alarm(.storageRestored, from: -40, until: 0), "the store is in order again, after 40 s of trouble"),
      (alarm(.staleFiles, from: -5400, until: 0), "a file has been unfinished since 13:05"),
      (alarm(.coverageGap, from: 0, until: 600), "nobody is on call from 14:35 to 14:45"),
    ])
  func subjects(notice: OutgoingNotice, subject: String) throws {
    let mail = try scene.compose(notice).replacingOccurrences(of: "\n ", with: " ")
    #expect(mail.contains("\nSubject: callbackd: \(subject)\n"))
  }

  @Test("where no promise passed, it says so")
  func nothingPassed() throws {
    #expect(
      try scene.body(Self.alarm(.downTime, from: -5400, until: -60))
        .contains("\nMeanwhile nobody was told of anything, but no promise passed.\n"))
  }

  @Test("its file says what it is")
  func file() {
    #expect(
      scene.file(Self.alarm(.coverageGap, from: 408_300, until: 494_700, rotation: "oncall"))
        == #"{"created_at":"2026-11-23T19:34:00Z","from":"2026-11-28T13:00:00Z","kind":"alarm","notice":34,"#
        + #""person":"chen","promises_passed":0,"reason":"coverage-gap","rotation":"oncall","#
        + #""until":"2026-11-29T13:00:00Z"}"# + "\n")
  }
}
