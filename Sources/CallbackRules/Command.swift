import Foundation

/// What a person does with a callback.
public enum Command: Sendable, Equatable {
  /// "I have it." `take`: also from its owner.
  case acknowledge(take: Bool)
  case attempt(AttemptOutcome)
  /// The patient was reached.
  case done
  case close(reason: String)
  case reopen
  case note(String)
  /// Another person, team or rotation owes the call from now on, by id.
  case assign(to: String)
  /// "Not now": the owner is left alone for so long.
  case snooze(TimeSpan)
}

/// What came of one try to reach the patient. The raw value is what people type.
public enum AttemptOutcome: String, Sendable, CaseIterable {
  case reached
  case noAnswer = "no-answer"
  case busy
  case voicemail
  case wrongNumber = "wrong-number"
  case declined
}

/// Why a command was not carried out: a sentence that says what to do.
public enum Refusal: Error, Equatable {
  /// Somebody else has it; the person's name, and since when.
  case ownedByAnother(String, since: Date)
  case alreadyClosed(Date)
  case notClosed
  /// Its message is deleted: nothing can be done with it any more.
  case purged(Date)
  /// A reason or a text is missing.
  case emptyText(String)
  /// Only a person of the office who has not left can do this.
  case needsPerson
  /// Only who has it can do this: the owner's name, or nil where nobody has it.
  case needsOwner(String?)
  /// The policy allows less: at most so long from now; nil: not at all.
  case snoozeTooLong(atMost: TimeSpan?)
  /// Nobody has this id.
  case unknownRecipient(String)
  /// Nobody there can be told: the name.
  case nobodyThere(String)
}
