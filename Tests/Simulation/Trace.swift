import CallbackRules
import Foundation

/// The latest that happened.
struct Trace {
  private var latest: [(real: Int, shown: Date, what: String)] = []
  /// So many lines.
  let length: Int

  init(length: Int) { self.length = length }

  mutating func add(_ what: String, at clock: SimulatedClock) {
    if latest.count >= 4 * length { latest.removeFirst(3 * length) }
    latest.append((clock.real, clock.now, what))
  }

  var lines: [String] {
    latest.suffix(length).map { line in
      let set = Int(line.shown.timeIntervalSince1970) - line.real
      return "\(Self.text(line.shown))\(set == 0 ? "" : " (set by \(set) s)") \(line.what)"
    }
  }

  static func text(_ moment: Date) -> String {
    let time = Zone.utc.civilTime(at: moment)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(time.year)-\(two(time.month))-\(two(time.day)) \(two(time.hour)):\(two(time.minute)):\(two(time.second))"
  }
}

extension Entry {
  /// `#7 open→owned: acknowledged rivera`.
  var line: String {
    let callback = transition.callback
    let events = transition.events.map { event in
      let step = event.step.map { " step \($0)" } ?? ""
      let until = event.until.map { " until \(Trace.text($0))" } ?? ""
      return "\(event.kind.rawValue)\(event.person.map { " \($0)" } ?? "")\(step)\(until)"
    }
    let notices = transition.notices.map { "\($0.person) (\($0.reason.rawValue)\($0.step.map { " \($0)" } ?? ""))" }
    let told = notices.isEmpty ? "" : "; to tell: \(notices.joined(separator: ", "))"
    let state = before.map { "\($0.state.rawValue)→" } ?? ""
    return
      "#\(callback.id) \(callback.urgency.name) \(state)\(callback.state.rawValue): \(events.joined(separator: ", "))\(told)"
  }
}
