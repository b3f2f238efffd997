import CallbackControl
import CallbackRules
import Foundation

/// One callback as a person would tell it: where it stands, what the message says, what has happened.
struct Story {
  private let detail: CallbackDetail
  private let names: [String: String]
  private let clock: WallClock
  private let width: Int?

  init(_ reply: ShowReply, clock: WallClock, width: Int?) {
    detail = reply.detail
    names = reply.names
    self.clock = clock
    self.width = width
  }

  var text: String {
    var lines = ([headline] + clocks).flatMap { $0.harmlessLines(width: width) } + [""]
    for (name, value) in fields {
      guard let value, !value.isEmpty else { continue }
      lines += entry(name, value)
    }
    if let body = detail.body?.trimmingCharacters(in: .whitespacesAndNewlines), !body.isEmpty {
      lines += [""] + indented(body, by: 4)
    }
    for message in detail.otherMessages { lines += [""] + other(message) }
    lines += ["", "History"]
    let history = History(names: names, clock: clock)
    for event in detail.events {
      lines += entry(clock.absolute(event.at), history.sentence(event), width: 22)
    }
    let waiting = detail.notices.filter { $0.settledAt == nil }
    if !waiting.isEmpty { lines += ["", "Waiting to be told"] }
    for notice in waiting {
      let quiet = notice.notBefore.map { ", after quiet hours: \(clock.absolute($0))" } ?? ""
      let why = quiet + (notice.error.map { " (\($0))" } ?? "")
      lines += entry(
        name(notice.person), "\(notice.reason.replacing("-", with: " ")), tries: \(notice.tries)\(why)", width: 22)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `Callback 12, urgent: Dr. Chen has it; due 14:35 (in 12 min).`
  private var headline: String {
    let row = detail.callback
    let state =
      switch row.state {
      case "closed":
        "closed" + (detail.closedAt.map { " " + clock.absolute($0) } ?? "")
          + (detail.closedBy.map { " by " + name($0) } ?? "")
      case "retrying": "\(owner) tries again" + (detail.retryAt.map { " at " + clock.absolute($0) } ?? "")
      case "owned": "\(owner) has it"
      default: "nobody has it; it is for \(name(row.recipient))"
      }
    let due = row.state == "closed" ? "" : "; due \(clock.absolute(row.dueAt)) (\(clock.deadline(row.dueAt)))"
    return "Callback \(row.id), \(row.urgency.harmless): \(state)\(due)."
  }

  private var clocks: [String] {
    let row = detail.callback
    var lines: [String] = []
    if let ownBy = detail.ownBy { lines.append("Somebody must acknowledge it by \(clock.absolute(ownBy)).") }
    if let finishBy = detail.finishBy, row.state != "closed" {
      lines.append("\(owner) must have reached the patient by \(clock.absolute(finishBy)).")
    }
    if row.state != "closed" {
      if let rotation = detail.ownedFor { lines.append("\(owner) has it for \(name(rotation)), while on call.") }
      if let until = detail.snoozedUntil { lines.append("\(owner) snoozes it until \(clock.absolute(until)).") }
      if let basis { lines.append("It is due \(clock.absolute(row.dueAt)) because \(basis).") }
    }
    if let course { lines.append(course) }
    if row.state == "closed" { lines.append(ending) }
    if let purgedAt = detail.purgedAt {
      lines.append(
        "What the message said was deleted \(clock.absolute(purgedAt)): it had been closed for as long as callbacks are kept."
      )
    }
    if let problem = detail.problem { lines += ["The message could not be understood:"] + indented(problem, by: 2) }
    if detail.withdrawn, row.state != "closed" {
      lines.append("The service has withdrawn the message; somebody must still close it.")
    }
    return lines
  }

  /// `After the call: told in 1 min, acknowledged in 4 min, first tried in 15 min, reached in 37 min.`
  private var course: String? {
    let times: [(String, Date?)] = [
      ("told", detail.toldAt), ("acknowledged", detail.ownedAt), ("first tried", detail.attemptedAt),
      ("reached", detail.reachedAt),
    ]
    let said = times.compactMap { what, time in
      time.map { "\(what) in \(clock.span(detail.callback.takenAt, $0))" }
    }
    return said.isEmpty ? nil : "After the call: \(said.joined(separator: ", "))."
  }

  /// How it ended, against what was promised.
  private var ending: String {
    let due = detail.callback.dueAt
    let end = detail.reachedAt ?? detail.closedAt ?? due
    let what = detail.reachedAt == nil ? "closed, without the patient being reached," : "reached"
    let margin = WallClock.span(seconds: Int(abs(end.timeIntervalSince(due))))
    return "It was due \(clock.absolute(due)), and \(what) \(end > due ? "\(margin) late" : "\(margin) before that")."
  }

  /// Why the deadline is when it is; nil where that is not known.
  private var basis: String? {
    let row = detail.callback
    return switch Callback.DueBasis(rawValue: detail.dueBasis) {
    case .policy: "that is the policy for what is \(row.urgency.harmless)"
    case .promised: "that was promised to the caller"
    case .reachable:
      row.reachableUntil.map { "the caller can be reached until \(clock.absolute($0))" }
        ?? "the caller can't be reached later"
    case nil: nil
    }
  }

  /// What was said when the caller rang again, or before the message was changed.
  private func other(_ message: OtherMessageRow) -> [String] {
    let what =
      switch Admittance.Part(rawValue: message.part) {
      case .repeatCall: "Rang again"
      case .amendment: "Before it was changed"
      case .withdrawal: "Withdrawn"
      case .first, .again, nil: message.part.harmless
      }
    let fields: [(String, String?)] = [
      ("Taken", clock.absolute(message.takenAt)), ("Urgency", message.urgency), ("Ring", message.callback),
      ("Caller", message.caller), ("Patient", message.patient), ("Regarding", message.regarding), ("To", message.to),
    ]
    var lines = ["\(what) \(clock.absolute(message.at))"]
    for (name, value) in fields {
      if let value, !value.isEmpty { lines += entry(name, value) }
    }
    if let body = message.body?.trimmingCharacters(in: .whitespacesAndNewlines), !body.isEmpty {
      lines += indented(body, by: 4)
    }
    return lines
  }

  private var fields: [(String, String?)] {
    let row = detail.callback
    let caller = row.caller.map { $0 + (detail.relationship.map { " (\($0))" } ?? "") }
    let born = detail.dateOfBirth.map { ", born \($0)" } ?? ""
    let patient = row.patient.map { $0 + born } ?? detail.dateOfBirth.map { "born \($0)" }
    let taken = clock.absolute(row.takenAt) + (detail.operatorName.map { " by \($0)" } ?? "")
    let isPurged = detail.purgedAt != nil
    let known: [(String, String?)] = [
      ("Ring", ring ?? (isPurged ? nil : "no number: look it up, or ask the service")),
      ("Voicemail", isPurged ? nil : row.voicemailOK ? "may be left" : "must not be left"),
      ("Caller", caller),
      ("Patient", patient),
      ("Language", row.language),
      ("Regarding", row.regarding),
      ("Reachable", row.reachableUntil.map { "until " + clock.absolute($0) }),
      ("Promised", row.promisedAt.map { "by " + clock.absolute($0) }),
      ("Taken", taken),
      ("To", detail.to),
      ("Account", row.account ?? detail.unknownAccount.map { "\($0) (not known)" }),
      ("Service", row.service),
      ("Ref", row.ref),
      ("Attempts", row.attempts > 0 ? "\(row.attempts)" : nil),
      ("Rang again", rangAgain),
    ]
    return known + detail.otherFields.map { ($0.name, $0.value) }
  }

  /// The number; where what stands in its place has no digit (`none`, `same as before`), that too.
  private var ring: String? {
    detail.callback.callback.map { written in
      written.contains(where: \.isNumber) ? written : "\(written): no number; look it up, or ask the service"
    }
  }

  private var rangAgain: String? {
    switch detail.callback.repeatCalls {
    case 0: nil
    case 1: "once"
    case let count: "\(count) times"
    }
  }

  private var owner: String { detail.callback.owner.map(name) ?? "somebody" }

  private func name(_ id: String) -> String { (names[id] ?? id).harmless }

  /// A name and its value, whose further lines stand below its first.
  private func entry(_ name: String, _ value: String, width column: Int = 12) -> [String] {
    let lines = value.harmlessLines(width: width.map { $0 - column - 2 })
    let label = name.harmless.cut(to: column - 1).padded(to: column)
    return lines.enumerated().map { number, line in
      (number == 0 ? "  " + label : String(repeating: " ", count: column + 2)) + line
    }
  }

  private func indented(_ text: String, by blanks: Int) -> [String] {
    text.harmlessLines(width: width.map { $0 - blanks }).map { String(repeating: " ", count: blanks) + $0 }
  }
}
