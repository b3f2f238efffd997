import CallbackRules
import CallbackStore
import Foundation

/// The end of a seed: nothing goes wrong any more, and everything must come to its end.
extension World {
  /// Longer than any try to hand over is put off.
  private static let quietSeconds = 3 * 3600

  func comeToAnEnd() throws {
    try makeAllGood()
    try liveOn(until: clock.real + Self.quietSeconds)
    guard ledger.violation == nil else { return }
    try checkOutbox(after: "hours without trouble")
    try finishAll()
    try liveOn(until: clock.real + 3600)
    guard ledger.violation == nil else { return }
    try checkOutbox(after: "everything was closed")
    if !ledger.open.isEmpty {
      ledger.broken("people can finish everything", "callbacks \(ledger.open.map(\.callback.id)) are open")
    }
    try audit()
    try checkStories()
    try checkRecord()
  }

  private func makeAllGood() throws {
    note("--- from here on nothing goes wrong")
    isEnding = true
    channels.heal()
    try faults.recover()
    faults.crashAfterCalls = nil
    if daemon == nil { try startDaemon(downSince: downSince) }
    // A start gives back what was leased, whoever lost it; where there is none, nobody may have.
    if chance.percent(50) {
      daemon = nil
      try startDaemon(downSince: clock.now)
    }
    agenda.clear { happening in
      switch happening {
      case .handedOver, .unrecorded: true
      default: false
      }
    }
    agenda.plan(.poll, at: clock.real + 30)
  }

  private func liveOn(until last: Int) throws {
    while ledger.violation == nil, let next = try nextMoment(), next <= last { try live(through: next) }
    clock.real = max(clock.real, last)
    try work()
  }

  private func checkOutbox(after what: String) throws {
    guard let daemon else { return }
    let waiting = try daemon.store.counts().noticesWaiting - faults.quietWaits().count
    if waiting > 0, daemon.handingOver == 0 {
      ledger.broken("the outbox empties", "\(waiting) notices wait after \(what)")
    }
    if !spool.files.isEmpty { ledger.broken("every file is admitted", "\(spool.files.count) files wait after \(what)") }
  }

  private func finishAll() throws {
    for kept in ledger.open {
      let person = chance.one(of: plan.people.filter(\.active)).id
      try act(
        chance.one(of: [.done, .attempt(.reached), .attempt(.declined), .close(reason: "by letter")]), by: person,
        on: kept.callback.id)
    }
  }

  /// Whether every story is as it was lived, and every message is in one of them, once.
  private func checkStories() throws {
    guard let daemon else { return }
    var found: [String: Int] = [:]
    for number in ledger.numbers {
      guard let kept = ledger.callbacks[number], let story = try daemon.store.story(of: number) else {
        ledger.broken("nothing is lost", "callback \(number) is gone")
        return
      }
      if story.events != kept.events {
        ledger.broken("the history is never changed", "of callback \(number): \(story.events), not \(kept.events)")
      }
      if Replay(story.events) != Replay(of: story.callback) {
        ledger.broken("the history says everything", "not of callback \(number)")
      }
      checkNotices(of: story)
      for message in [story.callback.message] + story.otherMessages.map(\.message) {
        found[message.body ?? "", default: 0] += 1
      }
    }
    for (text, times) in calls.timesWritten.sorted(by: { $0.key < $1.key }) {
      if found[text] == nil { ledger.broken("every message is in the store", "“\(text)” is not") }
      let admitted = ledger.admitted[text] ?? 0
      if admitted < 1 || admitted > times {
        ledger.broken(
          "every message is in the store once", "“\(text)” came \(times) times, was admitted \(admitted) times")
      }
    }
  }

  /// Whether each event vouches for what it did, and follows from the one before, whatever crashed in between.
  private func checkRecord() throws {
    var next: RecordPlace? = daemon.map { _ in .start }
    while let place = next, let daemon {
      let piece = try daemon.store.checkRecord(from: place, limit: 5000, head: nil)
      if let finding = piece.findings.first { ledger.broken("the record is whole", finding.sentence) }
      next = piece.next
    }
  }

  /// What became of each notice stands in the history, once.
  private func checkNotices(of story: Story) {
    for record in story.notices {
      let said = story.events.filter { $0.notice == record.number }
      func count(_ kind: Event.Kind) -> Int { said.count { $0.kind == kind } }
      // One that was handed over and told nobody went by the next channel, or failed.
      let (delivered, notTold, failed) = (count(.delivered), count(.notTold), count(.deliveryFailed))
      let isSaid =
        switch record.state {
        case .delivered: delivered == notTold + 1 && failed == 0
        case .failed: delivered == notTold && (failed == 1 || failed == 0 && notTold > 0)
        case .withdrawn: delivered == notTold && failed == 0
        case .waiting, .sending: true
        }
      if !isSaid {
        ledger.broken(
          "what became of a notice stands in the history", "notice \(record.number) is \(record.state): \(said)")
      }
    }
  }
}
