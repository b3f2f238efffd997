import CallbackConfiguration
import CallbackRules
import Foundation

@testable import CallbackDelivery

/// Notices of offices that nobody has, from a seed.
struct RandomNotices {
  private var random: SplitMix
  private(set) var office: Office
  private let mail: Configuration.Mail
  private let host: String
  private let number: Int
  private var lastNotice: Int64 = 0

  /// One notice as a mail, and what may stand in it.
  struct Sample {
    var mail: [UInt8]
    /// Which office it is of: what one callback is called is its own affair.
    var office: Int
    /// Words of messages that it must not say, and such that it must.
    var hidden: [String] = []
    var shown: [String] = []
  }

  init(seed: UInt64, number: Int) {
    var random = SplitMix(state: seed)
    self.number = number
    var mail = Configuration.Mail(from: "callbacks@riverside.example")
    mail.detail = Bool.random(using: &random) ? .full : .minimal
    mail.answers = .random(using: &random)
    self.mail = mail
    host = random.name()
    let zone = Scene.zone(["America/New_York", "Asia/Kathmandu", "UTC"].randomElement(using: &random) ?? "UTC")
    let services = ["night-desk", "day-desk"].map { id in
      Service(
        id: id, phone: "+1 555 010 9\(id.count)00",
        refsWithin: Bool.random(using: &random) ? TimeSpan(seconds: 600) : nil)
    }
    let accounts = ["riverside", "hillside"].map { id in
      Account(
        id: id, service: services.randomElement(using: &random)?.id,
        zone: Bool.random(using: &random) ? zone : Scene.zone("America/Denver"))
    }
    let people = (0..<4).map { index in
      Person(id: "person\(index)", name: random.name(), email: "person\(index)@riverside.example")
    }
    office = Office(
      name: random.name(), zone: zone, fallback: "person0", people: people,
      rotations: [Scene.onCall(named: random.name())],
      policies: Urgency.allCases.map {
        Policy(
          urgency: $0, callBackWithin: TimeSpan(seconds: 1800),
          steps: [Policy.Step(after: TimeSpan(seconds: 0), notify: [])])
      },
      services: Bool.random(using: &random) ? services : [], accounts: Bool.random(using: &random) ? accounts : [])
    self.random = random
  }

