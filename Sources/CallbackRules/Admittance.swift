/// What the store knows that a message may belong to.
public struct Related: Sendable {
  /// Callbacks with the same Ref, from the same service for the same account, admitted in the last 30 days, the latest first.
  public var sameRef: [Callback]
  /// Callbacks of the same account and number (without extension) with a call, or closed, within `RepeatCaller.within`: the open
  /// ones first, of each the latest first.
  public var sameNumber: [Callback]

  public init(sameRef: [Callback] = [], sameNumber: [Callback] = []) {
    self.sameRef = sameRef
    self.sameNumber = sameNumber
  }

  /// So many days a Ref counts.
  public static let refDays = 30
}

/// What a message becomes: a new callback, or part of one that is there.
public struct Admittance: Sendable, Equatable {
  /// The callback that answers for the message; its number is 0 if it is new.
  public var transition: Transition
  public var part: Part
  /// Further callbacks that it changes: those it is linked with.
  public var others: [Transition]

  /// The message's part in its callback. The raw value is stored.
  public enum Part: String, Sendable {
    /// It made the callback.
    case first
    /// It says what the callback says already: nothing is kept of it.
    case again
    /// The caller rang again: the message is kept beside the callback's.
    case repeatCall = "repeat-call"
    /// It changed the callback's message: the one before is kept.
    case amendment
    /// It says that the caller no longer wants a call: kept beside the callback's.
    case withdrawal
  }

  public init(_ transition: Transition, part: Part = .first, others: [Transition] = []) {
    self.transition = transition
    self.part = part
    self.others = others
  }
}
