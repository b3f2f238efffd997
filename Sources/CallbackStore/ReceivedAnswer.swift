import CallbackIntake
import CallbackRules

/// A mail from the spool's `answers/`, as the store has to know it.
public struct ReceivedAnswer: Sendable {
  /// The notices that it may be about, the likeliest first.
  public var notices: [NoticeID]
  /// By which it is known again.
  public var digest: String
  public var identity: FileIdentity

  public init(notices: [NoticeID], digest: String, identity: FileIdentity) {
    self.notices = notices
    self.digest = digest
    self.identity = identity
  }
}

/// What became of a mail from `answers/`.
public enum TakenAnswer: Sendable {
  case taken(Answer)
  /// Somebody is just handing its notice over: what it says of that can't be settled yet. Nothing is stored.
  case notYet

  /// A mail that is committed.
  public struct Answer: Sendable {
    /// Given once to each mail.
    public var number: Int64
    /// The notice that it is about; nil: none.
    public var notice: Int64?
    public var outcome: AnswerVerdict.Outcome
    /// Whether it was known: nothing was done but to note that it came again.
    public var isAgain: Bool
    /// What was committed.
    public var transitions: [Transition]
    /// Where it belongs to nothing: why, a sentence.
    public var reason: String?
    /// An alarm that was raised for it.
    public var alarm: Alarm?

    public init(
      number: Int64, notice: Int64?, outcome: AnswerVerdict.Outcome, isAgain: Bool = false,
      transitions: [Transition] = [],
      reason: String? = nil, alarm: Alarm? = nil
    ) {
      self.number = number
      self.notice = notice
      self.outcome = outcome
      self.isAgain = isAgain
      self.transitions = transitions
      self.reason = reason
      self.alarm = alarm
    }
  }
}
