import CallbackReports
import CallbackRules
import Foundation

/// What the daemon answers.
///
/// `names` gives, for each id of a person, team or rotation that the reply speaks of, what people call it.
public enum ControlReply: Sendable, Equatable {
  case list(ListReply)
  /// What the client is to be told (nil: nothing has changed), and how far it is told then.
  case watched(WatchReply?, WatchPlace)
  case show(ShowReply)
  case acted(ActReply)
  case onCall(OnCallReply)
  case receipt(ReceiptReply)
  case names(NamesReply)
  case verify(VerifyReply)
  case export(ExportReply)
  case purge(PurgeReply)
  case status(StatusReport)
  case metrics(MetricsReply)
  case report(Report)
  case mailed(MailedReply)
  case failed(ControlFailure)
  /// The answer is not there yet.
  case later(LaterReply)
}

/// An answer that takes more than one turn of the queue. Its client waits; the others are answered meanwhile.
public final class LaterReply: Sendable, Equatable {
  /// Is given what to call, on any queue and once, with an answer that is not `later` again.
  public typealias Begin = @Sendable (_ answer: @escaping @Sendable (ControlReply) -> Void) -> Void

  let begin: Begin

  public init(_ begin: @escaping Begin) {
    self.begin = begin
  }

  public static func == (left: LaterReply, right: LaterReply) -> Bool { left === right }
}

/// Figures for monitoring.
public struct MetricsReply: Codable, Sendable, Equatable {
  /// In Prometheus' text format.
  public var text: String

  public init(text: String) {
    self.text = text
  }
}

/// A report was handed over to a mail program.
public struct MailedReply: Codable, Sendable, Equatable {
  /// The ids of those to whom it went.
  public var told: [String]
  public var names: [String: String]

  public init(told: [String], names: [String: String] = [:]) {
    self.told = told
    self.names = names
  }
}

/// One page of callbacks, most urgent first.
public struct ListReply: Codable, Sendable, Equatable {
  public var callbacks: [CallbackRow]
  public var names: [String: String]
  /// What `ListQuery.after` must be for the next page; null on the last one.
  @Nullable public var next: String?

  public init(callbacks: [CallbackRow], names: [String: String] = [:], next: String? = nil) {
    self.callbacks = callbacks
    self.names = names
    self.next = next
  }
}

/// The receipt of a dropped file.
public struct ReceiptReply: Codable, Sendable, Equatable {
  /// As it stands in `accepted/`; null while the file is not in, and where it is not known any more.
  @Nullable public var receipt: String?

  public init(receipt: String?) {
    self.receipt = receipt
  }
}

/// One callback whole.
public struct ShowReply: Codable, Sendable, Equatable {
  public var detail: CallbackDetail
  public var names: [String: String]

  public init(detail: CallbackDetail, names: [String: String] = [:]) {
    self.detail = detail
    self.names = names
  }
}

/// The callback as it is after what was done.
public struct ActReply: Codable, Sendable, Equatable {
  public var callback: CallbackRow
  /// Until when the owner must have reached the patient; null if that clock does not run.
  @Nullable public var finishBy: Date?
  /// When the owner is to try again; null if no try is waiting.
  @Nullable public var retryAt: Date?
  /// Until when somebody must acknowledge; null if that clock does not run.
  @Nullable public var ownBy: Date?
  /// Until when its owner snoozes it.
  @Nullable public var snoozedUntil: Date?
  /// When time begins to count for its owner, where the office is closed now.
  @Nullable public var begins: Date?
  /// The ids of those who are told because of what was done.
  public var told: [String]
  public var names: [String: String]

  enum CodingKeys: String, CodingKey {
    case callback
    case finishBy = "finish_by"
    case retryAt = "retry_at"
    case ownBy = "own_by"
    case snoozedUntil = "snoozed_until"
    case begins, told, names
  }

  public init(
    _ callback: Callback, begins: Date? = nil, told: [String] = [], names: [String: String] = [:], now: Date
  ) {
    self.callback = CallbackRow(callback, now: now)
    finishBy = callback.finishBy
    retryAt = callback.retryAt
    ownBy = callback.ownBy
    snoozedUntil = callback.snoozedUntil
    self.begins = begins
    self.told = told
    self.names = names
  }
}
