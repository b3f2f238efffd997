import CallbackReports
import CallbackRules
import Foundation

/// What a client asks of the daemon.
public enum ControlCall: Sendable, Equatable {
  case list(ListQuery)
  /// A page of callbacks, then what changes, until the client hangs up.
  case watch(WatchQuery)
  case show(Int64, original: Bool)
  case act(Act)
  case onCall(OnCallQuery)
  /// What became of the file that was dropped under this name.
  case receipt(file: String)
  /// Who and what can be named.
  case names
  /// The next piece of a look through the record.
  case verify(VerifyQuery)
  /// The next page of what came in within a span.
  case export(ExportQuery)
  /// Deletes what is personal of some callbacks that were closed long ago, or counts these.
  case purge(dryRun: Bool)
  case status
  /// The daemon's figures as Prometheus reads them.
  case metrics
  case report(ReportRequest)
  /// Has a report mailed to a person, named as a message would name one.
  case mailReport(ReportRequest, to: String)

  /// Which callbacks to list, and which page of them.
  public struct ListQuery: Sendable, Equatable {
    /// Only those past their deadline.
    public var overdue = false
    /// Only those that this person, team or rotation owes or owns, named as a message would name it.
    public var forPerson: String?
    public var account: String?
    /// The closed ones instead of the open ones.
    public var closed = false
    /// Only those taken (or, of the closed ones, closed) since.
    public var since: Date?
    /// At most so many rows, 1 to `mostRows`.
    public var limit = 500
    /// The `next` of the page before; means something only to the daemon that gave it.
    public var after: String?

    public static let mostRows = 1000

    public init() {}
  }

  /// Whose shifts to give.
  public struct OnCallQuery: Sendable, Equatable {
    /// Nil: now.
    public var at: Date?
    /// Every shift of so many days from then on, 1 to `mostDays`; nil: those at that moment.
    public var days: Int?

    public static let mostDays = 366

    public init(at: Date? = nil, days: Int? = nil) {
      self.at = at
      self.days = days
    }
  }

  /// What a report is to be about.
  public struct ReportRequest: Sendable, Equatable {
    /// The first moment of the span.
    public var since: Date
    /// The first moment after it; nil: now.
    public var until: Date?
    public var grouping: ReportQuery.Grouping?

    public init(since: Date, until: Date? = nil, grouping: ReportQuery.Grouping? = nil) {
      self.since = since
      self.until = until
      self.grouping = grouping
    }
  }

  /// What a person does with one callback.
  public struct Act: Sendable, Equatable {
    public var number: Int64
    public var command: Command
    /// Words to keep with it in the history.
    public var note: String?
    /// The person who acts, where that is not the peer's own login.
    public var asPerson: String?

    public init(_ number: Int64, _ command: Command, note: String? = nil, asPerson: String? = nil) {
      self.number = number
      self.command = command
      self.note = note
      self.asPerson = asPerson
    }
  }

  /// The method of `org.callbackd.Control` that carries it.
  var method: String {
    switch self {
    case .list: "List"
    case .watch: "Watch"
    case .names: "Names"
    case .show: "Show"
    case .onCall: "OnCall"
    case .receipt: "Receipt"
    case .verify: "Verify"
    case .export: "Export"
    case .purge: "Purge"
    case .status: "Status"
    case .metrics: "Metrics"
    case .report: "Report"
    case .mailReport: "MailReport"
    case .act(let act):
      switch act.command {
      case .acknowledge: "Acknowledge"
      case .attempt: "Attempt"
      case .done: "Done"
      case .close: "Close"
      case .reopen: "Reopen"
      case .note: "Note"
      case .assign: "Assign"
      case .snooze: "Snooze"
      }
    }
  }
}

extension ControlCall {
  /// Reads the parameters of a method of `org.callbackd.Control`.
  ///
  /// A parameter that is not known is refused: one that was misspelt must not be taken for one that was left out.
  init(method: String, parameters: inout ParameterReader) throws(ControlFailure) {
    switch method {
    case "List": self = .list(try ListQuery(&parameters))
    case "Watch": self = .watch(try WatchQuery(&parameters))
    case "Names": self = .names
    case "Show":
      self = .show(try parameters.number(), original: try parameters.optional("original", Bool.self) ?? false)
    case "Acknowledge":
      let take = try parameters.optional("take", Bool.self) ?? false
      self = .act(try Act(&parameters, .acknowledge(take: take)))
    case "Attempt":
      guard let outcome = AttemptOutcome(rawValue: try parameters.required("outcome", String.self)) else {
        throw .invalidParameter("outcome")
      }
      self = .act(try Act(&parameters, .attempt(outcome)))
    case "Done": self = .act(try Act(&parameters, .done))
    case "Close":
      let reason = try parameters.required("reason", String.self)
      self = .act(try Act(&parameters, .close(reason: reason)))
    case "Reopen": self = .act(try Act(&parameters, .reopen))
    case "Note":
      let text = try parameters.required("text", String.self)
      self = .act(try Act(&parameters, .note(text)))
    case "Assign":
      let person = try parameters.required("to", String.self)
      self = .act(try Act(&parameters, .assign(to: person)))
    case "Snooze":
      guard let span = TimeSpan(try parameters.required("span", String.self)) else { throw .invalidParameter("span") }
      self = .act(try Act(&parameters, .snooze(span)))
    case "OnCall": self = .onCall(try OnCallQuery(&parameters))
    case "Receipt": self = .receipt(file: try parameters.required("file", String.self))
    case "Verify": self = .verify(try VerifyQuery(&parameters))
    case "Export": self = .export(try ExportQuery(&parameters))
    case "Purge": self = .purge(dryRun: try parameters.optional("dry_run", Bool.self) ?? false)
    case "Status": self = .status
    case "Metrics": self = .metrics
    case "Report": self = .report(try ReportRequest(&parameters))
    case "MailReport":
      self = .mailReport(try ReportRequest(&parameters), to: try parameters.required("to", String.self))
    default: throw .methodNotFound(ControlInterface.name + "." + method)
    }
    try parameters.finish()
  }
}

