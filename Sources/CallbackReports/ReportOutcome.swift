/// What became of one promise.
public enum ReportOutcome: Sendable, Hashable {
  /// The patient was reached by the deadline, to the second.
  case kept
  /// The deadline passed before the patient was reached.
  case broken(Why)
  /// By the deadline the call was no longer owed.
  case ended(End)
  /// Open, and its deadline is still to come.
  case pending

  /// How far it had come when its deadline passed. The furthest counts; but what came in too late could not be kept by anybody.
  public enum Why: String, Sendable, CaseIterable {
    /// It came in when its deadline had passed.
    case cameInLate = "came-in-late"
    /// No notice of it had been handed over.
    case notTold = "not-told"
    /// Somebody had been told, and nobody had acknowledged.
    case notOwned = "not-owned"
    /// Somebody had it, and had not tried to reach the patient.
    case notTried = "not-tried"
    /// Somebody had tried, in vain.
    case notReached = "not-reached"
  }

  /// Why a call was no longer owed.
  public enum End: String, Sendable, CaseIterable {
    /// The patient did not want to be called.
    case declined
    /// The service said that the caller no longer wants a call.
    case withdrawn
    /// A person closed it and gave a reason.
    case closed
  }

  /// - Parameter now: seconds since 1970.
  public init(of row: ReportRow, at now: Int) {
    func byDeadline(_ time: Int?) -> Bool { time.map { $0 <= row.dueAt } ?? false }
    if byDeadline(row.reachedAt) {
      self = .kept
    } else if byDeadline(row.withdrawnAt) {
      self = .ended(.withdrawn)
    } else if byDeadline(row.closedAt) {
      self = .ended(row.isDeclined ? .declined : .closed)
    } else if row.closedAt == nil, now <= row.dueAt {
      self = .pending
    } else if row.admittedAt >= row.dueAt {
      self = .broken(.cameInLate)
    } else if byDeadline(row.attemptedAt) {
      self = .broken(.notReached)
    } else if byDeadline(row.ownedAt) {
      self = .broken(.notTried)
    } else {
      self = .broken(byDeadline(row.toldAt) ? .notOwned : .notTold)
    }
  }
}
