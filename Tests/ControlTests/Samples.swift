import CallbackReports
import CallbackRules
import Foundation

@testable import CallbackControl

/// 2026-11-23T19:05:00Z
let sampleNow = Date(timeIntervalSince1970: 1_795_460_700)

func sampleCallback(id: Int64 = 12) -> Callback {
  var message = Message(
    takenAt: sampleNow.addingTimeInterval(-3600), urgency: .urgent, service: "night-desk", account: "riverside",
    caller: "Ana Diaz", callback: PhoneNumber(written: "(555) 010-4477 ext 2", countryCode: "1"), regarding: "fever/104"
  )
  message.voicemailAllowed = true
  var callback = Callback(
    kind: .message, message: message, recipient: "oncall", admittedAt: sampleNow.addingTimeInterval(-3500),
    dueAt: sampleNow.addingTimeInterval(-90))
  callback.id = id
  callback.wakeAt = sampleNow
  callback.nextStep = 2
  return callback
}

/// A handler that plays a daemon with the callback 12, and says in its answer what it was asked.
@Sendable func sampleHandler(_ call: ControlCall, _ peer: Peer) -> ControlReply {
  var callback = sampleCallback()
  switch call {
  case .list(let query):
    let count = query.after == nil ? query.limit : 1
    let rows = (0..<count).map { CallbackRow(sampleCallback(id: Int64($0 + 1)), now: sampleNow) }
    return .list(ListReply(callbacks: rows, names: ["oncall": "On call"], next: query.after == nil ? "page 2" : nil))
  case .show(12, let original):
    let events = [
      Event(at: sampleNow, actor: .service("night-desk"), .admitted),
      Event(at: sampleNow, actor: .person("chen", login: "mchen"), .note, text: "rang\nback"),
    ]
    return .show(
      ShowReply(
        detail: CallbackDetail(
          callback, events: events, notices: [], original: original ? Data("raw\0".utf8) : nil, now: sampleNow)))
  case .show(let number, _): return .failed(.noSuchCallback(number))
  case .act(let act) where act.number != 12: return .failed(.noSuchCallback(act.number))
  case .act(let act):
    switch act.command {
    case .acknowledge(let take):
      guard take else { return .failed(.refused("Dr. Chen has it since 02:14; use --take.")) }
      callback.state = .owned
      callback.owner = act.asPerson ?? peer.login
      callback.finishBy = sampleNow.addingTimeInterval(1200)
    case .attempt(let outcome): callback.message.regarding = outcome.rawValue
    case .done: return .failed(.needsPerson("Say who you are with --as."))
    case .close: return .failed(.notAllowed("Not you."))
    case .reopen: return .failed(.tryAgain("Later."))
    case .note(let text): return .failed(.badRequest("note: \(text)"))
    case .assign(let person): callback.recipient = person
    case .snooze(let span): callback.message.regarding = span.description
    }
    return .acted(ActReply(callback, names: ["chen": "Dr. Chen"], now: sampleNow))
  case .onCall(let query): return .onCall(OnCallReply(shifts: sampleShifts(query), names: ["chen": "Dr. Chen"]))
  case .watch(let query): return sampleChange(query)
  case .names:
    return .names(
      NamesReply(
        people: ["chen": "Dr. Chen", "lee": "Lee"], teams: ["nurses": "The nurses"], rotations: ["oncall": "On call"],
        accounts: ["riverside"]))
  case .receipt(let file): return .receipt(ReceiptReply(receipt: file.hasPrefix("drop-") ? "Callback: 12\n" : nil))
  case .metrics: return .metrics(MetricsReply(text: "callbackd_callbacks_open 3\n"))
  case .report(let request): return .later(LaterReply { $0(.report(sampleReport(request))) })
  case .mailReport(_, "nobody"): return .later(LaterReply { $0(.failed(.tryAgain("The mail program is away."))) })
  case .mailReport(_, let person): return .mailed(MailedReply(told: [person], names: ["chen": "Dr. Chen"]))
  case .verify(let query): return .verify(sampleVerify(query))
  case .export(let query):
    return .export(
      ExportReply(
        callbacks: [
          CallbackDetail(sampleCallback(id: query.after == nil ? 12 : 13), events: [], notices: [], now: sampleNow)
        ],
        next: query.after == nil ? "12" : nil))
  case .purge(let dryRun): return .purge(PurgeReply(purged: dryRun ? 40 : 32, more: false))
  case .status:
    return .status(
      StatusReport(
        version: "1.2", startedAt: sampleNow, stages: .init(store: .init(ok: false, detail: "The disk is full.")),
        counts: .init(open: 3, overdue: 1, owned: 1, unowned: 2), noticesWaiting: 4))
  }
}

/// One callback, kept.
func sampleReport(_ request: ControlCall.ReportRequest) -> Report {
  let query = ReportQuery(
    since: request.since, until: request.until ?? sampleNow, grouping: request.grouping)
  var tally = ReportTally(query, zone: .utc, now: sampleNow)
  let taken = Int(sampleNow.timeIntervalSince1970) - 3600
  var row = ReportRow(
    account: "=riverside", urgency: .urgent, recipient: "oncall", takenAt: taken, admittedAt: taken, dueAt: taken + 1800
  )
  (row.reachedAt, row.closedAt) = (taken + 600, taken + 600)
  tally.add(row)
  return tally.report(site: "Riverside\u{1B}[2J", open: Report.Now(open: 1)) { $0 }
}

/// Dr. Chen's week, the nurses' night and a gap; at a moment the first alone.
func sampleShifts(_ query: ControlCall.OnCallQuery) -> [ShiftRow] {
  let start = query.at ?? sampleNow
  let who: [(member: String?, people: [String])] = [("chen", ["chen"]), ("nurses", ["lee", "okafor"]), (nil, [])]
  return who.prefix(query.days == nil ? 1 : 3).enumerated().map { number, who in
    let from = start.addingTimeInterval(Double(number) * 86_400)
    return ShiftRow(
      Shift(
        rotation: "oncall", member: who.member, people: who.people, from: from, until: from.addingTimeInterval(86_400)),
      name: "On call")
  }
}

/// A page first, then, with each further reply, one callback more that has changed.
func sampleChange(_ query: ControlCall.WatchQuery) -> ControlReply {
  let event = (query.place?.event ?? 0) + 1
  let place = WatchPlace(event: event, scope: [], troubles: [])
  let happening = HappeningRow(callback: event, event: Event(at: sampleNow, .overdue))
  return .watched(
    WatchReply(
      at: sampleNow, isPage: query.place == nil, callbacks: [CallbackRow(sampleCallback(id: event), now: sampleNow)],
      happenings: [happening], names: ["oncall": "On call"]), place)
}

/// A record of two pieces, broken where the head is not "7:" and 64 zeros.
func sampleVerify(_ query: ControlCall.VerifyQuery) -> VerifyReply {
  let head = "7:" + String(repeating: "0", count: 64)
  guard query.after != nil else { return VerifyReply(events: 7, head: head, next: "c0") }
  let finding = FindingRow(kind: "message-changed", callback: 12, message: "The message of callback 12 was changed.")
  return VerifyReply(findings: query.head == head ? [] : [finding], callbacks: 3, head: head)
}
