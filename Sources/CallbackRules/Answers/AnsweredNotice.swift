import Foundation

/// The notice that a mail is about, as the store knows it.
public struct AnsweredNotice: Sendable {
  /// Its number; that of the first where it is of several.
  public var number: Int64
  /// The id of the person who was told.
  public var person: String
  /// Whether it is about callbackd itself, so that there are no entries.
  public var isAlarm: Bool
  /// Which of the person's channels it went by.
  public var channelIndex: Int
  /// The notices that went with it, each once, the first first. Not in their order for people.
  public var entries: [Entry]
  /// How often this person was told of answers that were not understood or not carried out, in the last 24 hours.
  public var toldToday: Int

  public struct Entry: Sendable {
    /// The notice's own number.
    public var number: Int64
    public var notice: Notice
    public var callback: Callback
    public var createdAt: Date
    /// Whether it was handed over, and nothing has said since that it told nobody.
    public var isDelivered: Bool
    /// Whether its callback was closed after it was made, though it be open again.
    public var isExpired: Bool
    /// Whether another person was told, or may yet be, by the same step.
    public var othersMayKnow: Bool
    /// Whether this person was told how to answer about this callback.
    public var isTaught: Bool
    /// How often this person was told of refused answers about this callback.
    public var refusals: Int

    public init(
      number: Int64, notice: Notice, callback: Callback, createdAt: Date, isDelivered: Bool = true,
      isExpired: Bool = false, othersMayKnow: Bool = false, isTaught: Bool = false, refusals: Int = 0
    ) {
      self.number = number
      self.notice = notice
      self.callback = callback
      self.createdAt = createdAt
      self.isDelivered = isDelivered
      self.isExpired = isExpired
      self.othersMayKnow = othersMayKnow
      self.isTaught = isTaught
      self.refusals = refusals
    }
  }

  public init(
    number: Int64, person: String, isAlarm: Bool = false, channelIndex: Int = 0, entries: [Entry], toldToday: Int = 0
  ) {
    self.number = number
    self.person = person
    self.isAlarm = isAlarm
    self.channelIndex = channelIndex
    self.entries = entries
    self.toldToday = toldToday
  }
}

/// What becomes of a mail about a notice. The store commits it whole.
public struct AnswerVerdict: Sendable, Equatable {
  public var outcome: Outcome
  /// One for each callback that it changes or whose history has a line of it.
  public var transitions: [Transition] = []
  /// What becomes of notices that told nobody, by their numbers.
  public var fates: [Int64: NoticeFate] = [:]
  /// What the fallback is to be told.
  public var alarm: Alarm?
  /// Where it belongs to nothing: why, and what to do with it; a sentence.
  public var reason: String?

  /// The raw value is stored.
  public enum Outcome: String, Sendable, CaseIterable {
    /// A command was carried out.
    case done
    /// It is kept as a note.
    case noted
    case refused
    /// The notice told nobody.
    case notTold = "not-told"
    /// The notice is on its way, or was seen: nothing follows.
    case ignored
    /// It belongs to no notice, or can't be read.
    case stray
  }

  /// What becomes of a notice that told nobody.
  public enum NoticeFate: Sendable, Equatable {
    /// It is handed over by the person's next channel.
    case nextChannel
    case failed(why: String)
  }

  public init(
    _ outcome: Outcome, transitions: [Transition] = [], fates: [Int64: NoticeFate] = [:], alarm: Alarm? = nil,
    reason: String? = nil
  ) {
    self.outcome = outcome
    self.transitions = transitions
    self.fates = fates
    self.alarm = alarm
    self.reason = reason
  }
}
