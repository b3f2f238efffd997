import CallbackControl
import CallbackRules
import Foundation

/// What a command says that was carried out: one sentence of what now holds.
enum Sentence {
  static func after(_ command: Command, _ reply: ActReply, clock: WallClock) -> String {
    let row = reply.callback
    let callback = "Callback \(row.id)"
    let owner = row.owner.map { (reply.names[$0] ?? $0).harmless }
    switch command {
    case .acknowledge:
      return "\(callback) is yours\(owner.map { ", " + $0 } ?? ""); \(reach(reply, clock)).\(beginning(reply, clock))"
    case .attempt(let outcome): return "\(callback)\(attempted(outcome, reply, clock))."
    case .done: return "\(callback) is closed: the patient was reached."
    case .close: return "\(callback) is closed."
    case .reopen: return "\(callback) is open again and nobody's; \(due(row, clock))."
    case .note: return "\(callback) has your note."
    case .assign: return "\(callback) is for \(assigned(reply, clock)); \(due(row, clock))."
    case .snooze: return "\(callback) leaves you alone\(snoozed(reply, clock)); \(due(row, clock))."
    }
  }

  private static func assigned(_ reply: ActReply, _ clock: WallClock) -> String {
    let recipient = (reply.names[reply.callback.recipient] ?? reply.callback.recipient).harmless
    let told = told(reply)
    let until = reply.ownBy.map { "must acknowledge by \(clock.absolute($0))" }
    if told == recipient { return "\(recipient) now, who is told\(until.map { " and " + $0 } ?? "")" }
    return "\(recipient) now; told: \(told)\(until.map { "; somebody " + $0 } ?? "")"
  }

  private static func snoozed(_ reply: ActReply, _ clock: WallClock) -> String {
    guard let until = reply.snoozedUntil else { return "" }
    let told = until > reply.callback.dueAt ? told(reply) : ""
    let isPast =
      told.isEmpty ? "" : ", which is past the deadline, so \(told) \(reply.told.count == 1 ? "is" : "are") told"
    return " until \(clock.absolute(until))\(isPast)"
  }

  /// `Dr. Chen, Lee`.
  private static func told(_ reply: ActReply) -> String {
    reply.told.map { (reply.names[$0] ?? $0).harmless }.joined(separator: ", ")
  }

  /// Outside of the office's hours no time counts.
  private static func beginning(_ reply: ActReply, _ clock: WallClock) -> String {
    guard let begins = reply.begins else { return "" }
    let time = clock.zone.civilTime(at: begins)
    return " Your time begins \(time.clockText)\(clock.isUTC ? " UTC" : "") on \(time.dateText)."
  }

  private static func attempted(_ outcome: AttemptOutcome, _ reply: ActReply, _ clock: WallClock) -> String {
    switch outcome {
    case .reached: return " is closed: the patient was reached"
    case .declined: return " is closed: the patient declined"
    case .wrongNumber: return " has a wrong number; ask the service for the right one, \(due(reply.callback, clock))"
    case .noAnswer, .busy, .voicemail:
      let word = outcome.rawValue.replacing("-", with: " ")
      let again = reply.retryAt.map { "try again at \(clock.absolute($0))" } ?? "try again"
      return ": \(word); \(again), \(due(reply.callback, clock))"
    }
  }

  /// What the owner must do, and by when.
  private static func reach(_ reply: ActReply, _ clock: WallClock) -> String {
    let by = min(reply.callback.dueAt, reply.finishBy ?? .distantFuture)
    if reply.callback.dueAt <= clock.now { return "\(due(reply.callback, clock)), ring now" }
    return "reach the patient by \(clock.absolute(by))"
  }

  private static func due(_ row: CallbackRow, _ clock: WallClock) -> String {
    let isLate = row.dueAt <= clock.now
    return isLate
      ? "it was due \(clock.absolute(row.dueAt)) (\(clock.deadline(row.dueAt)))"
      : "it is due \(clock.absolute(row.dueAt)) (\(clock.deadline(row.dueAt)))"
  }
}
