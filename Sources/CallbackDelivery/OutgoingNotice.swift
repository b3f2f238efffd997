import CallbackRules
import Foundation

/// A notice taken from the store, with all that is needed to compose it.
public struct OutgoingNotice: Sendable, Equatable {
  /// The notice's own number. Names its notification file.
  public var number: Int64
  /// Hexadecimal and unguessable, given once by the store. Part of the Message-ID.
  public var token: String
  public var notice: Notice
  /// The callback as it is now.
  public var callback: Callback
  /// When the notice was committed. The mail's Date.
  public var createdAt: Date
  /// How often it was handed over before, in vain.
  public var tries: Int
  /// Which of the person's channels it goes by, from 0.
  public var channelIndex: Int

  public init(
    number: Int64, token: String, notice: Notice, callback: Callback, createdAt: Date, tries: Int = 0,
    channelIndex: Int = 0
  ) {
    self.number = number
    self.token = token
    self.notice = notice
    self.callback = callback
    self.createdAt = createdAt
    self.tries = tries
    self.channelIndex = channelIndex
  }
}

/// What became of one attempt to deliver a notice.
public struct Delivery: Sendable, Equatable {
  public var outcome: DeliveryOutcome
  /// Why the notification file could not be written: a sentence. Nil if it was.
  public var fileProblem: String?

  public init(outcome: DeliveryOutcome, fileProblem: String? = nil) {
    self.outcome = outcome
    self.fileProblem = fileProblem
  }
}
