import CallbackRules
import Foundation

/// What one person is told at once, as the store leases it, with all that is needed to compose it.
public struct OutgoingNotice: Sendable, Equatable {
  /// The number of its first notice. Names its notification file.
  public var number: Int64
  /// Hexadecimal and unguessable, given once by the store. Part of the Message-ID.
  public var token: String
  /// The id of the person.
  public var person: String
  /// When its first notice was committed. The mail's Date.
  public var createdAt: Date
  /// How often it was handed over before, in vain.
  public var tries: Int
  /// Which of the person's channels it goes by, from 0.
  public var channelIndex: Int
  public var content: Content

  public enum Content: Sendable, Equatable {
    /// What there is to say about callbacks: at least one; several about one or more callbacks are a digest.
    case callbacks([Item])
    case alarm(Alarm)
  }

  /// One notice about one callback.
  public struct Item: Sendable, Equatable {
    /// The notice's own number.
    public var number: Int64
    public var notice: Notice
    /// The callback as it is now.
    public var callback: Callback
    /// When the notice was committed.
    public var createdAt: Date

    public init(number: Int64, notice: Notice, callback: Callback, createdAt: Date) {
      self.number = number
      self.notice = notice
      self.callback = callback
      self.createdAt = createdAt
    }
  }

  public init(
    number: Int64, token: String, person: String, createdAt: Date, tries: Int = 0, channelIndex: Int = 0,
    content: Content
  ) {
    self.number = number
    self.token = token
    self.person = person
    self.createdAt = createdAt
    self.tries = tries
    self.channelIndex = channelIndex
    self.content = content
  }

  /// A single notice.
  public init(
    number: Int64, token: String, notice: Notice, callback: Callback, createdAt: Date, tries: Int = 0,
    channelIndex: Int = 0
  ) {
    let item = Item(number: number, notice: notice, callback: callback, createdAt: createdAt)
    self.init(
      number: number, token: token, person: notice.person, createdAt: createdAt, tries: tries,
      channelIndex: channelIndex, content: .callbacks([item]))
  }
}

extension OutgoingNotice {
  var isCanary: Bool { if case .alarm(let alarm) = content { alarm.kind == .canary } else { false } }

  /// What its content comes down to, once each callback stands in it once.
  enum Matter {
    case callback(Item)
    case digest(Digest)
    case alarm(Alarm)
  }

  var matter: Matter {
    switch content {
    case .alarm(let alarm): return .alarm(alarm)
    case .callbacks(let items):
      let digest = Digest(items)
      return digest.items.count == 1 ? .callback(digest.worst) : .digest(digest)
    }
  }
}

/// What became of one attempt to deliver a notice.
public struct Delivery: Sendable, Equatable {
  public var outcome: DeliveryOutcome
  /// Why the notification file could not be written: a sentence. Nil if it was.
  public var fileProblem: String?
  /// How far the trouble reaches, where it is to be tried again.
  public var extent: Extent

  /// What trouble with one notice says of others.
  public enum Extent: Sendable {
    /// Nothing: only more of it would.
    case notice
    /// It took all the time that it may, and so may others to this person by this channel.
    case person
    /// No other can go by this channel either: its program can't even be started.
    case channel
  }

  public init(outcome: DeliveryOutcome, fileProblem: String? = nil, extent: Extent = .notice) {
    self.outcome = outcome
    self.fileProblem = fileProblem
    self.extent = extent
  }
}
