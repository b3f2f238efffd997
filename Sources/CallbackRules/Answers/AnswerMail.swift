import Foundation

/// What stands in a mail that came to the address that notices are sent from: an answer, or word of what became of one. Nothing
/// of it is to be trusted.
public struct AnswerMail: Sendable, Equatable {
  /// The addresses in all of its From fields.
  public var senders: [String]
  public var subject: String?
  /// As the header has it.
  public var date: String?
  public var messageID: String?
  /// The Message-IDs that it answers, the likeliest first: In-Reply-To, then References from its end.
  public var answered: [String]
  /// The Message-IDs of the mails that it returns.
  public var returned: [String]
  /// What tells automatic mails from people's, by the fields' names in lower case.
  public var header: [String: String]
  /// The `report-type` of a `multipart/report`, in lower case; nil for any other mail.
  public var reportType: String?
  /// What became of a mail, for each of its recipients (RFC 3464).
  public var reports: [DeliveryReport]
  /// What a person would read, where lines that are quoted begin with `>`.
  public var text: String

  public init(
    senders: [String] = [], subject: String? = nil, date: String? = nil, messageID: String? = nil,
    answered: [String] = [], returned: [String] = [], header: [String: String] = [:], reportType: String? = nil,
    reports: [DeliveryReport] = [], text: String = ""
  ) {
    self.senders = senders
    self.subject = subject
    self.date = date
    self.messageID = messageID
    self.answered = answered
    self.returned = returned
    self.header = header
    self.reportType = reportType
    self.reports = reports
    self.text = text
  }
}

/// What a mail system says of one recipient (RFC 3464, section 2.3).
public struct DeliveryReport: Sendable, Equatable {
  /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`, in lower case.
  public var action: String
  /// `5.1.1`
  public var status: String?

  public init(action: String, status: String? = nil) {
    self.action = action
    self.status = status
  }
}

/// A notice's Message-ID, as mails give it back: `callback-12.34.TOKEN@DOMAIN`, `digest-34.TOKEN@DOMAIN`.
public struct NoticeID: Sendable, Equatable {
  public var matter: Matter
  /// The notice's number; that of its first where it is of several.
  public var number: Int64
  /// Unguessable.
  public var token: String

  public enum Matter: Sendable, Equatable {
    case callback(Int64)
    case digest
    case alarm
  }

  public init(matter: Matter, number: Int64, token: String) {
    self.matter = matter
    self.number = number
    self.token = token
  }

  /// - Parameter messageID: with or without its angle brackets; nil if no notice has such a one.
  public init?(messageID: some StringProtocol) {
    let inner = messageID.drop { $0 == "<" || $0 == " " }
    guard inner.utf8.count <= 400, let at = inner.firstIndex(of: "@") else { return nil }
    let parts = inner[..<at].split(separator: ".", omittingEmptySubsequences: false)
    guard let name = parts.first, let dash = name.firstIndex(of: "-"), let token = parts.last, !token.isEmpty,
      let first = Int64(name[name.index(after: dash)...]), first > 0
    else { return nil }
    switch (name[..<dash], parts.count) {
    case ("callback", 3):
      guard let number = Int64(parts[1]), number > 0 else { return nil }
      self.init(matter: .callback(first), number: number, token: String(token))
    case ("digest", 2): self.init(matter: .digest, number: first, token: String(token))
    case ("alarm", 2): self.init(matter: .alarm, number: first, token: String(token))
    default: return nil
    }
  }
}

extension AnswerMail {
  /// More than these are not looked at.
  private static let mostIDs = 20
  private static let mostSearchedBytes = 256 << 10

  /// The notices that it may be about, the likeliest first.
  ///
  /// What mail systems return is looked for in the text too, where older ones quote the header of what they return.
  public var notices: [NoticeID] {
    let isPersons = nature == .person
    var named = (isPersons ? answered : returned + answered).prefix(Self.mostIDs).compactMap { NoticeID(messageID: $0) }
    if named.isEmpty, !isPersons { named = Self.identifiers(in: text) }
    // In-Reply-To and References both have it.
    var seen: Set<Int64> = []
    return named.filter { seen.insert($0.number).inserted }
  }

  private static func identifiers(in text: String) -> [NoticeID] {
    var found: [NoticeID] = []
    var rest = text.utf8.prefix(mostSearchedBytes)
    while found.count < mostIDs, let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      let inside = rest[rest.index(after: start)...]
      let word = inside.prefix(400).prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") }
      if let id = NoticeID(messageID: String(decoding: word, as: UTF8.self)) { found.append(id) }
      rest = rest[word.endIndex...]
    }
    return found
  }

  /// By what it is known again when it comes once more, by another way and with other bytes.
  public var digest: String {
    let parts = [messageID, senders.first, date, subject, text].map { $0 ?? "" }
    return Self.digest(of: parts.joined(separator: "\n"))
  }

  /// FNV-1a, twice 64 bits: it tells the mails about one notice apart, and guards nothing.
  public static func digest(of text: String) -> String {
    var (one, other): (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4)
    for byte in text.utf8 {
      one = (one ^ UInt64(byte)) &* 0x100_0000_01B3
      other = (other &+ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      other ^= other >> 29
    }
    return String(one, radix: 16) + String(other, radix: 16)
  }
}
