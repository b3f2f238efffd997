import CallbackConfiguration
import CallbackRules
import Foundation

@testable import CallbackDelivery

/// An office, a notice, and a directory of its own that goes when the test does.
final class Scene {
  /// Monday 23 November 2026, 14:35 in New York.
  static let now = Date(timeIntervalSince1970: 1_795_462_500)

  let directory: String
  var people = [
    Person(
      id: "rivera", name: "Dr. Rivera", email: "rivera@riverside.example", login: "mrivera",
      keys: ["pager": "5550100", "odd": "{id} $(touch x)"]),
    Person(id: "chen", name: "Dr. Chen", email: "chen@riverside.example"),
  ]
  var accounts = [Account(id: "riverside", service: "night-desk", zone: Scene.newYork)]
  var rotations: [Rotation] = []
  var channels: [Channel] = []
  var officeName = "Riverside Family Practice"
  var mail = Configuration.Mail(from: "callbacks@riverside.example")
  var host = "front-desk"
  var templates = NoticeTemplates.shipped
  /// Of the service, where its Refs count up.
  var refsWithin: TimeSpan?

  static let newYork = zone("America/New_York")

  static func zone(_ name: String) -> Zone {
    guard let zone = Zone(name) else { fatalError("this system has no zone \(name): install tzdata") }
    return zone
  }

  init() throws {
    directory = NSTemporaryDirectory() + "callbackd-delivery-" + UUID().uuidString
    for name in ["notifications", "scratch"] {
      try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: directory)
    } catch {
      print("left behind: \(directory): \(error)")
    }
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// A shell script in this directory, in which `$here` is the directory.
  @discardableResult
  func script(_ name: String, _ body: String, mode: Int = 0o755) throws -> String {
    let text = "#!/bin/sh\nhere='\(directory)'\n\(body)\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    return path(name)
  }

  var office: Office {
    let policies = Urgency.allCases.map {
      Policy(
        urgency: $0, callBackWithin: TimeSpan(seconds: 1800),
        steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: [])])
    }
    return Office(
      name: officeName, zone: Scene.newYork, fallback: "chen", people: people, rotations: rotations,
      policies: policies, services: [Service(id: "night-desk", phone: "+1 555 010 9000", refsWithin: refsWithin)],
      accounts: accounts,
      channels: channels)
  }

  var deliverer: Deliverer {
    Deliverer(
      office: office, mail: mail, files: NotificationFiles(directory: path("notifications")),
      scratchDirectory: path("scratch"), host: host)
  }

  /// Hands a notice over through a scripted sendmail.
  func deliver(through body: String, _ item: OutgoingNotice = Scene.item()) async throws -> DeliveryOutcome {
    mail.sendmail = try script("sendmail", body)
    return await deliverer.deliver(item, now: Scene.now).outcome
  }

  func compose(_ item: OutgoingNotice, now: Date = Scene.now) throws -> String {
    guard let sender = MailAddress(mail.from), let person = people.first(where: { $0.id == item.person }),
      let address = person.email.flatMap({ MailAddress($0) })
    else { fatalError("the scene's addresses are plain addresses") }
    let composer = MailComposer(
      office: office, sender: sender, detail: mail.detail, host: host, byReply: mail.answers, templates: templates)
    return String(decoding: composer.compose(item, to: person, at: address, now: now), as: UTF8.self)
  }

  /// What the plain text says.
  func body(_ item: OutgoingNotice, now: Date = Scene.now) throws -> String {
    Self.part("plain", of: try compose(item, now: now))
  }

  /// The HTML alternative.
  func html(_ item: OutgoingNotice, now: Date = Scene.now) throws -> String {
    Self.part("html", of: try compose(item, now: now))
  }

  /// One part of a mail, decoded.
  static func part(_ subtype: String, of mail: String) -> String {
    let parts = mail.components(separatedBy: "\n--=_callbackd")
    let part = parts.first { $0.hasPrefix("\nContent-Type: text/\(subtype)") } ?? ""
    let body = part.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
    var bytes: [UInt8] = []
    var rest = Array(body.replacingOccurrences(of: "=\n", with: "").utf8)[...]
    while let byte = rest.popFirst() {
      let code = byte == UInt8(ascii: "=") ? UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) : nil
      bytes.append(code ?? byte)
      if code != nil { rest = rest.dropFirst(2) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The notification file, as a program reads it.
  func file(_ notice: OutgoingNotice) -> String {
    String(decoding: NotificationJSON.of(notice, office: office, detail: mail.detail, for: .staff), as: UTF8.self)
  }

  /// Callback 12, urgent, due ten minutes ago, of which rivera is told.
  static func item(_ reason: Notice.Reason = .step, person: String = "rivera") -> OutgoingNotice {
    var message = Message(
      takenAt: now - 2400, urgency: .urgent, service: "night-desk", account: "riverside", to: "Dr Rivera",
      caller: "Maria Ortega", callback: PhoneNumber(written: "555-010-4477", countryCode: "1"),
      patient: "Luis Ortega", regarding: "fever")
    message.body = "Fever since noon.\nPlease ring."
    var callback = Callback(
      kind: .message, message: message, recipient: "rivera", admittedAt: now - 2400, dueAt: now - 600)
    callback.id = 12
    return OutgoingNotice(
      number: 34, token: "00ff17", notice: Notice(person: person, reason: reason), callback: callback,
      createdAt: now - 60)
  }
}

extension Scene {
  /// Three callbacks in one notice to rivera, not in the order of the mail.
  static func digest() -> OutgoingNotice {
    var unreadable = item(.notOwned).only
    (unreadable.number, unreadable.callback.id, unreadable.callback.kind) = (35, 13, .unreadable)
    (unreadable.callback.urgency, unreadable.callback.dueAt) = (.routine, now - 7500)
    var ahead = item(.announce).only
    (ahead.number, ahead.callback.id, ahead.callback.urgency) = (36, 14, .routine)
    (ahead.callback.dueAt, ahead.callback.state, ahead.callback.owner) = (now + 1200, .owned, "chen")
    return notice(of: [ahead, unreadable, item().only])
  }

  /// The callbacks 1 to `count`, each a minute longer overdue than the one before.
  static func digest(of count: Int) -> OutgoingNotice {
    notice(
      of: (1...count).map { number in
        var one = item(.notOwned).only
        (one.number, one.callback.id) = (Int64(1000 + number), Int64(number))
        one.callback.dueAt = now - Double(number * 60)
        return one
      })
  }

  static func notice(of items: [OutgoingNotice.Item]) -> OutgoingNotice {
    OutgoingNotice(number: 34, token: "00ff17", person: "rivera", createdAt: now - 60, content: .callbacks(items))
  }

  /// A rotation that is rivera's alone.
  static func onCall(named name: String) -> Rotation {
    Rotation(
      id: "oncall", name: name, members: ["rivera"], starts: CivilTime(secondsSince1970: 0),
      every: TimeSpan(seconds: 604_800))
  }

  static func alarm(_ alarm: Alarm) -> OutgoingNotice {
    OutgoingNotice(number: 34, token: "00ff17", person: "chen", createdAt: now - 60, content: .alarm(alarm))
  }
}

/// The only notice of one, as most tests have it.
extension OutgoingNotice {
  var only: Item {
    get {
      guard case .callbacks(let items) = content, items.count == 1 else { fatalError("not a single notice") }
      return items[0]
    }
    set { content = .callbacks([newValue]) }
  }
  var notice: Notice {
    get { only.notice }
    set { only.notice = newValue }
  }
  var callback: Callback {
    get { only.callback }
    set { only.callback = newValue }
  }
}
