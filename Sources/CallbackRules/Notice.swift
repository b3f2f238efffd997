import Foundation

/// One thing to tell one person about one callback.
public struct Notice: Sendable, Equatable {
  /// Why the person is told. The raw value is stored and stands in notification files.
  public enum Reason: String, Sendable, CaseIterable {
    /// A new callback for you.
    case announce
    /// You owe a call soon.
    case reminder
    /// It is time for the next try.
    case retry
    /// It is somebody else's, but nobody acknowledged it in time.
    case notOwned = "not-owned"
    /// Its owner did not finish in time.
    case notFinished = "not-finished"
    /// A step of the escalation.
    case step
    /// It was reopened.
    case reopened
    /// The number is wrong; the service must be asked for the right one.
    case wrongNumber = "wrong-number"
    /// The message names somebody or an account that is not known.
    case unknownName = "unknown-name"
    /// It is yours to answer now.
    case assigned
    /// The same caller rang again.
    case repeatCall = "repeat-call"
    /// The same caller rang again, after the callback that you closed, or that the fallback answers for, was closed.
    case rangAgain = "rang-again"
    /// The service changed the message.
    case amended
    /// The service says that the caller no longer wants a call.
    case withdrawn
    /// You came on shift: it is open.
    case handOff = "hand-off"
    /// Its owner snoozes it past its deadline.
    case snoozed
    /// Nobody else could be told.
    case nobodyElse = "nobody-else"
    /// Your answer by mail was not understood, and is kept as a note.
    case answerUnclear = "answer-unclear"
    /// Your answer by mail was not carried out: `text` says why.
    case answerRefused = "answer-refused"
    /// Somebody closed it by an answer by mail.
    case closedByMail = "closed-by-mail"

    /// Whether it answers a mail of the person's own.
    public var isReply: Bool { self == .answerUnclear || self == .answerRefused }

    /// Where a person would be told two things at one moment, the one that matters more is kept.
    var weight: Int {
      switch self {
      case .unknownName, .answerUnclear, .answerRefused, .closedByMail: 0
      case .announce, .amended, .withdrawn: 1
      case .reminder: 2
      case .retry: 3
      case .wrongNumber, .repeatCall, .rangAgain, .assigned, .handOff: 4
      case .notOwned: 5
      case .notFinished: 6
      // How late it is stands in every notice; that it was opened again does not.
      case .step, .snoozed, .reopened: 7
      case .nobodyElse: 8
      }
    }
  }

  /// The id of the person.
  public var person: String
  public var reason: Reason
  /// The index of the policy's step it belongs to; nil also for an owner who is told beside a step.
  public var step: Int?
  /// When the person's quiet hours end, where it waits for that; nil: it goes at once.
  public var notBefore: Date?
  /// What there is to say beside the reason: sentences of callbackd's own, without a word of a message or a mail.
  public var text: String?

  public init(person: String, reason: Reason, step: Int? = nil, notBefore: Date? = nil, text: String? = nil) {
    self.person = person
    self.reason = reason
    self.step = step
    self.notBefore = notBefore
    self.text = text
  }
}

/// What became of handing a notice over.
public enum DeliveryOutcome: Sendable, Equatable {
  /// The channel took it.
  case delivered
  /// Not now; the sentence says why.
  case retryLater(String)
  /// Never by this channel; the sentence says why.
  case refused(String)

  var isTriedAgain: Bool {
    if case .retryLater = self { true } else { false }
  }
}
