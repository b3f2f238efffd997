import CallbackRules
import Foundation
import Testing

/// What holds whatever office, message, commands, refusals and reloads come together.
///
/// Each seed is one random life of a callback; a failing one is named with its seed and what led there.
@Suite("Properties")
struct PropertyTests {
  @Test("no promise is forgotten, whatever happens", arguments: 1...600)
  func anything(seed: Int) {
    var life = RandomLife(seed: seed, closing: true, reloads: true)
    life.play(80)
  }

  @Test("short of closing, nobody can keep a step from its time, or a callback silent", arguments: 1001...1400)
  func evasion(seed: Int) {
    var life = RandomLife(seed: seed, closing: false, reloads: false)
    life.play(80)
  }

  @Test("however the time is cut into advances, the same steps are taken", arguments: 2001...2400)
  func cutTime(seed: Int) throws {
    var random = SeededGenerator(seed: seed)
    var office = TestOffice.random(using: &random)
    // A reminder that tells nobody takes a step, but is given only before the deadline: so its people can be told.
    office.people.removeAll { $0.id == "rivera" }
    office.people.append(Person(id: "rivera", name: "Dr. Rivera", email: "rivera@riverside.example"))
    var message = Message.random(using: &random)
    message.to = "rivera"
    // At each wakeAt; once at the end of each stretch; there and once somewhere before.
    var walks = [Walk](repeating: Walk(office, message), count: 3)
    var now = at("14:00")
    for _ in 0..<6 {
      let stretch = Double(Int.random(in: 0...5400, using: &random))
      walks[0].run(until: now.addingTimeInterval(stretch))
      walks[2].advance(at: now.addingTimeInterval(stretch * Double.random(in: 0...1, using: &random)))
      now = now.addingTimeInterval(stretch)
      for index in [1, 2] { walks[index].advance(at: now) }
      for walk in walks.dropFirst() {
        #expect(walk.stepsTaken == walks[0].stepsTaken, "seed \(seed)\n\(walks[0].timetable)\n\n\(walk.timetable)")
        #expect(walk.callback.nextStep == walks[0].callback.nextStep, "seed \(seed)")
        #expect(walk.callback.overdue == walks[0].callback.overdue, "seed \(seed)")
      }
      let command = Command.random(closing: false, using: &random)
      for index in walks.indices {
        // What is refused is refused in each of them.
        do throws(Refusal) { try walks[index].apply(command, by: "rivera", at: now) } catch { continue }
      }
    }
  }

  @Test("refusals at one moment come to an end", arguments: 3001...3300)
  func refusals(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let office = TestOffice.random(using: &random)
    var walk = Walk(office, Message.random(using: &random), arrival: "14:00")
    for hour in 14...18 {
      walk.run(until: "\(hour):00")
      var (open, refusals) = (walk.latestNotices, 0)
      while !open.isEmpty, refusals < 100 {
        let notice = open.removeFirst()
        walk.refuse(notice, at: "\(hour):00", othersMayKnow: open.contains { $0.step == notice.step })
        open += walk.latestNotices
        refusals += 1
      }
      #expect(refusals < 60, "seed \(seed)\n\(walk.timetable)")
      #expect(walk.callback.wakeAt != nil, "seed \(seed)")
    }
  }
}

/// One random life of a callback, with what must hold after each of its transitions.
struct RandomLife {
  private let seed: Int
  private let closing: Bool
  private let reloads: Bool
  private var random: SeededGenerator
  private var office: TestOffice
  private var rules: Rules
  private var callback: Callback
  private var now: Date
  private var notices: [Notice] = []
  private var trace: [String] = []

  init(seed: Int, closing: Bool, reloads: Bool) {
    self.seed = seed
    self.closing = closing
    self.reloads = reloads
    random = SeededGenerator(seed: seed)
    office = .random(using: &random)
    rules = office.rules
    now = at("14:00")
    let transition = rules.admit(.random(using: &random), at: now).transition
    callback = transition.callback
    notices = transition.notices
    trace.append("admitted, due \(clock(callback.dueAt))")
    check(transition, after: transition.callback)
    checkAdvanced()
  }

  mutating func play(_ turns: Int) {
    for _ in 0..<turns {
      switch Int.random(in: 1...100, using: &random) {
      case ...35: advance(to: callback.wakeAt ?? now)
      case ...50: advance(to: now.addingTimeInterval(Double(Int.random(in: 0...7200, using: &random))))
      case ...75: command()
      case ...82: receive()
      case ...95: settle()
      default: reload()
      }
    }
  }

  private mutating func advance(to time: Date) {
    now = max(now, time)
    let before = callback
    take(rules.advance(callback, at: now), "advance", after: before)
    checkAdvanced()
    let again = rules.advance(callback, at: now)
    expect(again == Transition(callback), "advancing twice at one moment does it once")
  }

  private mutating func command() {
    now = now.addingTimeInterval(Double(Int.random(in: 0...900, using: &random)))
    let command = Command.random(closing: closing, using: &random)
    let person = random.pick(["rivera", "chen", "lee", "okafor", "manager", "oncall"])
    do throws(Refusal) {
      let transition = try rules.apply(command, by: person, to: callback, at: now)
      take(transition, "\(person) \(command)", after: callback)
    } catch {
      trace.append("\(clock(now)) \(person) \(command): \(error)")
    }
  }

