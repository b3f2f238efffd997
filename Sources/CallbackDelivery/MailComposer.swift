import CallbackConfiguration
import CallbackRules
import Foundation

/// Writes a notice as a mail (RFC 5322, MIME): ASCII, lines ended by LF, as sendmail's standard input wants it.
///
/// Plain text first, then the same as HTML. Pure. A repeat has the same Message-ID and Date, and differs only in how late it
/// says the callback is, and where the callback itself has changed.
struct MailComposer: Sendable {
  let office: Office
  let sender: MailAddress
  let detail: Configuration.Mail.Detail
  let host: String
  /// Whether a reply is an answer.
  var byReply = false
  var templates = NoticeTemplates.shipped

  func compose(_ notice: OutgoingNotice, to person: Person, at address: MailAddress, now: Date) -> [UInt8] {
    write(render(notice, for: person, now: now), notice, to: person, at: address)
  }

  func render(_ notice: OutgoingNotice, for person: Person, now: Date) -> RenderedNotice {
    let wording = Wording(office: office, detail: detail, byReply: byReply, host: host)
    return templates.render(wording.words(of: notice, for: person, now: now))
  }

  func write(
    _ rendered: RenderedNotice, _ notice: OutgoingNotice, to person: Person, at address: MailAddress
  ) -> [UInt8] {
    var fields = [
      HeaderField("Date", text: LocalTime.mailDate(notice.createdAt)),
      HeaderField("From", mailbox: office.name, address: sender),
      HeaderField("To", mailbox: person.name, address: address),
      HeaderField("Subject", text: rendered.subject),
    ]
    fields += identity(of: notice)
    fields += priority(of: notice)
    fields += [
      // RFC 3834: no automatic answers; the second is Exchange's. Non-delivery reports must come: they mean "not told".
      HeaderField("Auto-Submitted", text: "auto-generated"),
      HeaderField("X-Auto-Response-Suppress", text: "DR, RN, NRN"),
      HeaderField("MIME-Version", text: "1.0"),
      HeaderField("Content-Type", text: "multipart/alternative; boundary=\"\(Self.boundary)\""),
    ]
    let header = fields.map { $0.text + "\n" }.joined()
    return Array(header.utf8) + part("plain", rendered.text) + part("html", rendered.html)
      + Array("\n--\(Self.boundary)--\n".utf8)
  }

  /// Can stand in no part: in quoted-printable, `=` is followed by two digits or ends its line (RFC 2046, 5.1.1).
  private static let boundary = "=_callbackd"

  private func part(_ subtype: String, _ text: String) -> [UInt8] {
    let head = """

      --\(Self.boundary)
      Content-Type: text/\(subtype); charset=utf-8
      Content-Transfer-Encoding: quoted-printable


      """
    return Array(head.utf8) + QuotedPrintable.encode(text)
  }

  /// The notice's own Message-ID; and for one callback, that of a root that all notices about it answer, so that mail programs
  /// show them together. A digest has no root: it is about many.
  private func identity(of notice: OutgoingNotice) -> [HeaderField] {
    switch notice.matter {
    case .callback(let item):
      let callback = item.callback
      let root = "<callback-\(callback.id)@\(domain)>"
      return [
        messageID("callback-\(callback.id).\(notice.number)", of: notice),
        HeaderField("In-Reply-To", identifier: root),
        HeaderField("References", identifier: root),
        // Outlook and Exchange go by these.
        HeaderField("Thread-Topic", text: "Callback \(callback.id)"),
        HeaderField("Thread-Index", identifier: ThreadIndex(root: root, begunAt: callback.admittedAt).text),
      ]
    case .digest: return [messageID("digest-\(notice.number)", of: notice)]
    case .alarm: return [messageID("alarm-\(notice.number)", of: notice)]
    }
  }

  private func messageID(_ name: String, of notice: OutgoingNotice) -> HeaderField {
    HeaderField("Message-ID", identifier: "<\(name).\(Self.dotAtom(notice.token, or: "0"))@\(domain)>")
  }

  private var domain: String { sender.domain ?? Self.dotAtom(host, or: "localhost") }

  private func priority(of notice: OutgoingNotice) -> [HeaderField] {
    switch notice.urgency {
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

extension OutgoingNotice {
  /// The worst's.
  fileprivate var urgency: Urgency {
    switch matter {
    case .callback(let item): item.callback.urgency
    case .digest(let digest): digest.worst.callback.urgency
    case .alarm(let alarm): alarm.urgency
    }
  }
}
