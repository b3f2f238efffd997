import CallbackConfiguration
import CallbackRules
import Foundation

/// A whole notice as a program reads it: one JSON object on one line, its keys sorted, and an LF. Nothing in it acts in the
/// terminal of whoever looks at it.
enum NotificationJSON {
  /// Who reads it.
  enum Reader {
    /// Whoever the notice is for, by a command.
    case person
    /// All staff, in a file: of an account that is for a group alone they get no message.
    case staff
  }

  static func of(
    _ notice: OutgoingNotice, office: Office, detail: Configuration.Mail.Detail, for reader: Reader
  ) -> [UInt8] {
    func mayRead(_ item: OutgoingNotice.Item) -> Bool {
      reader == .person || office.isOpenToAllStaff(account: item.callback.message.account)
    }
    switch notice.matter {
    case .callback(let item):
      return line(
        NotificationRecord(
          item, number: notice.number, office: office, withMessage: detail == .full && mayRead(item)))
    case .digest(let digest):
      let messages = detail == .full ? digest.messages(office: office) : [:]
      return line(
        DigestRecord(notice, digest, office: office) { mayRead($0) && messages[$0.callback.id] != nil })
    case .alarm(let alarm): return line(AlarmRecord(notice, alarm))
    }
  }

  private static func line(_ record: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return Array(HarmlessJSON(try encoder.encode(record)).bytes) + [UInt8(ascii: "\n")]
    } catch {
      preconditionFailure("text and whole numbers can always be written as JSON")
    }
  }
}

/// Several callbacks of which one person is told at once.
struct DigestRecord: Encodable {
  let notice: Int64
  let person: String
  let reason = "digest"
  /// The worst's.
  let urgency: String
  let createdAt: String
  /// Each as in a notice of its own, the worst first.
  let callbacks: [NotificationRecord]

  /// - Parameter hasMessage: whether an item stands there with its message.
  init(
    _ notice: OutgoingNotice, _ digest: Digest, office: Office, hasMessage: (OutgoingNotice.Item) -> Bool
  ) {
    self.notice = notice.number
    person = notice.person
    urgency = digest.worst.callback.urgency.name
    createdAt = notice.createdAt.timestamp
    callbacks = digest.items.map { NotificationRecord($0, office: office, withMessage: hasMessage($0)) }
  }
}

/// Something about callbackd itself.
struct AlarmRecord: Encodable {
  let notice: Int64
  let person: String
  let kind = "alarm"
  let reason: String
  let createdAt: String
  let from: String
  let until: String
  let promisesPassed: Int
  /// The id of the rotation, where it is about one.
  let rotation: String?
  /// The id of the service, where it is about one.
  let service: String?
  /// The id of the channel, where it is about one.
  let channel: String?
  /// How many notices wait for a channel that fails.
  let notices: Int?
  /// The id of the person, where it is about one's mail.
  let aboutPerson: String?

  init(_ notice: OutgoingNotice, _ alarm: Alarm) {
    self.notice = notice.number
    person = notice.person
    reason = alarm.kind.rawValue
    createdAt = notice.createdAt.timestamp
    from = alarm.from.timestamp
    until = alarm.until.timestamp
    promisesPassed = alarm.promisesPassed
    rotation = alarm.rotation
    service = alarm.service
    channel = alarm.channel
    notices = alarm.kind == .channelTrouble || alarm.kind == .deliveryTrouble ? alarm.notices : nil
    aboutPerson = alarm.person
  }
}
