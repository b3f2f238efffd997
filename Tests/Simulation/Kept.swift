import CallbackRules
import CallbackStore
import Foundation

/// One callback in the ledger. Times that are `Int` are real ones, in seconds.
struct Kept {
  var callback: Callback
  var replay = Replay()
  var events: [Event] = []
  var notices: [Told] = []
  /// Since when it has been overdue.
  var overdueSince: Int?
  /// When anybody was to be told of it last.
  var toldAt: Int?
  /// The first `finishBy` since it was owned.
  var finishLimit: Date?
  /// When its caller rang last, or it was closed.
  var rangAt: Int?

  /// A notice, and what became of it.
  struct Told {
    var notice: Notice
    var createdAt: Date
    var madeAt: Int
    var state = NoticeRecord.State.waiting
    var number: Int64?
    /// Whether time alone made it, not a person, a message or a refusal.
    var isOfClock: Bool
  }

  init(_ callback: Callback) { self.callback = callback }

  mutating func take(_ event: Event) {
    events.append(event)
    replay.take(event)
  }

  mutating func take(_ entry: Entry, clock: SimulatedClock) {
    let after = entry.transition.callback
    if after.ownedAt == nil || callback.ownedAt == nil { finishLimit = after.finishBy }
    if after.overdue, !callback.overdue || events.isEmpty { overdueSince = clock.real }
    if callback.isOpen, !after.isOpen { rangAt = clock.real }
    if entry.origin.isCall { rangAt = clock.real }
    callback = after
    for event in entry.transition.events { take(event) }
    settle(entry.origin)
    if !after.isOpen {
      for index in notices.indices where notices[index].state == .waiting { notices[index].state = .withdrawn }
    }
    for notice in entry.transition.notices {
      notices.append(Told(notice: notice, createdAt: clock.now, madeAt: clock.real, isOfClock: entry.origin.isClock))
      toldAt = clock.real
    }
  }

  /// Ids of those whom clocks told at this moment.
  func toldByClocks(at real: Int) -> [String] {
    notices.reversed().prefix { $0.madeAt == real }.filter(\.isOfClock).map(\.notice.person)
  }

  /// What a mail says of notices that were handed over.
  private mutating func learn(_ fates: [Int64: AnswerVerdict.NoticeFate]) {
    for index in notices.indices where notices[index].state == .delivered {
      switch notices[index].number.flatMap({ fates[$0] }) {
      case .failed: notices[index].state = .failed
      case .nextChannel: notices[index].state = .waiting
      case nil: continue
      }
    }
  }

  private mutating func settle(_ origin: Origin) {
    if case .mail(let verdict) = origin { learn(verdict.fates) }
    guard case .settlement(let entry, let settlement) = origin,
      let index = notices.lastIndex(where: { $0.number == entry.number })
    else { return }
    switch settlement {
    case .delivered: notices[index].state = .delivered
    case .failed: notices[index].state = .failed
    case .again: notices[index].state = .waiting
    }
  }

  /// Learns a notice's number when it is leased.
  mutating func leased(_ entry: Lease.Entry) {
    guard !notices.contains(where: { $0.number == entry.number }) else { return }
    let index = notices.lastIndex {
      $0.notice.isSame(as: entry.notice) && $0.createdAt == entry.createdAt && $0.state == .waiting
    }
    if let index { notices[index].number = entry.number }
  }
}

extension Notice {
  /// Whether it is the same, however long it waits for the end of quiet hours.
  fileprivate func isSame(as other: Notice) -> Bool {
    (person, reason, step) == (other.person, other.reason, other.step)
  }
}
