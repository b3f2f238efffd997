import Foundation

/// What the stages need of the rules. `Rules` is the one in force; the simulation breaks others on purpose, to see that it
/// notices.
public protocol RuleBook: Sendable {
  var office: Office { get }

  func admit(_ message: Message, related: Related, at now: Date) -> Admittance

  func advance(_ callback: Callback, at now: Date) -> Transition

  func apply(
    _ command: Command, by person: String, login: String?, note: String?, to callback: Callback, at now: Date
  ) throws(Refusal) -> Transition

  func settle(
    _ outcome: DeliveryOutcome, of notice: Notice, number: Int64, firstTry: Bool, fileProblem: String?,
    othersMayKnow: Bool, on callback: Callback, at now: Date
  ) -> Transition

  func missing(_ missing: MissingRefs, at now: Date) -> Transition

  func handOff(_ handOff: HandOff, of callback: Callback, at now: Date) -> Transition

  func answer(_ mail: AnswerMail, to notice: AnsweredNotice, at now: Date) -> AnswerVerdict

  func stray(_ mail: AnswerMail?, meaning meant: Callback?, at now: Date) -> AnswerVerdict
}

extension Rules: RuleBook {}
