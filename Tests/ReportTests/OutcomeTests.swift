import CallbackReports
import Testing

@Suite("What became of a promise") struct OutcomeTests {
  /// A name, what happened when, and what became of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout ReportRow) -> Void
    var outcome: ReportOutcome
    var now = due + 1

    init(
      _ name: String, _ outcome: ReportOutcome, now: Int = due + 1,
      _ change: @escaping @Sendable (inout ReportRow) -> Void
    ) {
      testDescription = name
      self.change = change
      self.outcome = outcome
      self.now = now
    }
  }

  static let cases = [
    Case("reached before the deadline", .kept) { $0.reachedAt = due - 1 },
    Case("reached in its very second", .kept) { $0.reachedAt = due },
    Case("reached, though the service had withdrawn it", .kept) { ($0.withdrawnAt, $0.reachedAt) = (due - 9, due) },
    Case("reached a second late, told", .broken(.notOwned)) { ($0.toldAt, $0.reachedAt) = (due, due + 1) },
    Case("open, and the deadline is in this second", .pending, now: due) { _ in },
    Case("open a second later, and nobody was told", .broken(.notTold)) { _ in },
    Case("told after the deadline only", .broken(.notTold)) { $0.toldAt = due + 1 },
    Case("told at the deadline", .broken(.notOwned)) { $0.toldAt = due },
    Case("acknowledged after the deadline only", .broken(.notOwned)) { ($0.toldAt, $0.ownedAt) = (due, due + 1) },
    Case("acknowledged, not tried", .broken(.notTried)) { ($0.toldAt, $0.ownedAt) = (taken, due) },
    Case("acknowledged by somebody whom no notice told", .broken(.notTried)) { $0.ownedAt = due },
    Case("tried in vain", .broken(.notReached)) { ($0.ownedAt, $0.attemptedAt) = (taken, due) },
    Case("tried in vain, then reopened, which forgets who had it", .broken(.notReached)) { $0.attemptedAt = due },
    Case("tried after the deadline only", .broken(.notTried)) { ($0.ownedAt, $0.attemptedAt) = (taken, due + 1) },
    Case("came in at its deadline", .broken(.cameInLate)) { $0.admittedAt = due },
    Case("came in late, and was reached in a minute", .broken(.cameInLate)) {
      ($0.admittedAt, $0.attemptedAt, $0.reachedAt) = (due + 60, due + 120, due + 120)
    },
    Case("declined in time", .ended(.declined)) { ($0.closedAt, $0.isDeclined) = (due, true) },
    Case("declined too late", .broken(.notReached)) {
      ($0.attemptedAt, $0.closedAt, $0.isDeclined) = (due - 60, due + 1, true)
    },
    Case("closed with a reason in time", .ended(.closed)) { $0.closedAt = due },
    Case("closed with a reason too late", .broken(.notTold)) { $0.closedAt = due + 1 },
    Case("withdrawn in time, and still open", .ended(.withdrawn)) { $0.withdrawnAt = due },
    Case("withdrawn in time, reached too late", .ended(.withdrawn)) { ($0.withdrawnAt, $0.reachedAt) = (due, due + 9) },
    Case("withdrawn too late", .broken(.notTold)) { $0.withdrawnAt = due + 1 },
    Case("withdrawn, then closed, both in time", .ended(.withdrawn)) { ($0.withdrawnAt, $0.closedAt) = (due - 9, due) },
  ]

  @Test("Each has one outcome", arguments: cases)
  func outcome(of one: Case) {
    #expect(ReportOutcome(of: row(one.change), at: one.now) == one.outcome)
  }

  @Test("Every callback is counted once: kept, broken, no longer owed, or pending")
  func whole() {
    let figures = report(Self.cases.map { row($0.change) }, now: due + 1).total
    #expect(figures.taken == Self.cases.count)
    #expect(figures.kept + figures.broken + figures.ended.total + figures.pending == figures.taken)
    #expect(ReportOutcome.Why.allCases.reduce(0) { $0 + figures.why[$1] } == figures.broken)
    #expect((figures.kept, figures.pending) == (3, 0))
    #expect((figures.ended.declined, figures.ended.withdrawn, figures.ended.closed) == (1, 3, 1))
    #expect(figures.reachedLate == 2)
  }
}
