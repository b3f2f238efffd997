import CallbackRules
import Foundation

/// A made-up notice, to see how templates and configuration make it look. Its caller and patient are nobody.
public struct SampleNotice: Sendable {
  /// What it is about, by the name that `callbackctl preview` takes.
  public enum Kind: Sendable, Equatable {
    case about(Notice.Reason)
    /// A file that could not be read.
    case unreadable
    /// Messages that did not come in.
    case missing
    /// A message without a number to ring.
    case noNumber
    /// Closed since it was to be told.
    case closed
    case digest
    case alarm(Alarm.Kind)

    public static let all: [Kind] =
      Notice.Reason.allCases.map(Kind.about) + [.unreadable, .missing, .noNumber, .closed, .digest]
      + Alarm.Kind.allCases.map(Kind.alarm)

    public var name: String {
      switch self {
      case .about(let reason): reason.rawValue
      case .unreadable: "unreadable"
      case .missing: "missing"
      case .noNumber: "no-number"
      case .closed: "closed"
      case .digest: "digest"
      case .alarm(let kind): kind.rawValue
      }
    }

    /// What people call some of them, by the alphabet.
    public static let otherNames: [(name: String, kind: Kind)] = [
      ("alarm", .alarm(.downTime)), ("overdue", .about(.step)),
    ]

    /// Nil if there is none of this name.
    public init?(name: String) {
      let known = Kind.all.first { $0.name == name } ?? Kind.otherNames.first { $0.name == name }?.kind
      guard let kind = known else { return nil }
      self = kind
    }
  }

  let kind: Kind
  let firstNumber: Int64

  /// - Parameter firstNumber: of the callback, and of the first one in a digest.
  public init(_ kind: Kind, firstNumber: Int64 = 12) {
    self.kind = kind
    self.firstNumber = firstNumber
  }

  /// Somebody to tell where nobody is named: the fallback's first person, or any.
  public static func person(in office: Office, at now: Date) -> Person? {
    office.people(for: office.fallback, at: now).first ?? office.people.values.min { $0.id < $1.id }
  }

  func notice(for person: Person, office: Office, now: Date) -> OutgoingNotice {
    let sample = SampleCallback(person: person.id, office: office, now: now)
    let token = "5a3fb1e07c2d"
    func about(_ items: [OutgoingNotice.Item]) -> OutgoingNotice {
      OutgoingNotice(
        number: items[0].number, token: token, person: person.id, createdAt: now, content: .callbacks(items))
    }
    switch kind {
    case .about(let reason): return about([sample.item(reason, number: firstNumber)])
    case .unreadable, .missing, .noNumber:
      return about([sample.unringable(kind, number: firstNumber)])
    case .closed:
      var item = sample.item(.step, number: firstNumber)
      item.callback.state = .closed
      return about([item])
    case .digest:
      let reasons: [Notice.Reason] = [.step, .notFinished, .notOwned, .announce]
      let items = reasons.enumerated().map { sample.item($1, number: firstNumber + Int64($0)) }
      return about(items + [sample.unringable(.unreadable, number: firstNumber + Int64(items.count))])
    case .alarm(let kind):
      return OutgoingNotice(
        number: firstNumber, token: token, person: person.id, createdAt: now,
        content: .alarm(sample.alarm(kind)))
    }
  }
}

/// The parts of samples, for one person at one moment.
private struct SampleCallback {
  let person: String
  let office: Office
  let now: Date

  /// The callback as it might be when somebody is told of it for this reason.
  func item(_ reason: Notice.Reason, number: Int64) -> OutgoingNotice.Item {
    var callback = Callback(
      kind: .message, message: message, recipient: person, admittedAt: now - 2340, dueAt: now - 600)
    callback.id = number
    switch reason {
    case .announce, .unknownName: callback.dueAt = now + 1200
    case .reminder, .retry, .repeatCall, .amended, .withdrawn:
      (callback.dueAt, callback.state, callback.owner) = (now + 1200, .owned, person)
    case .notFinished: (callback.state, callback.owner) = (.owned, person)
    case .snoozed:
      (callback.state, callback.owner, callback.snoozedUntil) = (.owned, other, now + 900)
    case .notOwned, .assigned, .handOff, .reopened, .rangAgain, .wrongNumber: callback.dueAt = now + 480
    case .closedByMail: (callback.state, callback.closedAt, callback.closedBy) = (.closed, now - 60, other)
    case .step, .nobodyElse, .answerUnclear, .answerRefused: break
    }
    if reason == .retry || reason == .wrongNumber { callback.attempts = 1 }
    if reason == .repeatCall { callback.repeatCalls = 1 }
    return OutgoingNotice.Item(
      number: 30 + number, notice: Notice(person: person, reason: reason, text: text(of: reason)), callback: callback,
      createdAt: now)
  }

