import Foundation

/// What stands in a mail, as `callback-mail --decode` says: nothing of it is to be trusted.
public struct DecodedMail: Sendable, Equatable {
  public var subject: String?
  /// As the header has it.
  public var date: String?
  public var from: String?
  /// Addresses that it was sent to, those of the envelope first.
  public var to: [String]
  public var messageID: String?
  /// What a person would read, as UTF-8; empty where there is nothing.
  public var text: String
  public var attachments: Int
  /// What was not read, a few words each.
  public var notes: [String]

  public init(
    subject: String? = nil, date: String? = nil, from: String? = nil, to: [String] = [], messageID: String? = nil,
    text: String, attachments: Int = 0, notes: [String] = []
  ) {
    self.subject = subject
    self.date = date
    self.from = from
    self.to = to
    self.messageID = messageID
    self.text = text
    self.attachments = attachments
    self.notes = notes
  }
}

extension DecodedMail: Decodable {
  private enum CodingKeys: String, CodingKey {
    case subject, date, from, to, text, attachments, notes
    case messageID = "message_id"
  }

  private static let mostValues = 100
  private static let mostValueBytes = 4096
  private static let mostTextBytes = 1 << 20

  /// What `callback-mail` wrote; nil if it is not just that, or more than it writes.
  public init?(json: [UInt8]) {
    guard let mail = try? JSONDecoder().decode(DecodedMail.self, from: Data(json)) else { return nil }
    let lists = [mail.to, mail.notes]
    let values = [mail.subject, mail.date, mail.from, mail.messageID].compactMap(\.self) + lists.joined()
    guard lists.allSatisfy({ $0.count <= Self.mostValues }), mail.attachments >= 0,
      values.allSatisfy({ $0.utf8.count <= Self.mostValueBytes && !$0.utf8.contains { $0 < 0x20 } }),
      mail.text.utf8.count <= Self.mostTextBytes
    else { return nil }
    self = mail
  }
}

/// A mail could not be decoded.
public struct MailTrouble: Error, Equatable {
  /// Why: completes "The mail could not be decoded: …".
  public var reason: String
  /// Whether it is the program's that decodes, whatever the mail: to be tried again once that is mended.
  public var isOfProgram: Bool

  public init(_ reason: String, isOfProgram: Bool = false) {
    self.reason = reason
    self.isOfProgram = isOfProgram
  }
}

/// Decodes a mail, in another process: `MailDecoder`, or a test's.
public typealias MailDecoding = @Sendable ([UInt8]) -> Result<DecodedMail, MailTrouble>
