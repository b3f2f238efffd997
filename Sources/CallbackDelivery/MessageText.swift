import CallbackRules
import Foundation

/// The message itself, for mails with `detail = full`. All of it is patient data.
struct MessageText {
  let message: Message
  let zone: Zone

  /// What is known, each with its name, in the order in which it helps.
  var facts: [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String?) {
      guard let value else { return }
      facts.append((name, value))
    }
    add("Number", message.callback?.written ?? "none given")
    add("Caller", message.caller)
    add("Relationship", message.relationship)
    add("Patient", message.patient)
    add("Date of birth", message.dateOfBirth)
    add("Regarding", message.regarding)
    add("Language", message.language)
    add("Message may be left", message.voicemailAllowed ? "yes" : "no")
    add("Can be reached until", message.reachableUntil.map(time))
    add("Taken", time(message.takenAt))
    add("Promised by", message.promisedAt.map(time))
    add("To", message.to)
    add("Account as written", message.unknownAccount)
    add("Operator", message.operatorName)
    add("Service's number for it", message.ref)
    for field in message.otherFields { add(field.name, field.value) }
    for note in message.notes { add("Noted", note) }
    add("Could not be read", message.problem)
    if message.withdrawn { add("Status", "withdrawn by the service") }
    return facts
  }

  /// How much room it takes in a mail or a file.
  var size: Int { facts.reduce(message.body?.utf8.count ?? 0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 3 } }

  func time(_ moment: Date) -> String { LocalTime.short(moment, zone: zone) }
}
