import CallbackConfiguration
import CallbackRules
import Foundation

/// Writes a notice as a mail (RFC 5322, MIME): ASCII, lines ended by LF, as sendmail's standard input wants it.
///
/// Pure. A repeat has the same Message-ID and Date, and differs only in how late it says the callback is, and where the
/// callback itself has changed.
struct MailComposer: Sendable {
  let office: Office
  let sender: MailAddress
  let detail: Configuration.Mail.Detail
  let host: String

  func compose(_ notice: OutgoingNotice, to person: Person, at address: MailAddress, now: Date) -> [UInt8] {
    let content = content(of: notice, now: now)
    var fields = [
      HeaderField("Date", text: LocalTime.mailDate(notice.createdAt)),
      HeaderField("From", mailbox: office.name, address: sender),
      HeaderField("To", mailbox: person.name, address: address),
      HeaderField("Subject", text: content.subject),
    ]
    fields += content.identity
    fields += priority(of: content.urgency)
    fields += [
      // RFC 3834: no automatic answers; the second is Exchange's. Non-delivery reports must come: they mean "not told".
      HeaderField("Auto-Submitted", text: "auto-generated"),
      HeaderField("X-Auto-Response-Suppress", text: "DR, RN, NRN"),
      HeaderField("MIME-Version", text: "1.0"),
      HeaderField("Content-Type", text: "text/plain; charset=utf-8"),
      HeaderField("Content-Transfer-Encoding", text: "quoted-printable"),
    ]
    let header = fields.map { $0.text + "\n" }.joined() + "\n"
    return Array(header.utf8) + QuotedPrintable.encode(content.body)
  }

  private struct Content {
    let subject: String
    let body: String
    let urgency: Urgency
    let identity: [HeaderField]
  }

  private func content(of notice: OutgoingNotice, now: Date) -> Content {
    switch notice.matter {
    case .callback(let item):
      let text = NoticeText(item: item, office: office, host: host, now: now)
      var body = text.opening + "\n\n" + text.facts
      if detail == .full {
        let message = item.callback.message
        body += "\n\n" + MessageText(message: message, zone: office.zone(ofAccount: message.account)).text
      }
      return Content(
        subject: text.subject, body: body, urgency: item.callback.urgency,
        identity: identity(of: notice, about: item.callback))
    case .digest(let digest):
      let text = DigestText(digest: digest, person: notice.person, office: office, host: host, now: now)
      var body = text.opening + "\n\n" + text.lines
      if detail == .full { body += "\n\n" + text.messages }
      return Content(
        subject: text.subject, body: body, urgency: digest.worst.callback.urgency,
        identity: [messageID("digest-\(notice.number)", of: notice)])
    case .alarm(let alarm):
      let text = AlarmText(alarm: alarm, office: office, host: host, raisedAt: notice.createdAt)
      return Content(
        subject: text.subject, body: text.body, urgency: alarm.urgency,
        identity: [messageID("alarm-\(notice.number)", of: notice)])
    }
  }

  /// The notice's own Message-ID, and that of a root that all notices about one callback answer, so that mail programs show
  /// them together. A digest has no root: it is about many.
  private func identity(of notice: OutgoingNotice, about callback: Callback) -> [HeaderField] {
    let root = "<callback-\(callback.id)@\(domain)>"
    return [
      messageID("callback-\(callback.id).\(notice.number)", of: notice),
      HeaderField("In-Reply-To", identifier: root),
      HeaderField("References", identifier: root),
    ]
  }

  private func messageID(_ name: String, of notice: OutgoingNotice) -> HeaderField {
    HeaderField("Message-ID", identifier: "<\(name).\(Self.dotAtom(notice.token, or: "0"))@\(domain)>")
  }

  private var domain: String { sender.domain ?? Self.dotAtom(host, or: "localhost") }

  private func priority(of urgency: Urgency) -> [HeaderField] {
    switch urgency {
    case .routine: []
    case .urgent: [HeaderField("Importance", text: "high"), HeaderField("X-Priority", text: "2 (High)")]
    case .emergency: [HeaderField("Importance", text: "high"), HeaderField("X-Priority", text: "1 (Highest)")]
    }
  }

  /// What of a word may stand in a Message-ID (RFC 5322, dot-atom), at most 250 characters of it.
  private static func dotAtom(_ word: String, or substitute: String) -> String {
    let bytes = word.utf8.prefix(250).filter { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
    let atoms = bytes.split(separator: UInt8(ascii: ".")).map { String(decoding: $0, as: UTF8.self) }
    return atoms.isEmpty ? substitute : atoms.joined(separator: ".")
  }
}
