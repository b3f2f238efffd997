import Foundation

/// Who wrote a mail: a person, or a program that says that a notice told nobody.
extension AnswerMail {
  public enum Nature: Sendable, Equatable {
    case person
    /// A program answers in a person's place: out of office.
    case automatic
    /// The mail was not delivered; what the mail system says of it, a few words of its own form alone.
    case failed(String)
    /// It was not delivered yet.
    case delayed(String)
    /// It says nothing of whether anybody was told: delivered, displayed, relayed.
    case other
  }

  public var nature: Nature {
    if reportType == "delivery-status" || !reports.isEmpty { return ofReports }
    // It was displayed, or deleted unread: a receipt that nobody asked for.
    if reportType != nil { return .other }
    if isFromMailSystem { return ofReturnedMail }
    return isAutomatic ? .automatic : .person
  }

  private var ofReports: Nature {
    func first(_ action: String) -> DeliveryReport? { reports.first { $0.action == action } }
    if let failed = first("failed") { return .failed(Self.words("it could not be delivered", failed.status)) }
    if let delayed = first("delayed") { return .delayed(Self.words("it is not delivered yet", delayed.status)) }
    // A report that can't be read may be of a failure.
    return reports.isEmpty ? ofReturnedMail : .other
  }

  /// `5.1.1` and the like alone: a status is three numbers (RFC 3463).
  private static func words(_ text: String, _ status: String?) -> String {
    guard let status, status.utf8.count <= 12, status.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else {
      return text
    }
    return "\(text) (\(status))"
  }

  // MARK: - Mail systems without reports

  private var isFromMailSystem: Bool {
    if header["x-failed-recipients"] != nil { return true }
    let locals = senders.map { $0.prefix { $0 != "@" }.lowercased() }
    let isSystem = locals.contains { $0 == "mailer-daemon" || $0 == "postmaster" || $0.hasPrefix("microsoftexchange") }
    // A postmaster may be a person of the office, too.
    if isSystem, header["return-path"] == nil || hasEmptyReturnPath { return true }
    return (isSystem || hasEmptyReturnPath) && Self.begins(subject, with: Self.failures + Self.delays)
  }

  private var hasEmptyReturnPath: Bool {
    guard let path = header["return-path"] else { return false }
    return path.allSatisfy { $0 == "<" || $0 == ">" || $0 == " " }
  }

  private var ofReturnedMail: Nature {
    Self.begins(subject, with: Self.delays) ? .delayed("it is not delivered yet") : .failed("it could not be delivered")
  }

  /// In lower case, as they begin. Exchange writes these in the language of its host.
  private static let failures = [
    "undeliver", "mail delivery failed", "delivery status notification (failure)", "failure notice", "returned mail",
    "delivery failure", "nicht zustellbar", "unzustellbar", "non remis", "non distribu", "no se puede entregar",
    "no entregado", "impossibile recapitare",
  ]
  private static let delays = [
    "warning: message", "delivery delayed", "delivery status notification (delay)", "delayed:", "delayed mail",
    "zustellung verzögert", "verzögert", "remise différée", "retrasado", "entrega retrasada",
  ]

  // MARK: - Programs in a person's place

  /// RFC 3834 and what was there before it.
  private var isAutomatic: Bool {
    if let word = header["auto-submitted"], Self.word(word) != "no" { return true }
    if ["x-autoreply", "x-autorespond", "x-autoresponder"].contains(where: { header[$0] != nil }) { return true }
    if header["x-ms-exchange-inbox-rules-loop"] != nil { return true }
    if header["x-ms-exchange-generated-message-source"]?.lowercased().contains("rules agent") ?? false { return true }
    // Exchange sets it on what it answers by itself, and mail programs don't.
    if let suppressed = header["x-auto-response-suppress"]?.lowercased(),
      ["all", "oof", "autoreply"].contains(where: suppressed.contains)
    {
      return true
    }
    let precedence = header["precedence"].map(Self.word)
    if precedence == "auto_reply" || precedence == "auto-reply" { return true }
    return Self.begins(subject, with: Self.absences)
  }

  /// How answers of programs begin, in lower case: Exchange's and Outlook's own words.
  private static let absences = [
    "automatic reply:", "auto reply:", "autoreply:", "auto:", "out of office", "out of the office",
    "automatische antwort:", "abwesenheitsnotiz", "abwesenheitsbenachrichtigung", "abwesend:",
    "réponse automatique", "absence du bureau", "absent du bureau", "absence :",
    "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede", "automatisch antwoord",
    "afwezig", "resposta automática", "automatiskt svar", "autosvar", "automatisk svar", "automaattinen vastaus",
    "autoodpowiedź", "odpowiedź automatyczna",
  ]

  private static func begins(_ subject: String?, with words: [String]) -> Bool {
    guard let subject = subject?.prefix(200).lowercased().replacing("\u{A0}", with: " ") else { return false }
    return words.contains { subject.hasPrefix($0) }
  }

  private static func word(_ value: String) -> String {
    value.prefix { $0 != ";" && $0 != "(" }.trimmingCharacters(in: .whitespaces).lowercased()
  }
}
