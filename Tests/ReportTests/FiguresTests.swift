import CallbackRules
import Foundation
import Testing

@testable import CallbackReports

@Suite("Figures of a report") struct FiguresTests {
  @Test(
    "A percentile is the value of one callback: the least that so many per cent don't exceed",
    arguments: [
      ([], nil, nil, nil), ([7], 7, 7, 7), ([2, 1], 1, 2, 2), ([3, 1, 2], 2, 3, 3), ([4, 3, 2, 1], 2, 4, 4),
      (Array(1...10), 5, 9, 10), (Array(1...11), 6, 10, 11), (Array(1...100), 50, 90, 100),
      (Array(1...101), 51, 91, 101),
      ([5, 5, 5, 900], 5, 900, 900),
    ] as [([Int32], Int?, Int?, Int?)])
  func percentiles(values: [Int32], median: Int?, ninetieth: Int?, worst: Int?) {
    let spread = Spread(values.shuffled())
    #expect(spread.count == values.count)
    #expect((spread.median, spread.ninetieth, spread.worst) == (median, ninetieth, worst))
  }

  @Test("Times count from when the call was taken, and a clock that was ahead makes none negative")
  func times() {
    let times = report([
      row {
        ($0.toldAt, $0.ownedAt, $0.reachedAt) = (taken + 90, taken + 300, taken + 900)
      },
      row { ($0.admittedAt, $0.toldAt) = (taken - 200, taken - 100) },
    ]).total.times
    #expect((times.cameIn.count, times.cameIn.median, times.cameIn.worst) == (2, 0, 60))
    #expect((times.told.median, times.told.worst) == (0, 90))
    #expect((times.owned.count, times.owned.worst) == (1, 300))
    #expect((times.reached.count, times.reached.ninetieth) == (1, 900))
  }

  @Test("Attempts, repeat calls, kinds and what is open are counted")
  func counts() {
    let figures = report(
      [
        row { $0.attempts = 0 }, row { ($0.attempts, $0.closedAt) = (1, due + 60) }, row { $0.attempts = 2 },
        row { ($0.attempts, $0.repeatCalls) = (3, 2) }, row { ($0.attempts, $0.repeatCalls) = (9, 1) },
        row { ($0.kind, $0.dueAt) = (.missing, utc(2026, 12, 1)) }, row { $0.kind = .unreadable },
      ]
    ).total
    #expect(figures.attempts == .init(total: 15, none: 3, one: 1, two: 1, more: 2))
    #expect((figures.repeatCalls.callbacks, figures.repeatCalls.calls) == (2, 3))
    #expect((figures.unreadable, figures.missing) == (1, 1))
    #expect((figures.open, figures.overdue, figures.pending) == (6, 5, 1))
  }

  @Test(
    "The share kept is of those kept or broken, and 100 % means all",
    arguments: [(0, 0, nil), (1, 0, 1000), (999, 1, 999)])
  func share(kept: Int, broken: Int, perMille: Int?) {
    var figures = Figures()
    (figures.kept, figures.broken, figures.pending, figures.ended.closed) = (kept, broken, 5, 5)
    #expect(figures.keptPerMille == perMille)
    (figures.kept, figures.broken) = (99_999, 1)
    #expect(figures.keptPerMille == 999)
  }

  @Test("Whom steps told is counted by step and person: notices, and callbacks once")
  func steps() {
    let first = ReportRow.Told(step: 0, person: "rivera")
    let fallback = ReportRow.Told(step: nil, person: "chen")
    let result = report(
      [row { $0.told = [first, first, fallback] }, row { $0.told = [first] }, row()],
      names: ["rivera": "Dr. Rivera"])
    #expect(
      result.steps == [
        .init(step: 1, person: "rivera", notices: 3, callbacks: 2),
        .init(step: nil, person: "chen", notices: 1, callbacks: 1),
      ])
    #expect(result.total.escalated == 2)
    #expect(result.names == ["rivera": "Dr. Rivera", "chen": "chen"])
  }

  @Test("Groups: accounts and persons by how many they have, every urgency, every hour")
  func groups() {
    let rows = [
      row { $0.account = nil }, row { $0.owner = "chen" }, row { ($0.account, $0.owner) = ("b", "chen") },
      row { ($0.account, $0.urgency) = ("b", .emergency) },
    ]
    func keys(_ grouping: ReportQuery.Grouping) -> [String?] { report(rows, by: grouping).groups.map(\.key) }
    #expect(keys(.account) == ["b", nil, "riverside"])
    #expect(keys(.person) == ["chen", "oncall"])
    #expect(keys(.urgency) == ["emergency", "urgent", "routine"])
    #expect(report(rows, by: .urgency).groups.map(\.figures.taken) == [1, 3, 0])
    let hours = report(rows, by: .hour).groups
    #expect(hours.map(\.key) == (0...23).map { $0 < 10 ? "0\($0)" : "\($0)" })
    #expect(hours.filter { $0.figures.taken > 0 }.map(\.key) == ["14"])
    #expect(report(rows).groups.isEmpty)
  }

  @Test("How long it took to reach patients: each time in its own place, its bounds included")
  func reachTimes() {
    let seconds = [0, 300, 301, 86_400, 86_401, 9_000_000]
    let times = report(seconds.map { seconds in row { $0.reachedAt = taken + seconds } } + [row()]).reachTimes
    #expect(times.map(\.callbacks) == [2, 1, 0, 0, 0, 0, 0, 1, 2])
    #expect(times.map(\.upTo) == [300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, nil])
  }

  @Test("A report reads back from its JSON as it was written, with null for what is not known")
  func json() throws {
    var open = Report.Now(open: 1, overdue: 1, unowned: 1)
    open.late = [
      Report.Late(
        Callback(
          kind: .message, message: Message(takenAt: date(taken)), recipient: "oncall", admittedAt: date(taken),
          dueAt: date(due)))
    ]
    let report = report([row { $0.account = nil }], by: .account, open: open)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(Report.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    for part in [#""key":null"#, #""up_to":null"#, #""owner":null"#, #""percentile_90":null"#] {
      #expect(text.contains(part), "\(part)")
    }
  }
}
