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
  /// A time that it sets: a new deadline, the next try.
  public var until: Date?
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
  }

  /// Who did it.
  public enum Actor: Sendable, Hashable {
    case callbackd
    /// The id of a service; nil when it is not known which.
    case service(String?)
    /// A person by id, and the local account that acted as this person.
    case person(String, login: String?)
  }

  public init(
    at: Date, actor: Actor = .callbackd, _ kind: Kind, person: String? = nil, step: Int? = nil,
    notice: Int64? = nil, until: Date? = nil, text: String? = nil
  ) {
    self.at = at
    self.actor = actor
    self.kind = kind
    self.person = person
    self.step = step
    self.notice = notice
    self.until = until
    self.text = text
  }
}
