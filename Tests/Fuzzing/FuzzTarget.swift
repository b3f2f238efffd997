import CallbackIntake
import CallbackMIME
import CallbackRules
import Foundation

/// A parser of what comes from outside, for a fuzzer to feed, and for tests to replay what a fuzzer found.
///
/// Each gets bytes, and traps where a message comes out that breaks what everybody else relies on.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A whole file, whatever its format.
  case file
  /// The lines of a plain text, behind a field that makes it one.
  case text
  /// Sentences, from a service whose patterns find fields in them.
  case prose
  /// What stands behind the beginning of a JSON array.
  case json
  /// The rows below a header.
  case csv
  /// A mail as an MTA passes it on, which GMime takes apart.
  case mime
  /// A mail, decoded: its first line is the subject, its second the date, the rest the text.
  case mail
  /// The value of each field that holds a time.
  case time
  /// The value of each field that holds a word, a number or a name.
  case value
  /// The text of an answer by mail, where lines that are quoted begin with `>`.
  case answer

  /// Reads these bytes and does with each message what the daemon does.
  public func run(_ bytes: [UInt8]) {
    if self == .answer { return Self.answer(String(decoding: bytes, as: UTF8.self)) }
    let file = file(with: bytes)
    var source = Self.source
    if self == .prose { source.folderService = "prose-desk" }
    let reader = self == .mime ? Self.mimeReader : Self.reader
    let report = reader.report(file, from: source)
    precondition(!report.messages.isEmpty, "a file is at least one message")
    for read in report.messages { Self.check(read) }
  }

  private func file(with bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .file, .prose, .answer: bytes
    case .mime: Array("MIME-Version: 1.0\n".utf8) + bytes
    case .mail: Self.mailHeader + bytes
    case .text: Array("Caller: Ann\n".utf8) + bytes
    case .json: Array("[{\"caller\": \"Ann\", ".utf8) + bytes
    case .csv: Array("Doctor,Date,Time,Caller,Phone,Priority,Message\n".utf8) + bytes
    case .time:
      ["Taken", "Time", "Promised", "Reachable-Until"].reduce(Array("Caller: Ann\n".utf8)) {
        $0 + Array("\($1): ".utf8) + bytes + [10]
      }
    case .value:
      ["To", "Account", "Callback", "Caller", "Urgency", "Status", "Ref"].reduce([]) {
        $0 + Array("\($1): ".utf8) + bytes + [10]
      }
    }
  }

  // MARK: - What holds for any message

  private static func check(_ read: ReadingReport.ReadMessage) {
    let message = read.message
    // A list of what was sent: the store makes callbacks of what is missing.
    guard message.sent == nil else { return }
    let words = [
      message.caller, message.callback?.written, message.patient, message.regarding, message.ref, message.body,
    ]
    precondition(message.problem != nil || words.contains { $0 != nil }, "nothing to act on, and no problem")
    precondition(message.problem == nil || message.urgency >= .urgent, "an unreadable message is at least urgent")
    precondition(message.takenAt <= source.arrivedAt + 300, "taken after it arrived")
    for sentence in message.notes + [message.problem ?? ""] {
      precondition(sentence.unicodeScalars.allSatisfy(isHarmless), "a sentence holds what may act in a terminal")
      precondition(sentence.utf8.count < 1000, "a sentence without end")
    }
    let admittance = rules.admit(message, related: Related(), at: source.arrivedAt)
    precondition(admittance.transition.callback.wakeAt != nil, "a callback that never wakes")
  }

  /// Reads an answer, and does with it what the daemon does.
  private static func answer(_ text: String) {
    let lines = ReplyText(text).lines
    precondition(lines.allSatisfy { !$0.hasPrefix(">") && !$0.contains("\n") }, "a quoted line is taken for an answer")
    let reply = Reply(text)
    precondition(reply.commands.count <= 50 && (reply.note?.utf8.count ?? 0) <= 4000, "an answer without end")
    precondition(reply.written.utf8.count <= 500, "a command without end")
    let callback = rules.admit(Message(takenAt: source.arrivedAt), at: source.arrivedAt).transition.callback
    let person = callback.recipient
    let entry = AnsweredNotice.Entry(
      number: 1, notice: Notice(person: person, reason: .announce), callback: callback, createdAt: source.arrivedAt)
    let mail = AnswerMail(senders: ["\(person)@riverside.example"], text: text)
    let verdict = rules.answer(
      mail, to: AnsweredNotice(number: 1, person: person, entries: [entry]), at: source.arrivedAt + 60)
    for transition in verdict.transitions {
      precondition((transition.callback.wakeAt == nil) == !transition.callback.isOpen, "a callback that never wakes")
      precondition(
        transition.callback.isOpen || reply.commands.contains { $0.command == .done }, "closed on a guess")
    }
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: false
    default: true
    }
  }

  /// 2026-11-23 14:20 in New York.
  private static let source = MessageSource(
    folderService: "night-desk", modifiedAt: Date(timeIntervalSince1970: 1_795_461_600),
    arrivedAt: Date(timeIntervalSince1970: 1_795_461_600))

  private static let rules = Rules(office: office)
  private static let mailHeader = Array("MIME-Version: 1.0\n\n".utf8)

  private static let reader = MessageReader(
    office: office,
    decodeMail: { raw in
      let text = String(decoding: raw.dropFirst(mailHeader.count), as: UTF8.self)
      let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      return .success(
        DecodedMail(
          subject: lines.first, date: lines.dropFirst().first, from: "desk@answering.example",
          to: ["hilltop@riverside.example"], messageID: "1@answering.example", text: lines.dropFirst(2).first ?? ""))
    })

  /// Decodes as `callback-mail` does, which writes what the daemon believes, whatever stands in the mail.
  private static let mimeReader = MessageReader(
    office: office,
    decodeMail: { raw in
      guard let mail = DecodedMail(json: Array(MailJSON.text(ofMail: raw).utf8)) else {
        preconditionFailure("what was decoded can't be read")
      }
      return .success(mail)
    })

  private static let office: Office = {
    let zone = Zone("America/New_York") ?? .utc
    let names = ["rivera": "Dr. Rivera", "chen": "Dr. Chen", "manager": "Jo Park"]
    return Office(
      name: "Riverside", zone: zone, fallback: "manager",
      people: names.map { Person(id: $0.key, name: $0.value, email: "\($0.key)@riverside.example") },
      policies: Urgency.allCases.map { urgency in
        Policy(
          urgency: urgency, callBackWithin: TimeSpan(seconds: 3600),
          steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: [Policy.recipient])])
      },
      services: [
        Service(id: "night-desk", phone: "+1 555 010 9000"),
        Service(id: "prose-desk", phone: "+1 555 010 9001", profile: proseProfile),
      ],
      accounts: ["riverside", "hilltop"].map { Account(id: $0, service: "night-desk", zone: zone) })
  }()

  private static let proseProfile: Profile = {
    let sources = [
      "^MSG FOR (?<To>.+?) FROM (?<Caller>.+?) AT (?<Callback>[0-9() .-]{7,}) RE:? (?<Regarding>.+)$",
      "^UNTIL (?<ReachableUntil>.*)$", "(?<Body>(a+)+$)",
    ]
    do {
      return Profile(
        fields: ["physician": .means(.to), "chart": .isKept], patterns: try sources.map { try MessagePattern($0) })
    } catch {
      preconditionFailure("a pattern of the fuzzer's office is none: \(error)")
    }
  }()
}
