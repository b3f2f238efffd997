import CallbackRules

/// A mail: the fields stand in its text, and its header gives what that lacks.
extension MessageReader {
  /// The messages in a mail: those of its text, which is plain text, JSON or CSV.
  func messagesOfMail(_ bytes: [UInt8], _ raw: DecodedText, from source: MessageSource) -> [ReadingReport.ReadMessage] {
    let mail: DecodedMail
    switch decodeMail(bytes) {
    case .success(let decoded): mail = decoded
    case .failure(let trouble):
      let problem = "The mail could not be decoded: \(trouble.reason); ask the service to send plain text"
      return [unreadable(raw, of: bytes, because: problem, from: source)]
    }
    let header = MailHeader(mail, office: office)
    var source = source
    source.mail = header
    let text = DecodedText(Array(mail.text.utf8))
    var read: [ReadingReport.ReadMessage]
    if MessageFormat(of: text) == .empty {
      let problem = "The mail has no text that can be read; ask the service to write the message into the mail itself"
      read = [unreadable(text, of: bytes, because: problem, from: source)]
    } else {
      read = report(text.utf8, from: source).messages
    }
    for place in read.indices {
      // Of a single message the mail itself is kept.
      if read.count == 1 { read[place].original = bytes }
      read[place].message.mailID = header.id(ofMessage: place)
      read[place].message.notes += header.notes
      // One that holds nothing but its text.
      if read[place].fields.isEmpty { header.fill(&read[place].message) }
    }
    return read
  }
}

/// What the header of a mail gives to the messages in its text, as fields, and only where these lack it.
struct MailHeader: Sendable {
  private let fields: [MessageField]
  private let messageID: String?
  private let digest: String
  /// The name by which it is known of the account that the mail was sent to.
  let account: String?
  let notes: [String]

  init(_ mail: DecodedMail, office: Office) {
    func field(_ name: String, _ meaning: FieldName?, _ value: String?) -> MessageField? {
      value.map { MessageField(line: 0, name: name, meaning: meaning, value: $0, placedBy: .mailHeader) }
    }
    let date = mail.date.map(Self.withoutComments)
    // A date that is none makes no message unreadable that is whole else.
    let isDate = date.map(Self.isMoment) ?? false
    let accounts = Self.accounts(of: mail.to, office: office)
    account = accounts.first
    fields = [
      field("To", .account, account), field("Subject", .regarding, mail.subject),
      field("Date", isDate ? .taken : nil, date), field("From", .operatorName, mail.from),
    ].compactMap(\.self)
    messageID = mail.messageID
    digest = Self.digest(of: (mail.date ?? "") + "\n" + mail.text)
    notes = Self.notes(on: mail, accounts: accounts.count)
  }

  /// The fields that a message with these lacks.
  func fields(lackedBy written: [MessageField]) -> [MessageField] {
    let given = Set(written.lazy.filter { !$0.value.isEmpty }.compactMap(\.meaning))
    return fields.filter { field in
      switch field.meaning {
      // A time of day alone is of the day before, just after midnight: by the file's time.
      case .taken: given.isDisjoint(with: [.taken, .time])
      case .some(let meaning): !given.contains(meaning)
      case nil: true
      }
    }
  }

  /// Gives a message that has no fields what a person can go by.
  func fill(_ message: inout Message) {
    for field in fields {
      switch field.meaning {
      case .regarding: message.regarding = field.value
      case .operatorName: message.operatorName = field.value
      default: break
      }
    }
  }

  /// By what a message of this mail is known when the mail comes again, by another way and with other bytes.
  ///
  /// With a digest of its date and text, which no way changes: of a program that gives all of its mails one Message-ID each but
  /// the first would be taken for received again, also where a caller rings again with the same words.
  func id(ofMessage place: Int) -> String? {
    messageID.map { "<\($0)> \(digest)" + (place == 0 ? "" : " \(place + 1)") }
  }

  // MARK: - From the header

  /// The names by which accounts are known in these addresses: the whole one, what stands before the `@`, or behind a `+` there.
  /// Each account once.
  private static func accounts(of addresses: [String], office: Office) -> [String] {
    var found: [(id: String, name: String)] = []
    for address in addresses {
      let local = address.prefix { $0 != "@" }
      let detail = local.firstIndex(of: "+").map { local[local.index(after: $0)...] } ?? ""
      for name in [address[...], local, detail] {
        guard !name.isEmpty, let account = office.account(named: name) else { continue }
        if !found.contains(where: { $0.id == account.id }) { found.append((account.id, String(name))) }
        break
      }
    }
    return found.map(\.name)
  }

  /// `(EST)`
  private static func withoutComments(_ date: String) -> String {
    guard let comment = date.firstIndex(of: "(") else { return date }
    return String(date[..<comment].reversed().drop { $0 == " " }.reversed())
  }

  private static func isMoment(_ date: String) -> Bool {
    guard let written = TimeToken.pieces(of: date).flatMap({ WrittenTime($0, dayFirst: false) }) else { return false }
    return written.isPossible && written.day != nil && written.clock != nil
  }

  private static func notes(on mail: DecodedMail, accounts: Int) -> [String] {
    var notes: [String] = []
    if accounts > 1 {
      notes.append("the mail was sent to \(accounts) accounts; without an Account field the first counts")
    }
    if mail.attachments > 0 {
      let what = mail.attachments == 1 ? "an attachment" : "\(mail.attachments) attachments"
      notes.append("the mail has \(what), not read; the original has what is in it")
    }
    if !mail.notes.isEmpty {
      notes.append("of the mail were left out: \(quoted(mail.notes.joined(separator: ", "))); the original has them")
    }
    return notes
  }

  /// FNV-1a, 64 bits: it tells a service's mails apart, and guards nothing.
  private static func digest(of text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}
