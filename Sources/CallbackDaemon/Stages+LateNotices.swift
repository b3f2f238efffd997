import CallbackRules
import CallbackStore
import Foundation

/// Notices that could go and have waited for too long, though their channel is not known to fail: one person's address takes
/// none, or there are more than go out.
extension Stages {
  private static let lateMark = "delivery-trouble"
  /// A mark that says that there is none.
  private static let never = Date(timeIntervalSince1970: 0)

  /// Tells the fallback once of such notices, and when none waits for too long any more.
  ///
  /// - Parameters:
  ///   - patienceSeconds: how long one may wait, not counting quiet hours.
  ///   - ableSeconds: for how long callbackd has been able to hand over, by the clock that it shows now: what waited while it
  ///     was down, or before the clock was set, is told otherwise.
  /// - Returns: what it is told.
  public func watchNotices(at now: Date, patienceSeconds: Int, ableSeconds: Int) throws(StoreError) -> Alarm? {
    let latest = now.addingTimeInterval(-Double(patienceSeconds))
    if let since = lateSince {
      // Now for whatever channel: what waits for one that was found to fail meanwhile is late all the same.
      if let oldest = try store.oldestDueNotice(at: now, barring: []), oldest <= latest { return nil }
      let alarm = Alarm(.deliveryRestored, from: since, until: max(now, since))
      let isNews = try raise(alarm, at: now)
      try store.setMark(Self.lateMark, at: Self.never)
      lateSince = nil
      return isNews ? alarm : nil
    }
    // The first look is the cheap one.
    guard ableSeconds >= patienceSeconds, let first = try store.oldestNotice(), first <= latest,
      let oldest = try store.oldestDueNotice(at: now, barring: knownToFail), oldest <= latest
    else { return nil }
    let alarm = try lateNotices(since: oldest, at: now)
    // Before, so that after a crash in between its end is told at most once too often.
    try store.setMark(Self.lateMark, at: oldest)
    let isNews = try raise(alarm, at: now)
    lateSince = oldest
    return isNews ? alarm : nil
  }

  /// Takes up, after a start, what the fallback was told before.
  public func recallLateNotices() throws(StoreError) {
    if let since = try store.lastMark(Self.lateMark), since > Self.never { lateSince = since }
  }

  /// The same for `status`, where the fallback knows of it.
  func lateNotices(at now: Date) throws(StoreError) -> [Alarm] {
    guard let lateSince else { return [] }
    return [try lateNotices(since: lateSince, at: now)]
  }

  private func lateNotices(since: Date, at now: Date) throws(StoreError) -> Alarm {
    Alarm(.deliveryTrouble, from: min(since, now), until: now, notices: try store.counts().noticesWaiting)
  }
}
