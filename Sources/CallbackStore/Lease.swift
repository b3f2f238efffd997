import CallbackRules
import Foundation

/// What somebody is handing over to one person: a notice, several in one, or an alarm.
public struct Lease: Sendable {
  /// Of the notice with which it began. Stays the same whenever it is tried, also where that notice has been withdrawn since.
  public var number: Int64
  /// Unguessable, hexadecimal; the same whenever it is tried.
  public var token: String
  /// The id of the person.
  public var person: String
  public var createdAt: Date
  /// Earlier tries by this channel.
  public var tries: Int
  /// Which of the person's channels it goes by.
  public var channelIndex: Int
  public var content: Content

  /// Since when it could have been told: when it was made, or the quiet hours of its person ended.
  public var tellableSince: Date {
    guard case .callbacks(let entries) = content else { return createdAt }
    return entries.map { $0.notice.notBefore ?? $0.createdAt }.max() ?? createdAt
  }

  public var isOfCallbacks: Bool { if case .callbacks = content { true } else { false } }

  public var urgency: Urgency {
    switch content {
    case .callbacks(let entries): entries.map(\.callback.urgency).max() ?? .routine
    case .alarm(let alarm): alarm.urgency
    }
  }

  public enum Content: Sendable {
    /// At least one: the most urgent first, of these the longest overdue.
    case callbacks([Entry])
    case alarm(Alarm)
  }

  /// One notice of a lease.
  public struct Entry: Sendable {
    public var number: Int64
    public var notice: Notice
    public var callback: Callback
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
}

/// How a lease ends.
public enum Settlement: Sendable, Equatable {
  case delivered
  /// To be tried again, by the same channel or another.
  case again(at: Date, channelIndex: Int, tries: Int, why: String)
  case failed(why: String)
}
