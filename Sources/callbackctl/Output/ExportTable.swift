import CallbackControl
import CallbackRules
import Foundation

/// What `export` writes as CSV: the names of columns are a promise to programs.
enum ExportTable {
  static let callbackColumns = [
    "id", "kind", "account", "service", "urgency", "state", "recipient", "owner", "caller", "relationship", "callback",
    "patient",
    "date_of_birth", "regarding", "ref", "language", "voicemail_ok", "reachable_until", "to", "operator", "body",
    "problem",
    "taken_at", "promised_at", "admitted_at", "due_at", "due_basis", "told_at", "owned_at", "attempted_at",
    "reached_at",
    "closed_at", "closed_by", "purged_at", "attempts", "repeat_calls",
  ]

  static let eventColumns = [
    "callback", "at", "actor", "actor_id", "login", "kind", "person", "step", "notice", "until", "other", "urgency",
    "text",
  ]

  static func heading(_ columns: [String]) -> String {
    var line = CSVLine()
    for column in columns { line.add(plain: column) }
    return line.text
  }

  static func line(_ detail: CallbackDetail) -> String {
    let row = detail.callback
    var line = CSVLine()
    for value in [String(row.id), row.kind] { line.add(plain: value) }
    for value in [row.account, row.service] { line.add(text: value) }
    for value in [row.urgency, row.state] { line.add(plain: value) }
    for value in [
      row.recipient, row.owner, row.caller, detail.relationship, row.callback, row.patient, detail.dateOfBirth,
      row.regarding,
      row.ref, row.language,
    ] { line.add(text: value) }
    line.add(plain: String(row.voicemailOK))
    line.add(plain: row.reachableUntil?.timestamp)
    for value in [detail.to, detail.operatorName, detail.body, detail.problem] { line.add(text: value) }
    for time in [row.takenAt, row.promisedAt, detail.admittedAt, row.dueAt] { line.add(plain: time?.timestamp) }
    line.add(plain: detail.dueBasis)
    for time in [detail.toldAt, detail.ownedAt, detail.attemptedAt, detail.reachedAt, detail.closedAt] {
      line.add(plain: time?.timestamp)
    }
    line.add(text: detail.closedBy)
    line.add(plain: detail.purgedAt?.timestamp)
    for count in [row.attempts, row.repeatCalls] { line.add(plain: String(count)) }
    return line.text
  }

  static func line(_ event: EventRow, of callback: Int64) -> String {
    var line = CSVLine()
    for value in [String(callback), event.at.timestamp, event.actor] { line.add(plain: value) }
    for value in [event.actorID, event.login] { line.add(text: value) }
    line.add(plain: event.kind)
    line.add(text: event.person)
    for value in [event.step.map { String($0) }, event.notice.map { String($0) }, event.until?.timestamp] {
      line.add(plain: value)
    }
    for value in [event.other.map { String($0) }, event.urgency] { line.add(plain: value) }
    line.add(text: event.text)
    return line.text
  }
}