  /// Mails of one callback in turn, of several, or of none.
  mutating func next() -> [Sample] {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let alarm = alarm()
      return [sample(.alarm(alarm), about: [])]
    case 1, 2:
      let callbacks = (0..<Int.random(in: 2...8, using: &random)).map { _ in callback() }
      var items: [OutgoingNotice.Item] = []
      for callback in callbacks { items.append(item(callback)) }
      return [sample(.callbacks(items), about: callbacks)]
    default:
      var callback = callback()
      return (0..<Int.random(in: 1...4, using: &random)).map { _ in
        // What happens to it meanwhile must not tear its thread.
        callback.urgency = Urgency.allCases.randomElement(using: &random) ?? .urgent
        callback.attempts += 1
        callback.owner = owner()
        callback.state = callback.owner == nil ? .open : [.owned, .retrying].randomElement(using: &random) ?? .owned
        return sample(.callbacks([item(callback)]), about: [callback])
      }
    }
  }

  private mutating func sample(_ content: OutgoingNotice.Content, about callbacks: [Callback]) -> Sample {
    lastNotice += 1
    let person = recipient()
    let created = Scene.now + Double.random(in: -86_400...86_400, using: &random)
    let notice = OutgoingNotice(
      number: lastNotice, token: String(random.next(), radix: 16), person: person.id, createdAt: created,
      content: content)
    guard let sender = MailAddress(mail.from), let address = person.email.flatMap({ MailAddress($0) }) else {
      fatalError("the addresses are plain")
    }
    let composer = MailComposer(
      office: office, sender: sender, detail: mail.detail, host: host, byReply: mail.answers)
    let mail = composer.compose(notice, to: person, at: address, now: created + 60)
    var sample = Sample(mail: mail, office: number)
    let words = callbacks.flatMap { callback in
      let message = callback.message
      let fields = [
        message.to, message.caller, message.relationship, message.callback?.written, message.patient,
        message.dateOfBirth, message.regarding, message.ref, message.body, message.problem,
      ]
      return fields.compactMap(\.self) + message.otherFields.flatMap { [$0.name, $0.value] } + message.notes
    }
    // A large digest has no room for all of them, so only single notices must say all.
    if self.mail.detail == .minimal {
      sample.hidden = words.filter { $0.hasPrefix("zq") }
    } else if callbacks.count == 1 {
      sample.shown = words.filter { $0.hasPrefix("zq") }
    }
    return sample
  }

  private mutating func recipient() -> Person {
    office.people.values.sorted { $0.id < $1.id }.randomElement(using: &random) ?? Person(id: "person0", name: "x")
  }

  private mutating func owner() -> String? { Bool.random(using: &random) ? recipient().id : nil }

  private mutating func item(_ callback: Callback) -> OutgoingNotice.Item {
    lastNotice += 1
    let reason = Notice.Reason.allCases.randomElement(using: &random) ?? .step
    return OutgoingNotice.Item(
      number: lastNotice, notice: Notice(person: recipient().id, reason: reason), callback: callback,
      createdAt: Scene.now)
  }

  private mutating func alarm() -> Alarm {
    let from = Scene.now + Double.random(in: -1e6...1e6, using: &random)
    return Alarm(
      Alarm.Kind.allCases.randomElement(using: &random) ?? .downTime, from: from,
      until: from + Double.random(in: 0...1e6, using: &random),
      promisesPassed: Int.random(in: 0...5000, using: &random), rotation: Bool.random(using: &random) ? "oncall" : nil,
      service: Bool.random(using: &random) ? "night-desk" : nil)
  }

  private mutating func callback() -> Callback {
    let kind =
      [Callback.Kind.message, .message, .message, .unreadable, .missing].randomElement(using: &random) ?? .message
    var message = Message(
      takenAt: Scene.now - Double.random(in: 0...1e5, using: &random),
      urgency: Urgency.allCases.randomElement(using: &random) ?? .urgent, service: "night-desk",
      account: ["riverside", "hillside", "gone", nil].randomElement(using: &random) ?? nil)
    message.to = random.word()
    message.caller = random.word()
    message.patient = random.word()
    message.relationship = random.word()
    message.dateOfBirth = random.word()
    message.callback = Bool.random(using: &random) ? PhoneNumber(written: random.word(), countryCode: "1") : nil
    // Of a callback for what is missing, callbackd's own words stand here.
    message.regarding = kind == .missing ? "messages 43 to 45" : random.word()
    message.ref = random.word()
    message.body = random.word()
    message.problem = kind == .unreadable ? random.word() : nil
    message.otherFields = [Message.OtherField(name: random.word(), value: random.word())]
    message.notes = [random.word()]
    message.withdrawn = .random(using: &random)
    var callback = Callback(
      kind: kind, message: message,
      recipient: ["person1", "oncall", "nobody"].randomElement(using: &random) ?? "person1",
      admittedAt: message.takenAt + 60, dueAt: Scene.now + Double.random(in: -1e6...1e6, using: &random))
    lastNotice += 1
    callback.id = lastNotice * 7
    callback.owner = owner()
    callback.state = callback.owner == nil ? .open : .owned
    if Int.random(in: 0..<8, using: &random) == 0 { callback.state = .closed }
    callback.repeatCalls = Int.random(in: 0...3, using: &random)
    callback.snoozedUntil = Bool.random(using: &random) ? Scene.now + 900 : nil
    return callback
  }
}

/// The same numbers for the same seed, on every machine (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A value of a message: a word that can be looked for, or something hostile.
  mutating func word() -> String {
    Int.random(in: 0..<3, using: &self) > 0 ? "zq" + String(next(), radix: 36) : name()
  }

  /// What people and machines are called by somebody who means harm, or who is from far away.
  mutating func name() -> String {
    let count = Int.random(in: 1...3, using: &self)
    // Some are of thousands of characters; a few of those are enough.
    let longest = Int.random(in: 0..<20, using: &self) == 0 ? Int.max : 200
    let words = (0..<count).map { _ in hostileValues.randomElement(using: &self) ?? "" }
    return words.filter { $0.utf8.count <= longest }.joined(separator: " ")
  }
}