extension ControlCall.Act {
  init(_ parameters: inout ParameterReader, _ command: Command) throws(ControlFailure) {
    number = try parameters.number()
    self.command = command
    switch command {
    // Their words are the reason, or the note itself.
    case .close, .note: break
    case .acknowledge, .attempt, .done, .reopen, .assign, .snooze:
      note = try parameters.optional("note", String.self)
    }
    asPerson = try parameters.optional("as_person", String.self)
  }
}

extension ControlCall.ListQuery {
  init(_ parameters: inout ParameterReader) throws(ControlFailure) {
    overdue = try parameters.optional("overdue", Bool.self) ?? overdue
    forPerson = try parameters.optional("for_person", String.self)
    account = try parameters.optional("account", String.self)
    closed = try parameters.optional("closed", Bool.self) ?? closed
    since = try parameters.optional("since", Date.self)
    limit = try parameters.optional("limit", Int.self) ?? limit
    after = try parameters.optional("after", String.self)
    guard (1...Self.mostRows).contains(limit) else { throw .invalidParameter("limit") }
  }
}

extension ControlCall.OnCallQuery {
  init(_ parameters: inout ParameterReader) throws(ControlFailure) {
    at = try parameters.optional("at", Date.self)
    days = try parameters.optional("days", Int.self)
    guard days.map((1...Self.mostDays).contains) ?? true else { throw .invalidParameter("days") }
  }
}

extension ControlCall.ReportRequest {
  init(_ parameters: inout ParameterReader) throws(ControlFailure) {
    since = try parameters.required("since", Date.self)
    until = try parameters.optional("until", Date.self)
    if let word = try parameters.optional("by", String.self) {
      guard let known = ReportQuery.Grouping(rawValue: word) else { throw .invalidParameter("by") }
      grouping = known
    }
  }

  fileprivate func encode(to container: inout KeyedEncodingContainer<ParameterKey>) throws {
    try container.encode(since, forKey: "since")
    try container.encodeIfPresent(until, forKey: "until")
    try container.encodeIfPresent(grouping, forKey: "by")
  }
}

extension ControlCall: Encodable {
  /// Writes the parameters of the method, without those that say nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ParameterKey.self)
    switch self {
    case .list(let query):
      if query.overdue { try container.encode(true, forKey: "overdue") }
      try container.encodeIfPresent(query.forPerson, forKey: "for_person")
      try container.encodeIfPresent(query.account, forKey: "account")
      if query.closed { try container.encode(true, forKey: "closed") }
      try container.encodeIfPresent(query.since, forKey: "since")
      try container.encode(query.limit, forKey: "limit")
      try container.encodeIfPresent(query.after, forKey: "after")
    case .show(let number, let original):
      try container.encode(number, forKey: "number")
      if original { try container.encode(true, forKey: "original") }
    case .act(let act):
      try container.encode(act.number, forKey: "number")
      try container.encodeIfPresent(act.note, forKey: "note")
      try container.encodeIfPresent(act.asPerson, forKey: "as_person")
      switch act.command {
      case .acknowledge(let take): if take { try container.encode(true, forKey: "take") }
      case .attempt(let outcome): try container.encode(outcome.rawValue, forKey: "outcome")
      case .close(let reason): try container.encode(reason, forKey: "reason")
      case .note(let text): try container.encode(text, forKey: "text")
      case .assign(let person): try container.encode(person, forKey: "to")
      case .snooze(let span): try container.encode(span.description, forKey: "span")
      case .done, .reopen: break
      }
    case .onCall(let query):
      try container.encodeIfPresent(query.at, forKey: "at")
      try container.encodeIfPresent(query.days, forKey: "days")
    case .receipt(let file): try container.encode(file, forKey: "file")
    case .watch(let query):
      if query.overdue { try container.encode(true, forKey: "overdue") }
      try container.encodeIfPresent(query.forPerson, forKey: "for_person")
      try container.encodeIfPresent(query.account, forKey: "account")
      try container.encode(query.limit, forKey: "limit")
    case .report(let request): try request.encode(to: &container)
    case .mailReport(let request, let person):
      try request.encode(to: &container)
      try container.encode(person, forKey: "to")
    case .verify(let query):
      try container.encodeIfPresent(query.after, forKey: "after")
      try container.encodeIfPresent(query.head, forKey: "head")
    case .export(let query):
      try container.encode(query.since, forKey: "since")
      try container.encodeIfPresent(query.until, forKey: "until")
      try container.encodeIfPresent(query.after, forKey: "after")
    case .purge(let dryRun): if dryRun { try container.encode(true, forKey: "dry_run") }
    case .names, .status, .metrics: break
    }
  }
}
