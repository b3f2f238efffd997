import CallbackRules
import Foundation

extension ControlCall {
  /// Which callbacks to watch.
  public struct WatchQuery: Sendable, Equatable {
    /// As of `ListQuery`.
    public var overdue = false
    public var forPerson: String?
    public var account: String?
    /// At most so many rows in the first page, 1 to `ListQuery.mostRows`.
    public var limit = 200

    /// How far the client was told; nil before the first page. Not sent: the server keeps it.
    public var place: WatchPlace?
    /// Whether the client is owed a sign of life, though nothing may have changed.
    public var wantsWord = false

    public init() {}
  }
}

/// How far one client was told of changes; it means something only to the handler that gave it.
public struct WatchPlace: Sendable, Equatable {
  /// The number of the latest event.
  public var event: Int64
  /// What the client may see and asked to see. Where that becomes another, it needs a new page.
  public var scope: [String]
  /// The stages that it knows to be in trouble.
  public var troubles: [String]

  public init(event: Int64, scope: [String], troubles: [String]) {
    self.event = event
    self.scope = scope
    self.troubles = troubles
  }
}

/// One reply of a stream of changes: a page of callbacks, or what has changed since the reply before.
///
/// What changes quicker than replies go out is in one reply, each callback once and as it is then. A client that missed too much
/// gets a page again.
public struct WatchReply: Codable, Sendable, Equatable {
  public var at: Date
  /// Whether `callbacks` is the first page, as of `List`, and voids whatever the client knew.
  public var isPage: Bool
  /// The page, or those that changed and are (or now are) among those that are watched.
  public var callbacks: [CallbackRow]
  /// The numbers of those that changed and are not, or are closed.
  public var gone: [Int64]
  /// What happened, the oldest first; with a page: what happened last. Without texts.
  public var happenings: [HappeningRow]
  /// Of a page: what `ListQuery.after` must be for the next one; null on the last one.
  @Nullable public var next: String?
  /// The stages that are in trouble, as `status` calls them.
  public var troubles: [String]
  public var names: [String: String]

  /// At most so many happenings go into one reply; after more there is a page again.
  public static let mostHappenings = 200

  enum CodingKeys: String, CodingKey {
    case at
    case isPage = "is_page"
    case callbacks, gone, happenings, next, troubles, names
  }

  public init(
    at: Date, isPage: Bool = false, callbacks: [CallbackRow] = [], gone: [Int64] = [],
    happenings: [HappeningRow] = [], next: String? = nil, troubles: [String] = [], names: [String: String] = [:]
  ) {
    self.at = at
    self.isPage = isPage
    self.callbacks = callbacks
    self.gone = gone
    self.happenings = happenings
    self.next = next
    self.troubles = troubles
    self.names = names
  }
}

/// One event, with its callback's number.
public struct HappeningRow: Codable, Sendable, Equatable {
  public var callback: Int64
  public var event: EventRow

  /// - Parameter event: what was written with it is left out: it may be long, and `Show` has it.
  public init(callback: Int64, event: Event) {
    self.callback = callback
    self.event = EventRow(event)
    self.event.text = nil
  }
}

/// Who and what can be named: each by its id, with what people call it.
public struct NamesReply: Codable, Sendable, Equatable {
  /// Those who are there.
  public var people: [String: String]
  public var teams: [String: String]
  public var rotations: [String: String]
  /// The ids of the accounts that the client may see.
  public var accounts: [String]

  public init(people: [String: String], teams: [String: String], rotations: [String: String], accounts: [String]) {
    self.people = people
    self.teams = teams
    self.rotations = rotations
    self.accounts = accounts
  }
}

extension ControlCall.WatchQuery {
  init(_ parameters: inout ParameterReader) throws(ControlFailure) {
    overdue = try parameters.optional("overdue", Bool.self) ?? overdue
    forPerson = try parameters.optional("for_person", String.self)
    account = try parameters.optional("account", String.self)
    limit = try parameters.optional("limit", Int.self) ?? limit
    guard (1...ControlCall.ListQuery.mostRows).contains(limit) else { throw .invalidParameter("limit") }
  }

  /// The list of which it watches the changes.
  public var list: ControlCall.ListQuery {
    var query = ControlCall.ListQuery()
    (query.overdue, query.forPerson, query.account, query.limit) = (overdue, forPerson, account, limit)
    return query
  }
}

extension ControlCall {
  /// The number of the one callback that it is about; nil where it is about none, or many.
  public var number: Int64? {
    switch self {
    case .show(let number, _): number
    case .act(let act): act.number
    case .list, .watch, .onCall, .receipt, .names, .status, .metrics, .verify, .export, .purge, .report,
      .mailReport:
      nil
    }
  }

  /// Whether it has many replies.
  var isStream: Bool { if case .watch = self { true } else { false } }

  /// What people type for it.
  public var word: String {
    switch self {
    case .list: "list"
    case .watch: "watch"
    case .show: "show"
    case .onCall: "oncall"
    case .receipt: "drop"
    case .names: "names"
    case .status, .metrics: "status"
    case .report, .mailReport: "report"
    case .verify: "verify"
    case .export: "export"
    case .purge: "purge"
    case .act(let act):
      switch act.command {
      case .acknowledge: "ack"
      case .attempt: "attempt"
      case .done: "done"
      case .close: "close"
      case .reopen: "reopen"
      case .note: "note"
      case .assign: "assign"
      case .snooze: "snooze"
      }
    }
  }
}
