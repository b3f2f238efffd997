import CallbackRules
import Foundation

/// The words in which every form of a report says the same.
enum ReportWords {
  static func why(_ why: ReportOutcome.Why) -> String {
    switch why {
    case .cameInLate: "came in when the deadline had passed"
    case .notTold: "nobody had been told"
    case .notOwned: "somebody had been told, nobody had acknowledged"
    case .notTried: "somebody had it, and had not tried to reach the patient"
    case .notReached: "tried, and the patient was not reached"
    }
  }

  /// Each way in which a call is no longer owed, with how often that was.
  static func ends(_ ended: Figures.Ended) -> [(words: String, count: Int)] {
    [
      ("declined by the patient", ended.declined), ("withdrawn by the service", ended.withdrawn),
      ("closed with a reason", ended.closed),
    ]
  }

  /// Each time with what it runs until.
  static func times(_ times: Figures.Times) -> [(end: String, spread: Spread)] {
    [
      ("the message was in", times.cameIn), ("somebody was told", times.told),
      ("somebody acknowledged", times.owned), ("the patient was reached", times.reached),
    ]
  }

  static func title(of grouping: ReportQuery.Grouping) -> String {
    switch grouping {
    case .account: "account"
    case .person: "person"
    case .urgency: "urgency"
    case .hour: "hour"
    }
  }

  /// `93.6 %`; `-` where no promise was kept or broken.
  static func share(_ figures: Figures) -> String { share(perMille: figures.keptPerMille) }

  static func share(perMille: Int?) -> String {
    perMille.map { "\($0 / 10).\($0 % 10) %" } ?? "-"
  }

  /// The two largest units of a span: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`; `-` for none.
  static func span(_ seconds: Int?) -> String {
    guard let seconds else { return "-" }
    let minutes = seconds / 60
    let (days, hours) = (minutes / 1440, minutes / 60 % 24)
    if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
    if hours > 0 { return minutes % 60 > 0 ? "\(hours) h \(minutes % 60) min" : "\(hours) h" }
    return minutes > 0 ? "\(minutes) min" : "\(seconds) s"
  }

  /// `up to 5 min`, `5 to 15 min`, `over 1 d`.
  static func range(ofReachTime index: Int) -> String {
    let bounds = Report.ReachTime.bounds
    if index == 0 { return "up to \(span(bounds[0]))" }
    if index >= bounds.count { return "over \(span(bounds[bounds.count - 1]))" }
    let (from, to) = (span(bounds[index - 1]), span(bounds[index]))
    // `5 to 15 min`: the unit once, where it is the same.
    let words = from.split(separator: " ")
    return to.hasSuffix(words[words.count - 1]) ? "\(words[0]) to \(to)" : "\(from) to \(to)"
  }

  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}

extension Report {
  /// What people call whoever has this id.
  func name(_ id: String) -> String { names[id] ?? id }

  /// What stands for a group.
  func title(of group: Group) -> String {
    guard let key = group.key else { return "no account" }
    switch grouping {
    case .person: return name(key)
    case .hour: return "\(key):00 to \(key):59"
    case .account, .urgency, nil: return key
    }
  }

  func title(of told: StepTold) -> String { told.step.map { "step \($0)" } ?? "fallback" }

  /// `2026-11-23 14:05`, by the site's clock.
  func local(_ moment: Date) -> String {
    let time = (Zone(zone) ?? .utc).civilTime(at: moment)
    return "\(time.dateText) \(time.clockText)"
  }

  /// `2026-10-26 00:00 to 2026-11-25 04:02 (America/New_York)`.
  var spanText: String { "\(local(since)) to \(local(until)) (\(Zone(zone) == nil ? "UTC" : zone))" }

  /// One sentence on promises: `412 of 440 promises were kept: 93.6 %.`
  var summary: String {
    let promises = total.kept + total.broken
    guard promises > 0 else { return "No promise was kept or broken." }
    return "\(total.kept) of \(ReportWords.count(promises, "promise")) "
      + "\(total.kept == 1 ? "was" : "were") kept: \(ReportWords.share(total))."
  }
}
