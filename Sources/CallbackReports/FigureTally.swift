import CallbackRules

/// Adds up the figures of some callbacks, one after another.
///
/// Keeps four numbers of four bytes a callback, for the percentiles.
struct FigureTally: Sendable {
  private var figures = Figures()
  private var cameIn: [Int32] = []
  private var told: [Int32] = []
  private var owned: [Int32] = []
  private var reached: [Int32] = []

  mutating func add(_ row: ReportRow, _ outcome: ReportOutcome, at now: Int) {
    figures.taken += 1
    count(outcome, reached: row.reachedAt != nil)
    if row.closedAt == nil {
      figures.open += 1
      if now > row.dueAt { figures.overdue += 1 }
    }
    switch row.kind {
    case .message: break
    case .unreadable: figures.unreadable += 1
    case .missing: figures.missing += 1
    }
    if !row.told.isEmpty { figures.escalated += 1 }
    count(attempts: row.attempts)
    if row.repeatCalls > 0 {
      figures.repeatCalls.callbacks += 1
      figures.repeatCalls.calls += row.repeatCalls
    }
    func time(_ moment: Int?, _ times: inout [Int32]) {
      // A call may have been taken by a clock that is a little ahead.
      if let moment { times.append(Int32(clamping: max(0, moment - row.takenAt))) }
    }
    time(row.admittedAt, &cameIn)
    time(row.toldAt, &told)
    time(row.ownedAt, &owned)
    time(row.reachedAt, &reached)
  }

  private mutating func count(_ outcome: ReportOutcome, reached: Bool) {
    switch outcome {
    case .kept: figures.kept += 1
    case .broken(let why):
      figures.broken += 1
      figures.why[why] += 1
      if reached { figures.reachedLate += 1 }
    case .ended(.declined): figures.ended.declined += 1
    case .ended(.withdrawn): figures.ended.withdrawn += 1
    case .ended(.closed): figures.ended.closed += 1
    case .pending: figures.pending += 1
    }
  }

  private mutating func count(attempts: Int) {
    figures.attempts.total += attempts
    switch attempts {
    case ...0: figures.attempts.none += 1
    case 1: figures.attempts.one += 1
    case 2: figures.attempts.two += 1
    default: figures.attempts.more += 1
    }
  }

  /// Sorts, so it takes longer the more there are.
  var result: Figures {
    var result = figures
    result.times.cameIn = Spread(cameIn)
    result.times.told = Spread(told)
    result.times.owned = Spread(owned)
    result.times.reached = Spread(reached)
    return result
  }

  var taken: Int { figures.taken }
}
