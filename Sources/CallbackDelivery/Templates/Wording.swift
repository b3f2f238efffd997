import CallbackConfiguration
import CallbackRules
import Foundation

/// From a notice to all that may be said of it: pure.
struct Wording {
  let office: Office
  let detail: Configuration.Mail.Detail
  /// Whether a reply to the mail is an answer.
  let byReply: Bool
  /// Where `callbackctl` is.
  let host: String

  func words(of notice: OutgoingNotice, for person: Person, now: Date) -> NoticeWords {
    var words = words(of: notice, now: now)
    words.fields.set("office", line: office.name)
    words.fields.set("person", line: person.name)
    words.fields.set("host", line: host)
    return words
  }

  private func words(of notice: OutgoingNotice, now: Date) -> NoticeWords {
    switch notice.matter {
    case .callback(let item):
      let text = NoticeText(item: item, office: office, host: host, now: now, byReply: byReply)
      let message = item.callback.message
      let full = MessageText(message: message, zone: office.zone(ofAccount: message.account))
      return NoticeWords(
        kind: .notice, fields: text.fields(message: detail == .full ? full : nil),
        numbers: [String(item.callback.id)])
    case .digest(let digest):
      let text = DigestText(
        digest: digest, person: notice.person, office: office, host: host, now: now, byReply: byReply)
      return NoticeWords(
        kind: .digest, fields: text.fields(detail: detail), numbers: digest.listed.map { String($0.callback.id) })
    case .alarm(let alarm):
      let text = AlarmText(alarm: alarm, office: office, host: host, raisedAt: notice.createdAt)
      return NoticeWords(kind: .alarm, fields: text.fields, numbers: [])
    }
  }
}
