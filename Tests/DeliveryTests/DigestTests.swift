import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("Digests")
struct DigestTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  private func subject(_ notice: OutgoingNotice, now: Date = Scene.now) throws -> String {
    let line = try scene.compose(notice, now: now).split(separator: "\n").first { $0.hasPrefix("Subject: ") }
    return String(try #require(line).dropFirst("Subject: ".count))
  }

  private func lines(_ notice: OutgoingNotice, now: Date = Scene.now) throws -> [String] {
    try scene.body(notice, now: now).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("several callbacks are one mail, the worst first, that answers no other")
  func three() throws {
    let mail = try scene.compose(Scene.digest())
    #expect(
      mail.components(separatedBy: "\n\n")[0] == """
        Date: Mon, 23 Nov 2026 19:34:00 +0000
        From: "Riverside Family Practice" <callbacks@riverside.example>
        To: "Dr. Rivera" <rivera@riverside.example>
        Subject: 3 callbacks: 2 overdue, worst by 10 min, urgent
        Message-ID: <digest-34.00ff17@riverside.example>
        Importance: high
        X-Priority: 2 (High)
        Auto-Submitted: auto-generated
        X-Auto-Response-Suppress: DR, RN, NRN
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=_callbackd"
        """)
    #expect(
      Scene.part("plain", of: mail) == """
        Please ring these 3 callers back, the worst first, or see that somebody does.
        2 are overdue, the longest by 2 h 5 min; the next is due Mon 23 Nov 14:55, in 20 min.
        Answer on front-desk: callbackctl list --for rivera (all of them), callbackctl ack N (I have it), \
        callbackctl done N (reached)

        12: urgent, overdue by 10 min, riverside, yours to answer; nobody has it
        13: routine, overdue by 2 h 5 min, riverside, not taken in time, not readable: phone the service at \
        +1 555 010 9000; nobody has it
        14: routine, due in 20 min, riverside, new; Dr. Chen has it

        Whom to ring is not in this mail: phone the service at +1 555 010 9000 (night-desk) and quote the callback's number \
        and its account.

        """)
  }

  @Test("of a thousand the worst forty have a line, and the rest a number")
  func thousand() throws {
    let notice = Scene.digest(of: 1000)
    #expect(try subject(notice) == "1,000 callbacks: 1,000 overdue, worst by 16 h 40 min, urgent")
    let lines = try lines(notice)
    #expect(
      lines.prefix(4) == [
        "Please ring these 1,000 callers back, the worst first, or see that somebody does.",
        "All are overdue, the longest by 16 h 40 min.",
        "Answer on front-desk: callbackctl list --for rivera (all of them), callbackctl ack N (I have it), "
          + "callbackctl done N (reached)", "",
      ])
    let listed = (961...1000).reversed().map { number in
      let late = LocalTime.span(seconds: number * 60) ?? ""
      return "\(number): urgent, overdue by \(late), riverside, not taken in time; nobody has it"
    }
    let rest = ["and 960 more: callbackctl list --for rivera", ""]
    #expect(lines.dropFirst(4).dropLast(2) == ArraySlice(listed + rest))
  }

  @Test("the order is urgency, then the deadline")
  func order() throws {
    let items = Digest([(1, .routine, -9000), (2, .urgent, 300), (3, .urgent, -60), (4, .emergency, 600)].map(item))
      .items
    #expect(items.map(\.callback.id) == [4, 3, 2, 1])
  }

  private func item(_ id: Int64, _ urgency: Urgency, _ due: Double) -> OutgoingNotice.Item {
    var item = Scene.item().only
    (item.number, item.callback.id, item.callback.urgency, item.callback.dueAt) = (id, id, urgency, Scene.now + due)
    return item
  }

  @Test(
    "subject and second line say how many are overdue, and by when the others are due",
    arguments: [
      (
        [300, 1200], "2 callbacks: worst due in 5 min, urgent",
        "The first is due Mon 23 Nov 14:40, in 5 min."
      ),
      (
        [-2400, 1200], "2 callbacks: 1 overdue, worst by 40 min, urgent",
        "1 is overdue, by 40 min; the next is due Mon 23 Nov 14:55, in 20 min."
      ),
      ([0, 0], "2 callbacks: 2 overdue, worst due now, urgent", "All are overdue."),
      ([30, 90], "2 callbacks: worst due now, urgent", "The first is due Mon 23 Nov 14:35, now."),
    ] as [([Double], String, String)])
  func deadlines(due: [Double], subject: String, line: String) throws {
    let notice = Scene.notice(of: due.enumerated().map { item(Int64($0), .urgent, $1) })
    #expect(try self.subject(notice) == subject)
    #expect(try lines(notice)[1] == line)
  }

  @Test("where the most urgent is not overdue yet, the subject says so")
  func urgentAhead() throws {
    let notice = Scene.notice(of: [item(1, .routine, -9000), item(2, .urgent, 600)])
    #expect(try subject(notice) == "2 callbacks: 1 overdue, worst due in 10 min, urgent")
  }

  @Test("whoever comes on shift is told so first")
  func handOff() throws {
    var items = [item(1, .routine, -9000), item(2, .urgent, 600)]
    items[0].notice.reason = .handOff
    #expect(
      try lines(Scene.notice(of: items))[0]
        == "You are on call: 2 callbacks are open. Please ring the callers back, the worst first, "
        + "or see that somebody does.")
  }

  @Test("whoever has them all is asked to ring, not to see that somebody does")
  func mine() throws {
    let items = [item(1, .routine, -9000), item(2, .urgent, 600)].map { item in
      var item = item
      (item.callback.state, item.callback.owner) = (.owned, "rivera")
      return item
    }
    #expect(try lines(Scene.notice(of: items))[0] == "Please ring these 2 callers back, the worst first.")
  }

  @Test("the list is narrowed to the person only where it then shows all of them")
  func list() throws {
    var items = [item(1, .routine, -9000), item(2, .urgent, 600)]
    items[0].callback.recipient = "oncall"
    #expect(try lines(Scene.notice(of: items))[2].contains(": callbackctl list (all of them), "))
    scene.rotations = [Scene.onCall(named: "On call")]
    #expect(try lines(Scene.notice(of: items))[2].contains(": callbackctl list --for rivera (all of them), "))
  }

  @Test("a callback of which several notices wait stands there once, with the last; if there is no other, as alone")
  func once() throws {
    var items = [item(2, .urgent, -600), item(2, .urgent, -600), item(3, .urgent, -300)]
    (items[1].number, items[1].notice.reason) = (1, .announce)
    let body = try lines(Scene.notice(of: items))
    #expect(body[0].hasPrefix("Please ring these 2 callers back"))
    #expect(body[4] == "2: urgent, overdue by 10 min, riverside, yours to answer; nobody has it")
    items.removeLast()
    #expect(try subject(Scene.notice(of: items)) == "[overdue by 10 min, urgent] Callback 2: riverside")
    #expect(scene.file(Scene.notice(of: items)).contains(#""callback":2,"#))
  }

  @Test("with detail full it has the messages of those listed, 64 KiB of them at most, and says where the others are")
  func full() throws {
    scene.mail.detail = .full
    var items = (1...60).map { item($0, .urgent, -600) }
    for index in items.indices { items[index].callback.message.body = "text of \(items[index].callback.id)" }
    items[1].callback.message.body = String(repeating: "x", count: 64 << 10)
    let body = try scene.body(Scene.notice(of: items))
    #expect(body.contains("\n\nCallback 1\nNumber: 555-010-4477\n") && body.contains("\ntext of 1\n"))
    #expect(body.contains("\nCallback 2: see callbackctl show 2\n") && !body.contains("xxx"))
    #expect(body.contains("\ntext of 40\n") && !body.contains("text of 41"))
    let file = scene.file(Scene.notice(of: items))
    #expect(file.contains("text of 40") && !file.contains("text of 41") && !file.contains("xxx"))
  }

  @Test("its file has each callback as in a file of its own")
  func file() throws {
    var single = scene.file(Scene.item())
    single.removeLast()
    let file = scene.file(Scene.digest())
    #expect(file.hasPrefix(#"{"callbacks":["# + single + #",{"account":"riverside","attempts":0,"callback":13,"#))
    #expect(
      file.hasSuffix(
        #"}],"created_at":"2026-11-23T19:34:00Z","notice":34,"person":"rivera","reason":"digest","urgency":"urgent"}"#
          + "\n"))
    #expect(scene.file(Scene.digest(of: 1000)).components(separatedBy: #""notice":"#).count == 1002)
  }
}
