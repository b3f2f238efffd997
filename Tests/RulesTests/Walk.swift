import CallbackRules
import Foundation
import Testing

/// Plays one callback forward, as the daemon would: it is advanced at each of its `wakeAt`.
///
/// What people are told is kept as a timetable, a line a notice: `14:45 chen step 1` (the policy's steps count from 0).
struct Walk {
  private(set) var rules: Rules
  private(set) var callback: Callback
  private(set) var lines: [String] = []
  private(set) var events: [Event] = []
  /// Those of the latest transition.
  private(set) var latestNotices: [Notice] = []

  /// Admits the message when it was taken, or at `arrival`.
  init(_ office: TestOffice, _ message: Message = urgentMessage(), arrival: String? = nil) {
    self.init(office.rules, message, at: arrival.map(at) ?? message.takenAt)
  }

  init(_ rules: Rules, _ message: Message, at now: Date) {
    self.rules = rules
    let transition = rules.admit(message, at: now).transition
    callback = transition.callback
    take(transition, at: now)
  }

  /// What people were told, and when.
  var timetable: String { lines.joined(separator: "\n") }

  /// The kinds of all events so far.
  var history: [Event.Kind] { events.map(\.kind) }

  /// The steps taken so far, each once, in their order.
  var stepsTaken: [Int] {
    events.filter { $0.kind == .stepTaken }.compactMap(\.step).reduce(into: []) { taken, step in
      if !taken.contains(step) { taken.append(step) }
    }
  }

  /// The first notice of the latest transition.
  func firstNotice() throws -> Notice { try #require(latestNotices.first, "nobody was told") }

  /// Advances at each `wakeAt` up to and including `time`.
  mutating func run(until time: String) { run(until: at(time)) }

  mutating func run(until time: Date) {
    var advances = 0
    while let wakeAt = callback.wakeAt, wakeAt <= time {
      advance(at: wakeAt)
      advances += 1
      guard advances < 2000 else {
        Issue.record("the callback wakes without end:\n\(lines.suffix(5).joined(separator: "\n"))")
        return
      }
    }
  }

  /// Advances once, whenever it is due, as after down time.
  mutating func advance(at time: String) { advance(at: at(time)) }

  mutating func advance(at now: Date) { take(rules.advance(callback, at: now), at: now) }

  /// Runs until `time`, then puts another configuration in force and has the callback looked at, as a reload must.
  mutating func reload(_ office: TestOffice, at time: String) {
    run(until: time)
    rules = office.rules
    advance(at: time)
  }

  /// Runs until `time`, then does what the person commands.
  mutating func apply(_ command: Command, by person: String, at time: String) throws(Refusal) {
    run(until: time)
    try apply(command, by: person, at: at(time))
  }

  mutating func apply(_ command: Command, by person: String, at now: Date) throws(Refusal) {
    take(try rules.apply(command, by: person, to: callback, at: now), at: now)
  }

  /// Runs until `time`, then takes in a further message that the store finds to have the same Ref, or number.
  @discardableResult
  mutating func receive(_ message: Message, sameRef: Bool = false, at time: String) -> Admittance {
    run(until: time)
    let related = sameRef ? Related(sameRef: [callback]) : Related(sameNumber: [callback])
    let admittance = rules.admit(message, related: related, at: at(time))
    if admittance.part != .first { take(admittance.transition, at: at(time)) }
    return admittance
  }

  /// Runs until `time`, then says that this notice was refused, and nobody else knows by its step.
  mutating func refuse(_ notice: Notice, at time: String, othersMayKnow: Bool = false) {
    run(until: time)
    settle(.refused("no such mailbox"), of: notice, othersMayKnow: othersMayKnow, at: at(time))
  }

  mutating func settle(
    _ outcome: DeliveryOutcome, of notice: Notice, firstTry: Bool = true, othersMayKnow: Bool = false, at now: Date
  ) {
    let transition = rules.settle(
      outcome, of: notice, number: 7, firstTry: firstTry, othersMayKnow: othersMayKnow, on: callback, at: now)
    take(transition, at: now)
  }

  /// Runs until `time`, then takes in a mail about notice 7, which this person got when the callback came in.
  @discardableResult
  mutating func answer(
    _ mail: AnswerMail, to notice: Notice, at time: String, change: (inout AnsweredNotice) -> Void = { _ in }
  ) -> AnswerVerdict {
    run(until: time)
    var answered = AnsweredNotice(
      number: 7, person: notice.person,
      entries: [
        AnsweredNotice.Entry(number: 7, notice: notice, callback: callback, createdAt: callback.admittedAt)
      ])
    change(&answered)
    let verdict = rules.answer(mail, to: answered, at: at(time))
    for transition in verdict.transitions { take(transition, at: at(time)) }
    return verdict
  }

  private mutating func take(_ transition: Transition, at now: Date) {
    callback = transition.callback
    events += transition.events
    latestNotices = transition.notices
    for notice in transition.notices {
      let step = notice.step.map { " \($0)" } ?? ""
      lines.append("\(clock(now)) \(notice.person) \(notice.reason.rawValue)\(step)")
    }
  }
}

/// `14:05`, counting on past 24 on the days after the office's.
func clock(_ moment: Date) -> String {
  let minutes = Int(moment.timeIntervalSince(at("00:00"))) / 60
  let (hour, minute) = (minutes / 60, minutes % 60)
  return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
}
