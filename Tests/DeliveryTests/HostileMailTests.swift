import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

/// Values that try to act in a header, a body, a terminal or a mail reader.
let hostileValues = [
  "x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com\n\nbody", "x\rBcc: evil@example.com",
  "x\u{0}y", "x\u{2028}Bcc: evil@example.com", "x\u{85}Bcc: evil@example.com", "x\u{B}y\u{C}z",
  "=?utf-8?Q?x=0ABcc:_evil@example.com?=", "=?utf-8?B?eA==?= =?utf-8?B?eQ==?=", "\"quoted\" \\ <evil@example.com>, b@c",
  "(comment", "\u{1B}]0;title\u{7}\u{1B}[2J", "\u{202E}gnp.exe", ".", "..", "\n.\n", "From x\nFrom y", ">From",
  String(repeating: "x", count: 5000), String(repeating: "é", count: 3000), String(repeating: "👩‍👩‍👧 ", count: 300),
  String(repeating: "a b", count: 2000), "  leading and trailing  ", "\t", "", " ", "=", "==", "=\n", "a=\n b",
  "ending \n",
  "مرحبا", "王小明", "Ärztin Müller", "a\u{301}", "-oQ/tmp", "$(touch x)", "`id`", "%s%n", "<script>", "--boundary\n",
  "Content-Type: text/html\n\n<b>", ":", "x:", "@", "<>", ";", ",",
]

/// Reads the mails that are its arguments, with any defect an error, and prints what a mail program would show.
private let checker = """
  import email, email.policy, json, sys
  strict = email.policy.default.clone(raise_on_defect=True)
  shown = []
  for path in sys.argv[1:]:
      raw = open(path, "rb").read()
      assert raw.isascii(), path
      assert b"\\r" not in raw and b"\\0" not in raw, path
      assert max(map(len, raw.split(b"\\n"))) <= 998, path
      head, body = raw.split(b"\\n\\n", 1)
      assert all(len(line) <= 78 or b"Message-ID: <" in line or b"<callback-12" in line for line in head.split(b"\\n")), path
      assert max(map(len, body.split(b"\\n"))) <= 76, path
      assert not any(line.startswith((b".", b"From ")) for line in body.split(b"\\n")), path
      mail = email.message_from_bytes(raw, policy=strict)
      assert not mail.defects and mail.get_content_type() == "multipart/alternative", path
      plain, page = mail.iter_parts()
      assert not plain.defects and plain.get_content_type() == "text/plain", path
      assert not page.defects and page.get_content_type() == "text/html", path
      for name, value in mail.items():
          assert not value.defects, (path, name, value.defects)
      assert len(mail["from"].addresses) == 1 and len(mail["to"].addresses) == 1, path
      shown.append({"names": mail.keys(), "from": mail["from"].addresses[0].addr_spec,
                    "to": mail["to"].addresses[0].addr_spec, "display": mail["to"].addresses[0].display_name,
                    "subject": mail["subject"], "id": mail["message-id"].strip(), "body": plain.get_content(), "page": page.get_content()})
  print(json.dumps(shown))
  """

private struct Shown: Decodable {
  let names: [String]
  let from: String
  let to: String
  let display: String
  let subject: String
  let id: String
  let body: String
  let page: String
}

extension HandingOver {
  @Suite("Hostile values")
  struct HostileMailTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    @Test("no value in any field makes a mail that a strict reader finds fault with, or that has another header")
    func strictlyRead() throws {
      let plain = try Set(shown([scene.compose(Scene.item())])[0].names)
      let mails = try hostileValues.map { value in
        scene.mail.detail = .full
        return try scene.compose(hostileItem(value))
      }
      for (value, shown) in zip(hostileValues, try shown(mails)) {
        let line = VisibleText(value).line
        expectPlain(shown, names: plain, id: "<callback-12.34.", to: "rivera@riverside.example", value)
        #expect(shown.subject == "[overdue by 10 min, urgent] Callback 12: \(line)".trimmingCharacters(in: [" "]))
        #expect(value.isEmpty || shown.body.contains(VisibleText(value).lines), "\(value.debugDescription)")
      }
    }

