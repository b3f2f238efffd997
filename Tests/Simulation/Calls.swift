import CallbackIntake
import CallbackRules
import Foundation

/// The callers, and the service's staff who write down what they want.
struct Calls {
  private var callers: [Caller]
  private(set) var written = 0
  /// How often each message was put into the spool, by its text.
  private(set) var timesWritten: [String: Int] = [:]
  private var refs: [Message] = []

  private struct Caller {
    var number: String?
    var name: String?
    var patients: [String?]
  }

  /// Words that only patients' data holds here: none of what may leave by default may have them.
  static let patientWords = ["Quillon", "marrow", "555010"]

  init(chance: inout Chance) {
    callers = (0..<chance.number(4...10)).map { index in
      var patients: [String?] = (0..<chance.number(1...3)).map { "\(["Ada", "Ben", "Cyd"][$0]) Quillon\(index)" }
      if chance.percent(30) { patients.append(nil) }
      return Caller(
        number: chance.percent(88) ? "(614) 555-010\(index)" : nil,
        name: chance.percent(80) ? "Quillon caller \(index)" : nil,
        patients: patients)
    }
  }

  /// A file with one message, or now and then two, that was written at `now`.
  mutating func file(at now: Date, office: OfficePlan, chance: inout Chance) -> SpoolFile {
    let count = chance.percent(8) ? 2 : 1
    let messages = (0..<count).map { _ in message(at: now, office: office, chance: &chance) }
    for message in messages { timesWritten[message.body ?? "", default: 0] += 1 }
    return SpoolFile(messages: messages, modifiedAt: now)
  }

  private mutating func message(at now: Date, office: OfficePlan, chance: inout Chance) -> Message {
    written += 1
    if let known = refs.isEmpty ? nil : chance.one(of: refs), chance.percent(18) {
      return again(known, at: now, chance: &chance)
    }
    var message = new(at: now, office: office, chance: &chance)
    if chance.percent(35) {
      message.ref = chance.percent(92) ? "R\(written)" : "R1"
      refs.append(message)
    }
    if chance.percent(3) { message.withdrawn = true }
    return message
  }

  private mutating func new(at now: Date, office: OfficePlan, chance: inout Chance) -> Message {
    let caller = chance.one(of: callers)
    // Some files come late: a share was down, or the service's clock is off.
    let late = chance.weighed([(80, 0), (12, chance.number(60...7200)), (5, chance.number(7200...172_800)), (3, -240)])
    let taken = now.addingTimeInterval(-Double(late))
    var message = Message(
      takenAt: taken, urgency: chance.weighed([(6, .routine), (4, .urgent), (2, .emergency)]),
      problem: chance.percent(6) ? "The file is empty." : nil, service: OfficePlan.service,
      account: chance.percent(90) ? chance.one(of: office.accounts).id : nil, caller: caller.name,
      callback: caller.number.map { PhoneNumber(written: $0, countryCode: "1") },
      patient: chance.one(of: caller.patients))
    if chance.percent(50) { message.to = recipient(office, &chance) }
    if chance.percent(15) { message.promisedAt = taken.addingTimeInterval(Double(chance.number(-10...40) * 600)) }
    if chance.percent(12) { message.reachableUntil = taken.addingTimeInterval(Double(chance.number(1...60) * 600)) }
    message.body = marker
    return message
  }

  private func recipient(_ office: OfficePlan, _ chance: inout Chance) -> String {
    chance.percent(85) ? chance.one(of: office.everybody) : "Dr. Gone"
  }

  /// One that was sent before comes again: changed, withdrawn, or just as it was.
  private func again(_ known: Message, at now: Date, chance: inout Chance) -> Message {
    var message = known
    switch chance.number(0...9) {
    case 0...1: return message
    case 2...3:
      message.withdrawn = true
      message.body = marker
    default:
      message.body = marker
      message.takenAt = now
      if chance.percent(30) { message.urgency = chance.one(of: Urgency.allCases) }
      if chance.percent(30) { message.promisedAt = now.addingTimeInterval(Double(chance.number(1...30) * 600)) }
      if chance.percent(20) { message.to = "Dr. Gone" }
    }
    return message
  }

  /// What tells this message from all others.
  private var marker: String { "marrow call \(written)." }
}

/// A file in the spool: its bytes are what its messages say.
struct SpoolFile {
  var messages: [Message]
  var identity: FileIdentity
  var original: [UInt8]
  var wasAdmitted = false

  init(messages: [Message], modifiedAt: Date) {
    self.messages = messages
    original = Array(messages.map { "\($0.body ?? "")\($0.withdrawn)\($0.urgency)" }.joined().utf8)
    identity = FileIdentity(
      inode: 0, sizeBytes: Int64(original.count),
      modifiedNanoseconds: Int64(modifiedAt.timeIntervalSince1970) * 1_000_000_000)
  }

  var arrival: Arrival {
    Arrival(
      identity: identity, place: FilePlace(.incoming(folder: OfficePlan.service), name: Array("call.txt".utf8)),
      original: original, parts: messages.map { Arrival.Part(message: $0, original: original) })
  }
}
