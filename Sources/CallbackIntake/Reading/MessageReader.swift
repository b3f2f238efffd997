// Reading: the bytes of one message file become messages.
//
// decode (bytes to text) → detect (which format) → split (text to fields) → interpret (fields to a message).
//
// It trusts nothing in the file: not its encoding, its length, its dates, nor that it is a message at all. Whatever it
// can't understand is still a message, with `problem` saying which line and what to mend, and with all that could be read.
// Nothing here throws or looks at the clock, and its time grows in step with the length of the file. Only the patterns of
// profiles could take longer, and have a bound of their own; and for a mail it waits: what decodes it is another process,
// given from outside.

import CallbackRules
import Foundation

/// Where a message file was found, and when.
public struct MessageSource: Sendable {
  /// The name of the folder in `incoming/` that it lay in; nil for `incoming/` itself.
  public var folderService: String?
  public var modifiedAt: Date
  public var arrivedAt: Date
  /// The header of the mail in whose text the messages stand.
  var mail: MailHeader?

  public init(folderService: String?, modifiedAt: Date, arrivedAt: Date) {
    self.folderService = folderService
    self.modifiedAt = modifiedAt
    self.arrivedAt = arrivedAt
  }
}

/// How a file was read: what `callbackctl parse` shows.
public struct ReadingReport: Sendable {
  /// `UTF-8`, `UTF-16`, `Windows-1252`.
  public var encoding: String
  public var format: MessageFormat
  public var messages: [ReadMessage]

  /// One message, and the fields it was made from in their order.
  public struct ReadMessage: Sendable {
    public var message: Message
    public var fields: [MessageField]
    /// The bytes that it was read from: the file's, or of a batch those of its row.
    public var original: [UInt8]
    /// Whose profiles say how it was read, the first winning.
    public var profiles: [Profile.Owner]
    let freeText: String?
    let freeTextLines: FreeTextLines?

    /// What became no field that means something: what has a name that is not known, then free text; without blank lines.
    public var unplaced: [UnplacedLine] {
      let unknown = fields.filter { $0.placedBy == nil }.map {
        UnplacedLine(line: $0.line, text: "\($0.name): \($0.value)")
      }
      let lines = (freeText ?? "").split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      return unknown
        + lines.filter { !$0.element.allSatisfy(\.isWhitespace) }.map {
          UnplacedLine(line: freeTextLines?.number(at: $0.offset), text: String($0.element))
        }
    }
  }

  /// A line that no name and no pattern placed.
  public struct UnplacedLine: Sendable, Equatable {
    /// Counts from 1; nil where the format has no lines.
    public var line: Int?
    public var text: String

    public init(line: Int?, text: String) {
      self.line = line
      self.text = text
    }
  }
}

/// Reads message files.
public struct MessageReader: Sendable {
  let office: Office
  let limits: ReadingLimits
  let urgencyWords: UrgencyWords
  let decodeMail: MailDecoding
  private let profiles: ReadyProfiles

  /// The most bytes of text that an unreadable message keeps as its body.
  public static let maximumUnreadableBytes = 16 * 1024

  /// - Parameter decodeMail: decodes mails; it may block, and is the only thing here that does.
  public init(
    office: Office, limits: ReadingLimits = ReadingLimits(),
    decodeMail: @escaping MailDecoding = { _ in .failure(MailTrouble("nothing is there to decode it")) }
  ) {
    self.office = office
    self.limits = limits
    self.decodeMail = decodeMail
    urgencyWords = UrgencyWords(configured: office.urgencyWords)
    profiles = ReadyProfiles(of: office)
  }

  /// The messages in a file: always at least one.
  ///
  /// One that can't be understood has `problem` set, is at least urgent, and holds whatever could be read.
  public func read(_ bytes: [UInt8], from source: MessageSource) -> [Arrival.Part] {
    report(bytes, from: source).messages.map { Arrival.Part(message: $0.message, original: $0.original) }
  }

  /// The messages in a file, with how each of their fields was read.
  public func report(_ bytes: [UInt8], from source: MessageSource) -> ReadingReport {
    let text = DecodedText(bytes)
    let layout = profiles.layout(of: Belonging(account: source.mail?.account, from: source, in: office))
    let format = MessageFormat(of: text, layout: layout)
    var messages: [ReadingReport.ReadMessage]
    switch format {
    case .text:
      let split = TextFields(text, limits: limits, layout: layout).message
      messages = interpret([split], of: bytes, layout: layout, from: source) { own, _ in
        TextFields(text, limits: limits, layout: own).message
      }
    case .json:
      let objects = JSONMessages(text, limits: limits, layout: layout).messages
      messages = interpret(objects, of: bytes, layout: layout, from: source)
    case .csv:
      let rows = CSVHeader(of: text.utf8, layout: layout).map { CSVMessages(text, $0, limits: limits).messages }
      messages = interpret(rows ?? [], of: bytes, layout: layout, from: source)
    case .mail where source.mail == nil:
      messages = messagesOfMail(bytes, text, from: source)
    case .mail, .markup:
      messages = [unreadable(text, of: bytes, because: format.problem, from: source)]
    case .empty, .binary:
      messages = [unreadable(nil, of: bytes, because: format.problem, from: source)]
    }
    if messages.isEmpty { messages = [unreadable(text, of: bytes, because: format.problem, from: source)] }
    return ReadingReport(encoding: text.encoding.rawValue, format: format, messages: messages)
  }

  /// The message that stands for a file whose bytes could not be had.
  ///
  /// - Parameter reason: one sentence: why, and what to do.
  public func unreadable(_ reason: String, from source: MessageSource) -> Message {
    unreadable(DecodedText([]), because: reason, from: source)
  }

  /// The messages that these parts of a file make.
  ///
  /// - Parameters:
  ///   - layout: by which they were taken apart, before it was known whose they are.
  ///   - splitAgain: takes one apart by the layout of its own account and service; by itself the fields stay, and only what
  ///     their names mean is looked up again.
  private func interpret(
    _ parts: [SplitMessage], of file: [UInt8], layout: MessageLayout, from source: MessageSource,
    splitAgain: (MessageLayout, SplitMessage) -> SplitMessage = { $1.renamed(by: $0) }
  ) -> [ReadingReport.ReadMessage] {
    parts.map { part in
      let header = source.mail?.fields(lackedBy: part.fields) ?? []
      let account = part.account ?? header.first { $0.meaning == .account }?.value
      let belonging = Belonging(account: account, from: source, in: office)
      let own = profiles.layout(of: belonging)
      var split = own.isSame(as: layout) ? part : splitAgain(own, part)
      split.fields += source.mail?.fields(lackedBy: split.fields) ?? []
      let original = parts.count == 1 ? nil : split.original
      return ReadingReport.ReadMessage(
        message: interpret(split, of: belonging, layout: own, from: source), fields: split.fields,
        original: original ?? file, profiles: own.profiles.map(\.owner),
        freeText: split.freeText, freeTextLines: split.freeTextLines)
    }
  }

  func unreadable(
    _ text: DecodedText?, of file: [UInt8], because problem: String?, from source: MessageSource
  ) -> ReadingReport.ReadMessage {
    let message = unreadable(text, because: problem, from: source)
    return ReadingReport.ReadMessage(
      message: message, fields: [], original: file, profiles: [], freeText: message.body,
      freeTextLines: FreeTextLines(next: 1))
  }
}
