import Foundation

/// One line of a callback's history. Events are only ever added.
public struct Event: Sendable, Equatable {
  public var at: Date
  public var actor: Actor
  public var kind: Kind
  /// The id of the person, team or rotation it is about.
  public var person: String?
  /// The index of the policy's step it is about.
  public var step: Int?
  /// The number of the notice it is about.
  public var notice: Int64?
  /// A time that it sets: a new deadline, the next try, the end of a snooze.
  public var until: Date?
  /// The number of another callback that it is about; `newCallback` for the one that is being admitted.
  public var other: Int64?
  /// The urgency that it sets.
  public var urgency: Urgency?
  /// Words that belong to it: a note, a reason, a sender's error. May hold patient data.
  public var text: String?

  /// What happened. The raw value is stored and stands in JSON.
  public enum Kind: String, Sendable, CaseIterable {
    case admitted
    /// The same file or Ref came again and changed nothing.
    case receivedAgain = "received-again"
    /// Something about the message was odd; `text` says what, and how it was read.
    case noted
    /// `person` is to be told as soon as possible.
    case announced
    /// `person` is reminded before the deadline.
    case reminded
    /// Nobody acknowledged in time.
    case notOwned = "not-owned"
    /// The owner did not finish in time.
    case notFinished = "not-finished"
    /// The deadline passed.
    case overdue
    /// `step` was taken: its people are notified.
    case stepTaken = "step-taken"
    /// `step`, or the announcement, had nobody to tell; `text` says why.
    case nobodyToTell = "nobody-to-tell"
    /// Those of the last step are told again.
    case repeated
    /// The next try is due.
    case retryDue = "retry-due"
    /// A notice was handed over.
    case delivered
    /// A notice could not be handed over yet.
    case deliveryDelayed = "delivery-delayed"
    /// A notice can't be handed over.
    case deliveryFailed = "delivery-failed"
    /// A notice's notification file could not be written, and no further try will.
    case fileFailed = "file-failed"
    /// A notice that was handed over told nobody: it came back, or a program answered in the place of `person`.
    case notTold = "not-told"
    /// A person answered a notice by mail: `text` is the command as it was written. What came of it follows.
    case answered
    /// An answer by mail to a notice of `person` was not carried out; `text` says why, and what it said.
    case answerRefused = "answer-refused"
    case acknowledged
    /// Taken from the owner before.
    case taken
    case noAnswer = "no-answer"
    case busy
    case voicemail
    case wrongNumber = "wrong-number"
    case reached
    case declined
    case closed
    case reopened
    case note
    /// `person`, which may be a team or rotation, owes the call from now on.
    case assigned
    /// The owner wants no reminder until `until`.
    case snoozed
    /// Its owner, `person`, went off shift or has left: nobody has it now.
    case handedOver = "handed-over"
    /// `person` came on shift and was given it.
    case handOff = "hand-off"
    /// The same caller rang again; the message joined this callback.
    case repeatCall = "repeat-call"
    /// After it was closed the same caller rang again: `other` is that callback.
    case rangAgain = "rang-again"
    /// `other` has to do with it.
    case linked
    /// The service sent it again, changed.
    case amended
    /// The service says that the caller no longer wants a call.
    case withdrawn
    /// A message that it asks for came in after all: `text` is its Ref, `other` the callback that answers for it.
    case missingCame = "missing-came"
    /// Its urgency is `urgency` now, and its policy that urgency's, from the first step.
    case raised
    /// The deadline is `until` now.
    case dueSooner = "due-sooner"
    /// Somebody tried to see or work it who may not: the actor, whose id is empty where the login is nobody's; `text` is the
    /// command.
    case refused
    /// A clock waited longer than its span, because the system's clock was ahead when it was set.
    case clockCorrected = "clock-corrected"
    /// All that is personal was deleted, because it had been closed for as long as such things are kept.
    case purged
  }

  /// Stands in `other` for the callback that is being admitted, which has no number yet.
  public static let newCallback: Int64 = 0

  /// Who did it.
  public enum Actor: Sendable, Hashable {
    case callbackd
    /// The id of a service; nil when it is not known which.
    case service(String?)
    /// A person by id, and the local account that acted as this person. The id is empty where that account is nobody's, which
    /// only `refused` has.
    case person(String, login: String?)
  }

  public init(
    at: Date, actor: Actor = .callbackd, _ kind: Kind, person: String? = nil, step: Int? = nil,
    notice: Int64? = nil, until: Date? = nil, other: Int64? = nil, urgency: Urgency? = nil, text: String? = nil
  ) {
    self.at = at
    self.actor = actor
    self.kind = kind
    self.person = person
    self.step = step
    self.notice = notice
    self.until = until
    self.other = other
    self.urgency = urgency
    self.text = text
  }
}

extension Event.Kind {
  /// Whether it says that its person is told.
  var tellsPerson: Bool {
    switch self {
    case .announced, .reminded, .retryDue, .stepTaken, .repeated, .handOff: true
    default: false
    }
  }
}
