import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation

extension Stages {
  /// Takes in a mail from `answers/`.
  public func take(_ found: AnswerSpool.Found, at now: Date) throws(StoreError) -> TakenAnswer {
    let rules = rules
    let answer = ReceivedAnswer(
      notices: found.mail?.notices ?? [], digest: found.mail?.digest ?? "", identity: found.identity)
    let taken = try store.take(answer, tellingOfAlarms: fallbackRoutes(at: now), at: now) { notice, meant in
      guard let mail = found.mail else { return rules.stray(nil, meaning: nil, at: now) }
      guard let notice else { return rules.stray(mail, meaning: meant, at: now) }
      return rules.answer(mail, to: notice, at: now)
    }
    if case .taken(let answer) = taken { countPassed(answer.transitions) }
    return taken
  }
}
