import Foundation

extension ControlCall {
  /// Which piece of the record to look at.
  public struct VerifyQuery: Sendable, Equatable {
    /// The `next` of the piece before; nil at the start.
    public var after: String?
    /// A head that was given before, as `number:digest`.
    public var head: String?

    public init(after: String? = nil, head: String? = nil) {
      self.after = after
      self.head = head
    }

    init(_ parameters: inout ParameterReader) throws(ControlFailure) {
      after = try parameters.optional("after", String.self)
      head = try parameters.optional("head", String.self)
    }
  }

  /// Which callbacks to give whole.
  public struct ExportQuery: Sendable, Equatable {
    public var since: Date
    /// Nil: now.
    public var until: Date?
    /// The `next` of the page before.
    public var after: String?

    public init(since: Date, until: Date? = nil, after: String? = nil) {
      self.since = since
      self.until = until
      self.after = after
    }

    init(_ parameters: inout ParameterReader) throws(ControlFailure) {
      since = try parameters.required("since", Date.self)
      until = try parameters.optional("until", Date.self)
      after = try parameters.optional("after", String.self)
    }
  }
}

/// What one piece of a look through the record found.
public struct VerifyReply: Codable, Sendable, Equatable {
  public var findings: [FindingRow]
  /// How many events and callbacks were looked at.
  public var events: Int
  public var callbacks: Int
  /// The end of the record at this moment, as `number:digest`; null while it is empty.
  @Nullable public var head: String?
  @Nullable public var next: String?

  public init(
    findings: [FindingRow] = [], events: Int = 0, callbacks: Int = 0, head: String? = nil, next: String? = nil
  ) {
    self.findings = findings
    self.events = events
    self.callbacks = callbacks
    self.head = head
    self.next = next
  }
}

/// One place where the record is not as it was written.
public struct FindingRow: Codable, Sendable, Equatable {
  /// The store's word; a newer daemon may send others.
  public var kind: String
  /// The number of the event, of several the first.
  @Nullable public var event: Int64?
  /// The last of several, or the one in whose place it stands.
  @Nullable public var otherEvent: Int64?
  @Nullable public var callback: Int64?
  /// A sentence: what is wrong, and where.
  public var message: String

  enum CodingKeys: String, CodingKey {
    case kind, event
    case otherEvent = "other_event"
    case callback, message
  }

  public init(kind: String, event: Int64? = nil, otherEvent: Int64? = nil, callback: Int64? = nil, message: String) {
    self.kind = kind
    self.event = event
    self.otherEvent = otherEvent
    self.callback = callback
    self.message = message
  }
}

/// One page of callbacks, each whole.
public struct ExportReply: Codable, Sendable, Equatable {
  public var callbacks: [CallbackDetail]
  public var names: [String: String]
  @Nullable public var next: String?

  public init(callbacks: [CallbackDetail], names: [String: String] = [:], next: String? = nil) {
    self.callbacks = callbacks
    self.names = names
    self.next = next
  }
}

/// What was purged, or would be.
public struct PurgeReply: Codable, Sendable, Equatable {
  public var purged: Int
  /// Whether there may be more to purge.
  public var more: Bool

  public init(purged: Int, more: Bool = false) {
    self.purged = purged
    self.more = more
  }
}
