import CallbackRules
import CallbackStore
import Foundation

/// Looks whether promises are kept.
extension World {
  /// After everything that was to be done at a moment was done.
  func checkRest() throws {
    guard let daemon, ledger.violation == nil else { return }
    let office = daemon.stages.rules.office
    var earliest = Date.distantFuture
    for kept in ledger.open {
      let rest = Rest(kept: kept, office: office, clock: clock, notBefore: ledger.plannedAnewAt)
      for check in Check.ofRest {
        if let detail = check.finds(rest) { ledger.broken(check.promise, "callback \(kept.callback.id): \(detail)") }
      }
      earliest = min(earliest, kept.callback.wakeAt ?? .distantFuture)
    }
    let armed = try daemon.stages.nextWake() ?? .distantFuture
    if armed > earliest {
      ledger.broken("the timer is armed for the earliest", "for \(Trace.text(armed)), not \(Trace.text(earliest))")
    }
    if chance.percent(4) { try audit() }
  }

  /// Whether the store holds what was committed.
  func audit() throws {
    guard let daemon else { return }
    var filter = CallbackFilter()
    filter.limit = 10_000
    let listed = try daemon.store.list(filter)
    for callback in listed where ledger.callbacks[callback.id]?.callback != callback {
      ledger.broken(
        "the store holds what was committed",
        "it has \(callback), committed was \(String(describing: ledger.callbacks[callback.id]?.callback))")
    }
    let open = ledger.open
    if listed.count != open.count {
      ledger.broken("the store holds what was committed", "\(listed.count) are open, not \(open.count)")
    }
    var counts = try daemon.store.counts()
    counts.oldestOverdueDue = nil
    let counted = try faults.counted()
    if counts != counted { ledger.broken("counters count", "they say \(counts), there are \(counted)") }
    if let latest = try faults.latestTry(), latest > Int64(clock.now.timeIntervalSince1970) + 900 {
      ledger.broken(
        "what waits to be told is tried within 15 minutes",
        "a notice waits until \(Trace.text(Date(timeIntervalSince1970: Double(latest))))")
    }
    if let latest = try faults.quietWaits().latest, latest > Int64(clock.now.timeIntervalSince1970) + 86_400 {
      ledger.broken(
        "what waits for the end of quiet hours is tried within a day",
        "a notice waits until \(Trace.text(Date(timeIntervalSince1970: Double(latest))))")
    }
  }
}
