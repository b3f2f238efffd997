import CallbackControl
import CallbackRules
import CallbackStore
import Foundation
import Systemd

/// The record: looked through and given out on demand, its end noted every day, and what is kept for long enough deleted.
extension Daemon {
  /// A piece of a look through the record takes some 20 ms, in which everything else waits.
  private static let checkedAtOnce = 1000
  private static let exportedAtOnce = 100
  /// At most so many callbacks are purged in one transaction.
  private static let purgedAtOnce = 32
  private static let recordInterval = Duration.seconds(86_400)

  // MARK: - On demand

  func verify(_ query: ControlCall.VerifyQuery) throws(ControlFailure) -> VerifyReply {
    let head = query.head.flatMap { RecordHead($0) }
    if query.head != nil, head == nil { throw .invalidParameter("head") }
    let place = query.after.map { RecordPlace(text: $0) } ?? .start
    guard let place else { throw .invalidParameter("after") }
    return try tryAgainLater { () throws(StoreError) in
      let piece = try stages.store.checkRecord(from: place, limit: Self.checkedAtOnce, head: head)
      return VerifyReply(
        findings: piece.findings.map(FindingRow.init), events: piece.events, callbacks: piece.callbacks,
        head: try stages.store.recordHead()?.text, next: piece.next?.text)
    }
  }

  /// Of the accounts that the peer may see.
  func export(_ query: ControlCall.ExportQuery, _ access: Access) throws(ControlFailure) -> ExportReply {
    let after = query.after.map { Int64($0) } ?? 0
    guard let after, after >= 0 else { throw .invalidParameter("after") }
    let now = now
    let page = try tryAgainLater { () throws(StoreError) in
      try stages.store.stories(
        after: after, since: query.since, until: query.until ?? .distantFuture, limit: Self.exportedAtOnce)
    }
    let stories = page.stories.filter { access.maySee($0.callback) }
    return ExportReply(
      callbacks: stories.map { CallbackDetail($0, original: nil, now: now) },
      names: names(of: stories.flatMap(\.people)), next: page.next.map { String($0) })
  }

  func purge(dryRun: Bool, by peer: Peer) throws(ControlFailure) -> PurgeReply {
    let now = now
    let time = purgedBefore(now)
    return try tryAgainLater { () throws(StoreError) in
      guard !dryRun else { return PurgeReply(purged: try stages.store.countPurgeable(closedBefore: time)) }
      let count = try stages.store.purge(closedBefore: time, limit: Self.purgedAtOnce, at: now)
      if count > 0 {
        logger.notice("Callbacks were purged: \(count), asked for by uid \(peer.uid).")
        isLogToBeEmptied = true
      }
      let more = count == Self.purgedAtOnce
      if !more { try emptyLog() }
      return PurgeReply(purged: count, more: more)
    }
  }

  // MARK: - Every day

  /// With the slow tick: soon after the start, then once a day.
  func lookAtRecord() {
    if recordLookedAt.map({ ContinuousClock.now - $0 > Self.recordInterval }) ?? true {
      recordLookedAt = .now
      noteHead()
      purgeStep()
    } else if isLogToBeEmptied {
      // Somebody read the store when it should have been.
      do throws(StoreError) { try emptyLog() } catch { storeFailed(error) }
    }
  }

  /// Says in the journal, which is kept apart from the database, where the record ends.
  private func noteHead() {
    do throws(StoreError) {
      guard let head = try stages.store.recordHead() else { return }
      logger.report(.recordHead, "The record ends with event \(head.number); its head is \(head.text).")
    } catch {
      storeFailed(error)
    }
  }

  /// Purges some callbacks that have been closed for long enough; queues itself again until none is left.
  private func purgeStep() {
    guard !isStopping else { return }
    let now = now
    do throws(StoreError) {
      let count = try stages.store.purge(closedBefore: purgedBefore(now), limit: Self.purgedAtOnce, at: now)
      purgedToday += count
      if count > 0 { isLogToBeEmptied = true }
      if count == Self.purgedAtOnce { return enqueue { $0.purgeStep() } }
      if purgedToday > 0 { logger.notice("Callbacks were purged: \(purgedToday).") }
      purgedToday = 0
      if isLogToBeEmptied { try emptyLog() }
    } catch {
      // Tomorrow, or with the next start, it goes on.
      storeFailed(error)
    }
  }

  private func purgedBefore(_ now: Date) -> Date {
    now.addingTimeInterval(-Double(configuration.keep.closed.seconds))
  }

  private func emptyLog() throws(StoreError) {
    if try stages.store.emptyLog() { isLogToBeEmptied = false }
  }
}

extension RecordPlace {
  /// What clients get and give back, without knowing what it means.
  var text: String {
    switch self {
    case .events(let after): "e\(after)"
    case .callbacks(let after): "c\(after)"
    }
  }

  init?(text: String) {
    guard let after = Int64(text.dropFirst()), after >= 0 else { return nil }
    switch text.first {
    case "e": self = .events(after: after)
    case "c": self = .callbacks(after: after)
    default: return nil
    }
  }
}

extension FindingRow {
  init(_ finding: RecordFinding) {
    self.init(
      kind: finding.kind.rawValue, event: finding.event, otherEvent: finding.otherEvent, callback: finding.callback,
      message: finding.sentence)
  }
}