  /// What a notice about an answer says.
  private func text(of reason: Notice.Reason) -> String? {
    switch reason {
    case .answerUnclear: "The first line of an answer is one of these and nothing else: ok, done, no answer, voicemail."
    case .answerRefused: "\(office.displayName(of: other)) has it. Answer “take over” to have it instead."
    case .closedByMail: "\(office.displayName(of: other)) answered “done”."
    default: nil
    }
  }

  /// One of which the service must be asked first.
  func unringable(_ kind: SampleNotice.Kind, number: Int64) -> OutgoingNotice.Item {
    var item = item(.announce, number: number)
    var message = Message(takenAt: now - 2400, urgency: .urgent, service: service?.id, account: account?.id)
    switch kind {
    case .missing:
      item.callback.kind = .missing
      message.regarding = "messages 43 to 45"
    case .unreadable:
      item.callback.kind = .unreadable
      message.problem = "The file is empty."
    default: message.caller = "Maria Ortega"
    }
    item.callback.message = message
    return item
  }

  func alarm(_ kind: Alarm.Kind) -> Alarm {
    let ahead = kind == .coverageGap
    return Alarm(
      kind, from: ahead ? now + 86_400 : now - 5400, until: ahead ? now + 172_800 : now - 60,
      promisesPassed: kind == .downTime || kind == .clockSet ? 3 : 0,
      rotation: ahead ? office.rotations.keys.min() : nil, service: kind == .silentService ? service?.id : nil,
      channel: kind == .channelTrouble || kind == .channelRestored ? "mail" : nil,
      notices: kind == .channelTrouble || kind == .deliveryTrouble ? 4 : 0, person: kind == .strayAnswer ? other : nil)
  }

  private var message: Message {
    var message = Message(
      takenAt: now - 2400, urgency: .urgent, service: service?.id, account: account?.id, to: "the doctor on call",
      caller: "Maria Ortega", callback: PhoneNumber(written: "(555) 010-4477 ext 12", countryCode: office.countryCode),
      patient: "Luis Ortega", regarding: "fever since noon")
    message.relationship = "mother"
    message.dateOfBirth = "2019-04-02"
    message.ref = "1043"
    message.language = "Spanish"
    message.body = "104 °F, drinks little.\nPlease ring before she leaves for work at six."
    return message
  }

  /// One with a service, if there is any.
  private var account: Account? {
    let accounts = office.accounts.values.sorted { $0.id < $1.id }
    return accounts.first { $0.service != nil } ?? accounts.first
  }

  private var service: Service? {
    account?.service.flatMap { office.services[$0] } ?? office.services.values.min { $0.id < $1.id }
  }

  /// Somebody else, if there is anybody.
  private var other: String { office.people.keys.filter { $0 != person }.min() ?? person }
}

extension SampleNotice {
  /// Every name that a template of this kind may use: those of a sample in which nothing is missing.
  static func names(of kind: TemplateName.Kind) -> FieldNames {
    let sample: Kind =
      switch kind {
      case .notice: .about(.step)
      case .digest: .digest
      case .alarm: .alarm(.silentService)
      }
    let person = Person(id: "rivera", name: "Dr. Rivera")
    let hour = TimeSpan(seconds: 3600)
    let office = Office(
      name: "Riverside", zone: .utc, fallback: person.id, people: [person],
      policies: Urgency.allCases.map {
        Policy(urgency: $0, callBackWithin: hour, steps: [Policy.Step(after: hour, notify: [person.id])])
      },
      services: [Service(id: "night-desk", phone: "+1 555 010 9000")],
      accounts: [Account(id: "riverside", service: "night-desk", zone: .utc)])
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let notice = SampleNotice(sample).notice(for: person, office: office, now: now)
    let wording = Wording(office: office, detail: .full, byReply: true, host: "front-desk")
    return FieldNames(wording.words(of: notice, for: person, now: now).fields)
  }
}
