import CallbackRules
import Foundation

/// Makes a report of callbacks that come one after another, in any order. Pure.
///
/// What it keeps grows by some forty bytes a callback, and by what is counted apart: days, accounts, persons.
public struct ReportTally: Sendable {
  public let query: ReportQuery
  private let now: Date
  private let nowSecond: Int
  private var clock: SiteClock

  private var total = FigureTally()
  private var groups: [String: FigureTally] = [:]
  /// By the number of the day since 1970 on the site's clock.
  private var days: [Int: Report.Day] = [:]
  private var hours: [Report.Hour]
  private var reachTimes: [Report.ReachTime]
  private var steps: [ReportRow.Told: (notices: Int, callbacks: Int)] = [:]

  /// - Parameters:
  ///   - zone: the site's.
  ///   - now: the moment for which it is said what is open or late.
  public init(_ query: ReportQuery, zone: Zone, now: Date) {
    self.query = query
    self.now = now
    nowSecond = Int(now.timeIntervalSince1970.rounded(.down))
    clock = SiteClock(zone)
    hours = (1...7).flatMap { weekday in (0...23).map { Report.Hour(weekday: weekday, hour: $0) } }
    reachTimes = Report.ReachTime.bounds.map { Report.ReachTime(upTo: $0) } + [Report.ReachTime(upTo: nil)]
  }

  /// How many callbacks it has.
  public var count: Int { total.taken }

  public mutating func add(_ row: ReportRow) {
    guard query.isAbout(account: row.account) else { return }
    let outcome = ReportOutcome(of: row, at: nowSecond)
    let wall = clock.wall(atSecond: row.takenAt)
    let day = wall.flooredDivision(by: 86_400)
    let hour = (wall - day * 86_400) / 3600
    total.add(row, outcome, at: nowSecond)
    if let key = groupKey(of: row, hour: hour) {
      groups[key, default: FigureTally()].add(row, outcome, at: nowSecond)
    }
    days[day, default: Self.day(day)].count(outcome)
    hours[(day + 3).flooredRemainder(by: 7) * 24 + hour].count(outcome)
    if let reached = row.reachedAt {
      let seconds = reached - row.takenAt
      let index = Report.ReachTime.bounds.firstIndex { seconds <= $0 } ?? Report.ReachTime.bounds.count
      reachTimes[index].callbacks += 1
    }
    for (told, notices) in Dictionary(row.told.map { ($0, 1) }, uniquingKeysWith: +) {
      steps[told, default: (0, 0)].notices += notices
      steps[told, default: (0, 0)].callbacks += 1
    }
  }

  /// - Parameters:
  ///   - site: what people call it.
  ///   - open: what is open now.
  ///   - name: what people call whoever has this id.
  public func report(site: String, open: Report.Now, name: (String) -> String) -> Report {
    let groups = grouped
    let steps = steps.map { told, counts in
      Report.StepTold(
        step: told.step.map { $0 + 1 }, person: told.person, notices: counts.notices, callbacks: counts.callbacks)
    }.sorted { ($0.step ?? .max, -$0.notices, $0.person) < ($1.step ?? .max, -$1.notices, $1.person) }
    var ids = steps.map(\.person) + open.late.flatMap { [$0.recipient, $0.owner].compactMap(\.self) }
    if query.grouping == .person { ids += groups.compactMap(\.key) }
    return Report(
      site: site, zone: clock.zone.name, since: query.since, until: query.until, madeAt: now, total: total.result,
      grouping: query.grouping, groups: groups, days: everyDay, hours: hours, reachTimes: reachTimes, steps: steps,
      now: open, names: Dictionary(ids.map { ($0, name($0)) }, uniquingKeysWith: { first, _ in first }))
  }

  // MARK: - Groups

  /// Nil where there are no groups. An account that is not known is `""`, which no id is.
  private func groupKey(of row: ReportRow, hour: Int) -> String? {
    switch query.grouping {
    case nil: nil
    case .account: row.account ?? ""
    case .person: row.owner ?? row.recipient
    case .urgency: row.urgency.name
    case .hour: Self.hourKey(hour)
    }
  }

  private static func hourKey(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }

  private var grouped: [Report.Group] {
    func group(_ key: String) -> Report.Group {
      Report.Group(key: key.isEmpty ? nil : key, figures: (groups[key] ?? FigureTally()).result)
    }
    return switch query.grouping {
    case nil: []
    case .urgency: Urgency.allCases.reversed().map { group($0.name) }
    case .hour: (0...23).map { group(Self.hourKey($0)) }
    case .account, .person:
      groups.map { ($0.value.taken, $0.key) }.sorted { (-$0.0, $0.1) < (-$1.0, $1.1) }.map { group($0.1) }
    }
  }

  // MARK: - Days

  private static func day(_ number: Int) -> Report.Day {
    Report.Day(date: CivilTime(secondsSince1970: number * 86_400).dateText)
  }

  /// From the first day of the span to its last, those without a call too.
  private var everyDay: [Report.Day] {
    let first = clock.zone.civilTime(at: query.since).daysSince1970
    let last = clock.zone.civilTime(at: query.until.addingTimeInterval(-1)).daysSince1970
    return first <= last ? (first...last).map { days[$0] ?? Self.day($0) } : []
  }
}

/// Something in which promises are counted by their outcome.
private protocol OutcomeCounting {
  var taken: Int { get set }
  var kept: Int { get set }
  var broken: Int { get set }
}

extension OutcomeCounting {
  mutating func count(_ outcome: ReportOutcome) {
    taken += 1
    switch outcome {
    case .kept: kept += 1
    case .broken: broken += 1
    case .ended, .pending: break
    }
  }
}

extension Report.Day: OutcomeCounting {}
extension Report.Hour: OutcomeCounting {}

extension Int {
  /// From 0 to one less than `divisor`, also of negative numbers.
  fileprivate func flooredRemainder(by divisor: Int) -> Int { self - flooredDivision(by: divisor) * divisor }
}
