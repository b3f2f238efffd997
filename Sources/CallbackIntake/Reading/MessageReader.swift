// Reading: the bytes of one message file become messages.
//
// decode (bytes to text) → detect (which format) → split (text to fields) → interpret (fields to a message).
//
// It trusts nothing in the file: not its encoding, its length, its dates, nor that it is a message at all. Whatever it
// can't understand is still a message, with `problem` saying which line and what to mend, and with all that could be read.
// Nothing here throws or looks at the clock, and its time grows in step with the length of the file. Only for a mail does it
// wait: what decodes it is another process, given from outside.

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
  }
}

/// Reads message files.
public struct MessageReader: Sendable {
  let office: Office
  let limits: ReadingLimits
  let urgencyWords: UrgencyWords
  let decodeMail: MailDecoding

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
    let format = MessageFormat(of: text)
    let messages: [ReadingReport.ReadMessage]
    switch format {
    case .text:
      messages = interpret([TextFields(text, limits: limits).message], of: bytes, from: source)
    case .mail where source.mail == nil:
      messages = messagesOfMail(bytes, text, from: source)
    // The fields of JSON and CSV are not taken apart yet. As plain text they would be misread.
    case .json, .csv, .mail, .markup:
      messages = [unreadable(text, of: bytes, because: format.problem, from: source)]
    case .empty, .binary:
      messages = [unreadable(nil, of: bytes, because: format.problem, from: source)]
    }
    return ReadingReport(encoding: text.encoding.rawValue, format: format, messages: messages)
  }

  /// The message that stands for a file whose bytes could not be had.
  ///
  /// - Parameter reason: one sentence: why, and what to do.
  public func unreadable(_ reason: String, from source: MessageSource) -> Message {
    unreadable(DecodedText([]), because: reason, from: source)
  }

  /// The messages that these parts of a file make.
  private func interpret(
    _ parts: [SplitMessage], of file: [UInt8], from source: MessageSource
  ) -> [ReadingReport.ReadMessage] {
    parts.map { split in
      var split = split
      split.fields += source.mail?.fields(lackedBy: split.fields) ?? []
      return ReadingReport.ReadMessage(
        message: interpret(split, from: source), fields: split.fields, original: split.original ?? file)
    }
  }

  func unreadable(
    _ text: DecodedText?, of file: [UInt8], because problem: String?, from source: MessageSource
  ) -> ReadingReport.ReadMessage {
    ReadingReport.ReadMessage(
      message: unreadable(text, because: problem, from: source), fields: [], original: file)
  }
}
