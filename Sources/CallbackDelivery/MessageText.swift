import CallbackRules
import Foundation

/// The message itself, for mails with `detail = full`. All of it is patient data, made visible text.
struct MessageText {
  let message: Message
  let zone: Zone

  var text: String {
    var lines: [String] = []
    func add(_ name: String, _ value: String?) {
      guard let value else { return }
      lines.append("\(name): \(VisibleText(value).line)")
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
    for field in message.otherFields { add(VisibleText(field.name).line, field.value) }
    for note in message.notes { add("Noted", note) }
    add("Could not be read", message.problem)
    if message.withdrawn { add("Status", "withdrawn by the service") }
    if let body = message.body { lines += ["", VisibleText(body).lines] }
    return lines.joined(separator: "\n")
  }

  private func time(_ moment: Date) -> String { LocalTime.short(moment, zone: zone) }
}
