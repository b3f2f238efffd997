import CallbackReports
import CallbackRules
import Foundation

/// A report as a mail: its text, and its page attached, which mail programs would not show as it is.
///
/// Pure, like `MailComposer`. No word of a patient is in a report.
struct ReportMail {
  let report: Report
  let sender: MailAddress
  /// What tells it from others in its Message-ID: printable ASCII that may stand in one.
  let name: String

  /// Not to be found in quoted-printable, in which two hexadecimal digits or a line's end follow "=".
  private static let boundary = "=_callbackd-report"

  func compose(to person: Person, at address: MailAddress) -> [UInt8] {
    let fields = [
      HeaderField("Date", text: LocalTime.mailDate(report.madeAt)),
      HeaderField("From", mailbox: report.site, address: sender),
      HeaderField("To", mailbox: person.name, address: address),
      HeaderField("Subject", text: subject),
      HeaderField("Message-ID", identifier: "<\(name)@\(sender.domain ?? "localhost")>"),
      HeaderField("Auto-Submitted", text: "auto-generated"),
      HeaderField("X-Auto-Response-Suppress", text: "DR, RN, NRN"),
      HeaderField("MIME-Version", text: "1.0"),
      HeaderField("Content-Type", text: "multipart/mixed; boundary=\"\(Self.boundary)\""),
    ]
    let header = fields.map { $0.text + "\n" }.joined() + "\n"
    return Array(header.utf8) + part(VisibleText(report.text).lines, ["Content-Type: text/plain; charset=utf-8"])
      + part(
        report.html,
        ["Content-Type: text/html; charset=utf-8", "Content-Disposition: attachment; filename=\"\(file)\""])
      + Array("--\(Self.boundary)--\n".utf8)
  }

  private func part(_ text: String, _ fields: [String]) -> [UInt8] {
    let header = ["--\(Self.boundary)"] + fields + ["Content-Transfer-Encoding: quoted-printable", "", ""]
    return Array(header.joined(separator: "\n").utf8) + QuotedPrintable.encode(text) + [UInt8(ascii: "\n")]
  }

  /// `Promises kept 2026-11-16 to 2026-11-22: 93.6 %, 28 broken`.
  private var subject: String {
    let share = report.total.keptPerMille.map { "\($0 / 10).\($0 % 10) %, \(report.total.broken) broken" }
    return "Promises kept \(firstDay) to \(lastDay): \(share ?? "none was due")"
  }

  private var file: String { "promises-\(firstDay).html" }
  private var firstDay: String { day(report.since) }
  private var lastDay: String { day(report.until.addingTimeInterval(-1)) }

  private func day(_ moment: Date) -> String { (Zone(report.zone) ?? .utc).civilTime(at: moment).dateText }
}

extension Deliverer {
  /// Mails a report to one person.
  ///
  /// - Parameter name: stands in its Message-ID; a repeat has the same.
  public func mail(_ report: Report, named name: String, to person: Person) async -> DeliveryOutcome {
    guard let address = person.email.flatMap({ MailAddress($0) }) else {
      return .refused("\(PrintableLine(person.id, limit: 80).text) has no plain e-mail address")
    }
    guard let sender = MailAddress(mail.from) else {
      return .retryLater("mail.from is not a plain address: \(PrintableLine(mail.from, limit: 80).text)")
    }
    let message = ReportMail(report: report, sender: sender, name: name).compose(to: person, at: address)
    let sendmail = Sendmail(
      program: mail.sendmail, timeout: mail.timeout, scratchDirectory: scratchDirectory, quotesErrors: true)
    return await sendmail.handOver(message, from: sender, to: address).outcome
  }
}
