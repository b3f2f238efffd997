import Foundation

/// What is promised for one urgency: how soon to call back, and who is told when.
public struct Policy: Sendable, Equatable {
  public var urgency: Urgency
  public var callBackWithin: TimeSpan
  /// The name of the office hours it counts in; nil: around the clock.
  public var hours: String?
  /// Who is told as soon as a message is in: ids, or `Policy.recipient`.
  public var announce: [String]
  /// How long after the call was taken somebody must have acknowledged; nil: a third of the time until `due`.
  public var ownWithin: TimeSpan?
  /// How long before `due` the one who owes the call is reminded.
  public var remindBefore: [TimeSpan]
  /// How long after the first acknowledgement the patient must have been reached.
  public var finishWithin: TimeSpan
  public var snoozeAtMost: TimeSpan
  /// In the order of their times.
  public var steps: [Step]
  public var retry: Retry

  /// Stands for the callback's own recipient in `announce` and `notify`.
  public static let recipient = "recipient"

  /// One rung of the escalation.
  public struct Step: Sendable, Equatable {
    /// How long after `due`; negative: before it.
    public var after: TimeSpan
    /// Ids of persons, teams or rotations, or `Policy.recipient`.
    public var notify: [String]
    /// Told again at this interval, at least a minute, until the next step is taken. The last step always has one.
    public var repeatEvery: TimeSpan?

    public init(after: TimeSpan, notify: [String], repeatEvery: TimeSpan? = nil) {
      self.after = after
      self.notify = notify
      self.repeatEvery = repeatEvery
    }
  }

  /// When to try again after an attempt that did not reach the patient.
  public struct Retry: Sendable, Equatable {
    public var noAnswer: TimeSpan
    public var busy: TimeSpan
    public var voicemail: TimeSpan
    /// After so many tries the last step is told.
    public var attempts: Int

    public init(
      noAnswer: TimeSpan = TimeSpan(seconds: 1800), busy: TimeSpan = TimeSpan(seconds: 600),
      voicemail: TimeSpan = TimeSpan(seconds: 7200), attempts: Int = 3
    ) {
      self.noAnswer = noAnswer
      self.busy = busy
      self.voicemail = voicemail
      self.attempts = attempts
    }
  }

  /// A policy with what was left out filled in; see each parameter for the default.
  ///
  /// - Parameters:
  ///   - finishWithin: nil: two thirds of `callBackWithin`.
  ///   - snoozeAtMost: nil: half of `callBackWithin`.
  ///   - steps: a last step without `repeatEvery` repeats after `callBackWithin`, at least 15 minutes, at most a day.
  public init(
    urgency: Urgency, callBackWithin: TimeSpan, hours: String? = nil,
    announce: [String] = [Policy.recipient], ownWithin: TimeSpan? = nil, remindBefore: [TimeSpan] = [],
    finishWithin: TimeSpan? = nil, snoozeAtMost: TimeSpan? = nil, steps: [Step], retry: Retry = Retry()
  ) {
    let given = callBackWithin.seconds
    self.urgency = urgency
    self.callBackWithin = callBackWithin
    self.hours = hours
    self.announce = announce
    self.ownWithin = ownWithin
    self.remindBefore = remindBefore.sorted { $0.seconds > $1.seconds }
    self.finishWithin = finishWithin ?? TimeSpan(seconds: given * 2 / 3)
    self.snoozeAtMost = snoozeAtMost ?? TimeSpan(seconds: given / 2)
    self.steps = steps.sorted { $0.after.seconds < $1.after.seconds }
    self.retry = retry
    if let last = self.steps.indices.last, self.steps[last].repeatEvery == nil {
      self.steps[last].repeatEvery = defaultRepetition
    }
  }

  private var defaultRepetition: TimeSpan { TimeSpan(seconds: min(max(callBackWithin.seconds, 900), 86_400)) }

  /// When those of the step at `index`, told at `now`, are told again; nil: not before the next step is taken.
  ///
  /// From the last step on there always is a time, and it always lies ahead: else a callback would sleep for good, or never.
  func repetition(ofStep index: Int, from now: Date, counting: Counting) -> Date? {
    var every = steps.indices.contains(index) ? steps[index].repeatEvery : nil
    if index >= steps.count - 1 { every = every ?? defaultRepetition }
    return every.map { max(counting.moment($0, from: now), now.addingTimeInterval(60)) }
  }
}
