import CallbackConfiguration
import CallbackRules
import ChildProcesses
import Foundation

/// Delivery: tells one person what there is to tell.
///
/// Trusts the store for the notice and the configuration for people, channels and programs; nothing of what a message
/// holds, which may be hostile. Writes the notification file, then hands over by the person's channel. Each failure is an
/// outcome with a sentence that may be logged: it names the channel, never the patient. The caller retries, takes the next
/// channel, and bounds how many run at once.
public struct Deliverer: Sendable {
  let office: Office
  let mail: Configuration.Mail
  let host: String
  let scratchDirectory: String
  public let files: NotificationFiles
  let templates: NoticeTemplates

  /// - Parameters:
  ///   - files: the notification files, which every deliverer of a daemon has in common.
  ///   - scratchDirectory: a private directory for what children read on standard input. Files in it have no names and
  ///     are gone with the child.
  ///   - host: this machine's name as people know it, for "answer on …", and for Message-IDs where `mail.from` has no domain.
  ///   - templates: what mails say.
  public init(
    office: Office, mail: Configuration.Mail, files: NotificationFiles, scratchDirectory: String, host: String,
    templates: NoticeTemplates = .shipped
  ) {
    self.office = office
    self.mail = mail
    self.host = host
    self.scratchDirectory = scratchDirectory
    self.templates = templates
    self.files = files
  }

  /// Writes the notification file, then hands the notice over by its channel.
  ///
  /// The file is written whatever becomes of the rest; a repeat rewrites it under the same name. A cancelled task stops the
  /// child and ends in `retryLater`.
  public func deliver(_ notice: OutgoingNotice, now: Date) async -> Delivery {
    await withTaskExecutorPreference(BlockingExecutor.shared) {
      // A canary is about mail alone.
      let problem = notice.isCanary ? nil : writeFile(of: notice)
      var delivery = await handOver(notice, fileProblem: problem, now: now)
      delivery.fileProblem = problem
      return delivery
    }
  }

  /// What writes the files of notices that can't be handed over yet, because others are, on any thread and once: whoever watches
  /// the files need not wait for a mail program.
  ///
  /// To be called before any of them can be handed over.
  public func earlyFiles(of notices: [OutgoingNotice]) -> @Sendable () -> Void {
    files.willWriteEarly(notices)
    return { files.writeEarly(notices) { json($0, for: .staff) } }
  }

  private func json(_ notice: OutgoingNotice, for reader: NotificationJSON.Reader) -> [UInt8] {
    NotificationJSON.of(notice, office: office, detail: mail.detail, for: reader)
  }

  private func handOver(_ notice: OutgoingNotice, fileProblem: String?, now: Date) async -> Delivery {
    guard let person = office.people[notice.person] else {
      return refused("the configuration has no person \(printable(notice.person))")
    }
    let channels = person.channelsInOrder
    guard channels.indices.contains(notice.channelIndex) else {
      return refused("\(printable(person.id)) has no further channel")
    }
    let id = channels[notice.channelIndex]
    if id == Channel.mail { return await sendMail(notice, to: person, now: now) }
    switch office.channels[id]?.kind {
    case .file:
      return fileProblem.map { Delivery(outcome: .retryLater($0), extent: .channel) } ?? Delivery(outcome: .delivered)
    case .command(let words):
      let channel = CommandChannel(
        id: id, words: words, timeout: mail.timeout, scratchDirectory: scratchDirectory,
        quotesErrors: mail.detail == .minimal)
      return await channel.handOver(json(notice, for: .person), for: person)
    case nil:
      return refused("the configuration has no channel \(printable(id)), which \(printable(person.id)) has")
    }
  }

  private func refused(_ why: String) -> Delivery { Delivery(outcome: .refused(why)) }

  private func sendMail(_ notice: OutgoingNotice, to person: Person, now: Date) async -> Delivery {
    guard let written = person.email else {
      return refused("\(printable(person.id)) has no e-mail address")
    }
    guard let address = MailAddress(written) else {
      return refused("the e-mail address of \(printable(person.id)) is not a plain address: \(printable(written))")
    }
    guard let sender = MailAddress(mail.from) else {
      // Nobody's mail could go: not this person's fault.
      return Delivery(
        outcome: .retryLater("mail.from is not a plain address: \(printable(mail.from))"), extent: .channel)
    }
    let composer = MailComposer(
      office: office, sender: sender, detail: mail.detail, host: host, byReply: mail.answers, templates: templates)
    let message = composer.compose(notice, to: person, at: address, now: now)
    let sendmail = Sendmail(
      program: mail.sendmail, timeout: mail.timeout, scratchDirectory: scratchDirectory,
      quotesErrors: mail.detail == .minimal)
    return await sendmail.handOver(message, from: sender, to: address)
  }

  /// Nil, or what went wrong.
  private func writeFile(of notice: OutgoingNotice) -> String? {
    do throws(FileFailure) {
      try files.write(json(notice, for: .staff), of: notice)
      return nil
    } catch {
      return error.description
    }
  }

  private func printable(_ word: String) -> String { PrintableLine(word, limit: 80).text }
}