  /// The caller rings again, or the service changes or withdraws the message.
  private mutating func receive() {
    now = now.addingTimeInterval(Double(Int.random(in: 0...900, using: &random)))
    var message = Message.random(using: &random)
    message.problem = nil
    message.takenAt = now
    message.urgency = random.pick([.routine, .urgent, .emergency])
    message.withdrawn = random.chance(20)
    let related = random.chance(50) ? Related(sameRef: [callback]) : Related(sameNumber: [callback])
    let admittance = rules.admit(message, related: related, at: now)
    guard admittance.part != .first else { return }
    take(admittance.transition, admittance.part.rawValue, after: callback)
  }

  private mutating func settle() {
    guard !notices.isEmpty else { return }
    let notice = notices.remove(at: Int.random(in: notices.indices, using: &random))
    let outcome = random.pick([DeliveryOutcome.delivered, .retryLater("busy"), .refused("no such mailbox")])
    let transition = rules.settle(
      outcome, of: notice, number: 1, firstTry: random.chance(50), othersMayKnow: random.chance(30), on: callback,
      at: now)
    take(transition, "\(outcome) \(notice.person)", after: callback, refusedFallback: notice.person == "manager")
  }

  private mutating func reload() {
    guard reloads else { return }
    office = .random(using: &random)
    rules = office.rules
    trace.append("\(clock(now)) reload")
    advance(to: now)
  }

  private mutating func take(
    _ transition: Transition, _ what: String, after before: Callback, refusedFallback: Bool = false
  ) {
    callback = transition.callback
    notices += transition.notices
    let told = transition.notices.map { "\($0.person) \($0.reason.rawValue) \($0.step ?? -1)" }.joined(separator: ", ")
    trace.append("\(clock(now)) \(what): \(told)")
    check(transition, after: before, refusedFallback: refusedFallback)
  }

  /// What holds after every transition.
  private func check(_ transition: Transition, after before: Callback, refusedFallback: Bool = false) {
    let after = transition.callback
    let told = transition.notices.map(\.person)
    expect(after.isOpen == (after.wakeAt != nil), "an open callback has a wakeAt, a closed one has none")
    expect(after.isOpen || told.isEmpty, "nobody is told of a closed callback")
    expect(after.dueAt <= before.dueAt, "the deadline never moves later")
    expect(after.urgency >= before.urgency, "the urgency never goes down")
    expect(
      after.nextStep >= before.nextStep || transition.events.contains { $0.kind == .raised }, "no step is taken back")
    let escalated = transition.events.contains { $0.kind == .notOwned }
    expect(escalated || !delays(\.ownBy, from: before, to: after), "nobody gains time to acknowledge")
    expect(!delays(\.finishBy, from: before, to: after), "nobody gains time to finish")
    let most = Double(rules.office.policy(for: after.urgency).snoozeAtMost.seconds)
    expect(
      (after.snoozedUntil ?? now) <= max(now, (after.snoozedAt ?? now).addingTimeInterval(most)),
      "a snooze is not longer than the policy allows")
    expect(after.isOpen || after.closedAt != nil, "a closed callback says since when")
    expect(Set(told).count == told.count, "a person is told one thing at a time")
    let tellable = Set(rules.office.people.values.filter { $0.active && rules.office.canBeTold($0) }.map(\.id))
    expect(tellable.isSuperset(of: told), "only those who can be told are told")
    let missed = transition.events.contains { $0.kind == .nobodyToTell }
    expect(!missed || refusedFallback || !told.isEmpty, "where a step has nobody, somebody else is told")
    let closed = before.isOpen && !after.isOpen
    let byPerson = transition.events.contains { event in
      if case .person = event.actor { event.kind == .closed } else { false }
    }
    expect(!closed || byPerson, "only a person closes")
  }

  /// Whether a clock that ran while it had, or had not, an owner runs longer now.
  private func delays(_ clock: KeyPath<Callback, Date?>, from before: Callback, to after: Callback) -> Bool {
    guard before.isOpen, after.isOpen, (before.owner == nil) == (after.owner == nil),
      let time = after[keyPath: clock], let earlier = before[keyPath: clock]
    else { return false }
    return time > earlier
  }

  /// What holds after a callback was advanced.
  private func checkAdvanced() {
    guard callback.isOpen, let wakeAt = callback.wakeAt else { return }
    expect(wakeAt > now, "it wakes later than now")
    let policy = rules.office.policy(for: callback.urgency)
    expect((callback.snoozedUntil ?? .distantFuture) > now, "a snooze ends")
    if callback.snoozedUntil == nil { checkSteps(of: policy) }
    expect(callback.overdue == (callback.dueAt <= now), "it is overdue from its deadline on")
    if callback.nextStep >= policy.steps.count, !reloads, callback.snoozedUntil == nil {
      let every = max(60, policy.steps.last?.repeatEvery?.seconds ?? 86_400)
      expect(wakeAt <= now.addingTimeInterval(Double(every)), "the last step is told again in its time")
    }
  }

  private func checkSteps(of policy: Policy) {
    for (index, step) in policy.steps.enumerated()
    where callback.dueAt.addingTimeInterval(Double(step.after.seconds)) <= now {
      expect(callback.nextStep > index, "step \(index) was taken by its time")
    }
  }

  private func expect(_ holds: Bool, _ what: String) {
    guard !holds else { return }
    Issue.record("seed \(seed): \(what)\n\(trace.suffix(25).joined(separator: "\n"))")
  }
}