    @Test("nor does it in a digest")
    func digests() throws {
      let plain = try Set(shown([scene.compose(Scene.digest())])[0].names)
      let mails = try hostileValues.map { value in
        scene.mail.detail = .full
        var one = hostileItem(value).only
        var other = one
        one.callback.message.callback = Scene.item().callback.message.callback
        (other.number, other.callback.id, other.callback.kind, other.callback.owner) = (35, 13, .unreadable, nil)
        (other.callback.recipient, other.notice.reason) = (value, .assigned)
        var notice = Scene.notice(of: [one, other])
        notice.token = value
        return try scene.compose(notice)
      }
      for (value, shown) in zip(hostileValues, try shown(mails)) {
        let line = VisibleText(value).line
        expectPlain(shown, names: plain, id: "<digest-34.", to: "rivera@riverside.example", value)
        #expect(shown.subject == "2 callbacks: 2 overdue, worst by 10 min, urgent")
        let twelve = VisibleText("12: urgent, overdue by 10 min, \(line), yours to answer; \(line) has it").line
        #expect(shown.body.contains("\n\(twelve)\n"))
        #expect(
          shown.body.contains("\n13: urgent, overdue by 10 min, \(line), given to \(line), not readable: phone the"))
      }
    }

    @Test("nor does a name in an alarm", arguments: Alarm.Kind.allCases)
    func alarms(kind: Alarm.Kind) throws {
      let notice = Scene.alarm(Alarm(kind, from: Scene.now - 3600, until: Scene.now, rotation: "oncall"))
      let plain = try Set(shown([scene.compose(notice)])[0].names)
      let mails = try hostileValues.map { value in
        _ = hostileItem(value)
        scene.rotations = [Scene.onCall(named: value)]
        var notice = notice
        notice.token = value
        return try scene.compose(notice)
      }
      for (value, shown) in zip(hostileValues, try shown(mails)) {
        let line = VisibleText(value).line
        expectPlain(shown, names: plain, id: "<alarm-34.", to: "chen@riverside.example", value)
        #expect(shown.subject.hasPrefix("callbackd: "))
        #expect(shown.body.split(separator: "\n").count == 3)
        let gap = VisibleText("callbackd: nobody is on call in \(line) from 13:35 to 14:35").line
        #expect(kind != .coverageGap || shown.subject == gap)
      }
    }

    private func expectPlain(_ shown: Shown, names: Set<String>, id: String, to address: String, _ value: String) {
      let what = Comment(rawValue: value.debugDescription)
      #expect(shown.names.count == names.count && Set(shown.names) == names, what)
      #expect(shown.from == "callbacks@riverside.example")
      #expect(shown.to == address)
      #expect(shown.id.hasPrefix(id) && shown.id.hasSuffix("@riverside.example>"), what)
      // Python before 3.13 shows a space between encoded words in a name, against RFC 2047, 6.2.
      #expect(Self.withoutSpaces(shown.display) == Self.withoutSpaces(VisibleText(value).line), what)
    }

    private static func withoutSpaces(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != " " }))
    }

    @Test("no name of a host breaks a Message-ID", arguments: hostileValues)
    func hosts(name: String) throws {
      scene.mail.from = "callbackd"
      scene.host = name
      let mail = try scene.compose(Scene.item())
      let line = try #require(mail.split(separator: "\n").first { $0.hasPrefix("Message-ID: ") })
      #expect(line.hasPrefix("Message-ID: <callback-12.34.00ff17@") && line.hasSuffix(">"))
      #expect(MailAddress("x@" + line.dropFirst("Message-ID: <callback-12.34.00ff17@".count).dropLast()) != nil)
    }

    /// With the value in every field that is text.
    private func hostileItem(_ value: String) -> OutgoingNotice {
      scene.people[0].name = value
      scene.people[1].name = value
      scene.officeName = value
      scene.host = value
      var item = Scene.item()
      item.token = value
      item.callback.owner = "chen"
      item.callback.state = .owned
      var message = item.callback.message
      message.account = value
      message.unknownAccount = value
      message.problem = value
      message.to = value
      message.caller = value
      message.relationship = value
      message.callback = PhoneNumber(written: value, countryCode: "1")
      message.patient = value
      message.dateOfBirth = value
      message.language = value
      message.operatorName = value
      message.ref = value
      message.regarding = value
      message.body = value
      message.otherFields = [Message.OtherField(name: value, value: value)]
      message.notes = [value]
      item.callback.message = message
      return item
    }

    private func shown(_ mails: [String]) throws -> [Shown] {
      let paths = try mails.enumerated().map { index, mail in
        try Data(mail.utf8).write(to: URL(fileURLWithPath: scene.path("\(index).eml")))
        return scene.path("\(index).eml")
      }
      let python = Process()
      python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      python.arguments = ["python3", "-c", checker] + paths
      let output = Pipe()
      python.standardOutput = output
      try python.run()
      let json = output.fileHandleForReading.readDataToEndOfFile()
      python.waitUntilExit()
      try #require(python.terminationStatus == 0, "python3 found fault, or is missing; its words stand above")
      return try JSONDecoder().decode([Shown].self, from: json)
    }
  }
}
