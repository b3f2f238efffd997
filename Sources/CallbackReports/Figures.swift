/// The figures of some callbacks: of all, or of one group.
public struct Figures: Codable, Sendable, Equatable {
  /// Whose call was taken in the span.
  public var taken = 0
  /// Reached by the deadline.
  public var kept = 0
  /// Not reached by the deadline.
  public var broken = 0
  /// No longer owed by the deadline.
  public var ended = Ended()
  /// Open, with the deadline still to come.
  public var pending = 0
  /// Of the broken: how far each had come.
  public var why = Why()
  /// Of the broken: how many patients were reached all the same.
  public var reachedLate = 0
  /// Of `taken`: not closed when the report was made.
  public var open = 0
  /// Of those: past their deadline.
  public var overdue = 0
  /// Of `taken`: made of files that could not be understood, and of messages that did not come.
  public var unreadable = 0
  public var missing = 0
  /// Of `taken`: for whom a step's notice, or one to the fallback, was handed over.
  public var escalated = 0
  public var attempts = Attempts()
  public var repeatCalls = RepeatCalls()
  /// Seconds, from when the call was taken, in wall time: nights and weekends count.
  public var times = Times()

  public struct Ended: Codable, Sendable, Equatable {
    public var declined = 0
    public var withdrawn = 0
    public var closed = 0

    public var total: Int { declined + withdrawn + closed }
  }

  public struct Why: Codable, Sendable, Equatable {
    public var cameInLate = 0
    public var notTold = 0
    public var notOwned = 0
    public var notTried = 0
    public var notReached = 0

    enum CodingKeys: String, CodingKey {
      case cameInLate = "came_in_late"
      case notTold = "not_told"
      case notOwned = "not_owned"
      case notTried = "not_tried"
      case notReached = "not_reached"
    }
  }

  /// Tries to reach a patient.
  public struct Attempts: Codable, Sendable, Equatable {
    public var total = 0
    /// Callbacks without one, with one, with two, with more.
    public var none = 0
    public var one = 0
    public var two = 0
    public var more = 0
  }

  public struct RepeatCalls: Codable, Sendable, Equatable {
    /// Callbacks whose caller rang again.
    public var callbacks = 0
    /// How often.
    public var calls = 0
  }

  public struct Times: Codable, Sendable, Equatable {
    /// Until the message was in.
    public var cameIn = Spread([])
    /// Until the first notice was handed over.
    public var told = Spread([])
    /// Until somebody acknowledged.
    public var owned = Spread([])
    /// Until the patient was reached.
    public var reached = Spread([])

    enum CodingKeys: String, CodingKey {
      case cameIn = "came_in"
      case told, owned, reached
    }
  }

  enum CodingKeys: String, CodingKey {
    case taken, kept, broken, ended, pending, why
    case reachedLate = "reached_late"
    case open, overdue, unreadable, missing, escalated, attempts
    case repeatCalls = "repeat_calls"
    case times
  }

  public init() {}

  /// Of those kept or broken, how many per mille were kept; nil where there are none. Rounded down, so that 1000 means all.
  public var keptPerMille: Int? {
    kept + broken > 0 ? kept * 1000 / (kept + broken) : nil
  }
}

extension Figures.Why {
  public subscript(why: ReportOutcome.Why) -> Int {
    get {
      switch why {
      case .cameInLate: cameInLate
      case .notTold: notTold
      case .notOwned: notOwned
      case .notTried: notTried
      case .notReached: notReached
      }
    }
    set {
      switch why {
      case .cameInLate: cameInLate = newValue
      case .notTold: notTold = newValue
      case .notOwned: notOwned = newValue
      case .notTried: notTried = newValue
      case .notReached: notReached = newValue
      }
    }
  }
}
