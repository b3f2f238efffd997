import CallbackRules
import Foundation

extension Refusal {
  /// What the person who was refused reads.
  ///
  /// - Parameters:
  ///   - zone: the site's.
  ///   - machine: the machine's. Where it is another, people there see other times on the clock: then the zone stands behind.
  func sentence(zone: Zone, machine: String = TimeZone.current.identifier) -> String {
    func clock(_ moment: Date) -> String {
      let time = zone.civilTime(at: moment)
      return "\(time.clockText) on \(time.dateText)\(zone.name == machine ? "" : " \(zone.name)")"
    }
    switch self {
    case .ownedByAnother(let name, let since):
      return "\(name) has it since \(clock(since)); use --take to take it over."
    case .alreadyClosed(let moment):
      return "It was closed at \(clock(moment)); use reopen if the patient was not reached."
    case .purged(let moment):
      return "Its message was deleted at \(clock(moment)), so nothing can be done with it any more."
    case .notClosed: return "It is open already."
    case .emptyText(let what): return "The \(what) is empty; say it in a few words."
    case .needsOwner(let owner):
      return owner.map { "Only \($0), who has it, can snooze it; use ack --take to take it over." }
        ?? "Nobody has it; acknowledge it before you snooze it."
    case .snoozeTooLong(let span):
      return span.map { "It can be snoozed for at most \($0) from now." }
        ?? "It can't be snoozed any longer: ring, or assign it to somebody who can."
    case .unknownRecipient(let id): return "Nobody is called “\(id)”."
    case .nobodyThere(let name): return "\(name) can't be told now: nobody there is on, active and has an address."
    case .needsPerson: return "Only a person can do this; say who with --as PERSON."
    }
  }
}
