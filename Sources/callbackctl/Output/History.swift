import CallbackControl
import CallbackRules
import Foundation

/// The events of a callback, each as a sentence.
struct History {
  var names: [String: String]
  var clock: WallClock

  func sentence(_ event: EventRow) -> String {
    let words = event.text.map { ": " + $0 } ?? ""
    guard let kind = Event.Kind(rawValue: event.kind) else {
      // A newer daemon's.
      return "\(event.kind), by \(actor(event))\(words)"
    }
    return phrase(kind, event) + words
  }

  private func phrase(_ kind: Event.Kind, _ event: EventRow) -> String {
    let person = event.person.map(name) ?? "somebody"
    let until = event.until.map(clock.absolute)
    let other = event.other.map { ": see callback \($0)" } ?? ""
    return switch kind {
    case .admitted where event.actor == "callbackd": "callbackd misses messages of the service"
    case .admitted: "The message came in from \(actor(event))"
    case .receivedAgain: "The same message came again"
    case .noted: "Odd"
    case .announced: "\(person) is to be told"
    case .reminded: "\(person) is reminded"
    case .notOwned: "Nobody acknowledged it in time"
    case .notFinished: "\(person) did not finish in time"
    case .overdue: "The deadline passed"
    case .stepTaken: "Step \((event.step ?? 0) + 1): \(event.person.map(name) ?? "its people") told"
    case .nobodyToTell: "There was nobody to tell"
    case .repeated: "Told again\(event.person.map { ": " + name($0) } ?? "")"
    case .retryDue: "The next try is due"
    case .delivered: "The notice to \(person) was handed over"
    case .deliveryDelayed: "The notice to \(person) could not be handed over yet"
    case .deliveryFailed: "The notice to \(person) can't be handed over"
    case .fileFailed: "The notification file for \(person) could not be written"
    case .notTold: "The notice to \(person) told nobody"
    case .answered: "\(actor(event)) answered by mail"
    case .answerRefused: "An answer by mail\(event.person.map { " to the notice of " + name($0) } ?? "") was refused"
    case .acknowledged: "\(actor(event)) has it"
    case .taken: "\(actor(event)) took it from \(person)"
    case .noAnswer, .busy, .voicemail, .wrongNumber:
      "\(actor(event)) tried: \(kind.rawValue.replacing("-", with: " "))\(until.map { ", again at " + $0 } ?? "")"
    case .reached: "\(actor(event)) reached the patient"
    case .declined: "\(actor(event)) rang; the patient declined"
    case .closed: "\(actor(event)) closed it"
    case .reopened: "\(actor(event)) opened it again"
    case .note: "\(actor(event)) noted"
    case .assigned: "\(actor(event)) gave it to \(person)"
    case .snoozed: "\(actor(event)) put it off\(until.map { " until " + $0 } ?? "")"
    case .handedOver: "\(person) is off or has left: nobody has it now"
    case .handOff: "\(person) came on shift and is given it"
    case .repeatCall: "The caller rang again"
    case .rangAgain: "The caller rang again after it was closed\(other)"
    case .linked: "It has to do with another callback\(other)"
    case .amended: "\(actor(event)) changed the message"
    case .withdrawn: "\(actor(event)) says that the caller no longer wants a call"
    case .missingCame: "A message that it asks for came in\(other)"
    case .raised: "Its urgency was raised\(event.urgency.map { " to " + $0 } ?? "")"
    case .dueSooner: "The deadline is sooner now\(until.map { ": " + $0 } ?? "")"
    case .refused: "\(actor(event)) was refused"
    case .purged: "What is personal was deleted: it had been closed for as long as callbacks are kept"
    case .clockCorrected: "The system's clock had been ahead: what waited too long was set again"
    }
  }

  /// `Dr. Chen`, with the login where it is another's.
  private func actor(_ event: EventRow) -> String {
    switch event.actor {
    case "service": return event.actorID.map { "the service \($0)" } ?? "a service"
    case "person":
      let login = event.login.map { " (as \($0))" } ?? ""
      return (event.actorID.map(name) ?? "somebody") + login
    default: return event.actor
    }
  }

  private func name(_ id: String) -> String { names[id] ?? id }
}
