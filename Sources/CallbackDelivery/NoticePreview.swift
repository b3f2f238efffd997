import CallbackConfiguration
import CallbackRules
import Foundation

/// A made-up notice as this configuration and these templates make it look.
public struct NoticePreview: Sendable, Equatable {
  public let subject: String
  public let text: String
  public let html: String
  /// The whole mail, as sendmail would be given it.
  public let mail: [UInt8]

  /// - Throws: a sentence, where no mail could be addressed.
  public init(
    _ sample: SampleNotice, for person: Person, _ configuration: Configuration, templates: NoticeTemplates,
    host: String, now: Date
  ) throws(Unaddressed) {
    let mail = configuration.mail
    guard let sender = MailAddress(mail.from) else {
      throw Unaddressed(sentence: "mail.from is not a plain address; write one in the configuration.")
    }
    // Whoever has no address is told by other channels; the words are the same.
    guard let address = MailAddress(person.email ?? "nobody") else {
      throw Unaddressed(sentence: "The e-mail address of \(person.id) is not a plain address; mend it.")
    }
    let composer = MailComposer(
      office: configuration.office, sender: sender, detail: mail.detail, host: host, byReply: mail.answers,
      templates: templates)
    let notice = sample.notice(for: person, office: configuration.office, now: now)
    let rendered = composer.render(notice, for: person, now: now)
    subject = rendered.subject
    text = rendered.text
    html = rendered.html
    self.mail = composer.write(rendered, notice, to: person, at: address)
  }

  public struct Unaddressed: Error {
    public let sentence: String
  }
}
