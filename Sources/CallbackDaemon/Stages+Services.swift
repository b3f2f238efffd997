import CallbackRules
import CallbackStore
import Foundation

/// What services did not send.
extension Stages {
  /// At most so many sequences of running numbers are looked at in one transaction.
  private static let sequences = 64

  /// Makes callbacks of the gaps in running numbers that have waited long enough.
  func reportGaps(at now: Date) throws(StoreError) -> [Transition] {
    guard isSpoolRead, let next = try store.nextGap(), next <= now else { return [] }
    let rules = rules
    return try store.reportGaps(at: now, watch: ServiceWatch(rules.office), limit: Self.sequences) { missing in
      rules.missing(missing, at: now)
    }
  }

  /// What has changed with services that are watched for silence.
  public struct Silences {
    /// Of those that have been silent for too long since the last time: the fallback is told.
    public var raised: [Alarm] = []
    /// The ids of those that were silent and have been heard again.
    public var heardAgain: [String] = []
  }

  /// Alarms of services that have sent nothing for too long, once for each silence, and looks when the next will have.
  ///
  /// Does nothing before the spool was read. A service that was never heard, or not watched before, is silent from now on.
  public func watchServices(at now: Date) throws(StoreError) -> Silences {
    var silences = Silences()
    guard isSpoolRead else { return silences }
    let office = rules.office
    let watched = office.services.values.filter { $0.quietAfter != nil }.sorted { $0.id < $1.id }
    let before = watchedServices
    var next: Date?
    for service in watched {
      let mark = Office.heardMark(of: service.id)
      guard let heard = try store.lastMark(mark), heard <= now, before?.contains(service.id) ?? true else {
        // It was not kept when it was heard; or that is in a future that the clock was in for a while.
        try store.setMark(mark, at: now)
        next = [next, office.silent(service, since: now)].compactMap(\.self).min()
        continue
      }
      if let since = silentSince[service.id], since < heard {
        silentSince[service.id] = nil
        silences.heardAgain.append(service.id)
      }
      guard silentSince[service.id] == nil, let silent = office.silent(service, since: heard) else { continue }
      guard silent <= now else {
        next = min(next ?? silent, silent)
        continue
      }
      let alarm = Alarm(.silentService, from: heard, until: now, service: service.id)
      if try raise(alarm, at: now) { silences.raised.append(alarm) }
      silentSince[service.id] = heard
    }
    watchedServices = Set(watched.map(\.id))
    silentSince = silentSince.filter { office.services[$0.key]?.quietAfter != nil }
    nextSilence = next
    return silences
  }

  /// The services that are silent, for `status`.
  func silentServices(at now: Date) -> [Alarm] {
    silentSince.sorted { $0.key < $1.key }.map { Alarm(.silentService, from: $0.value, until: now, service: $0.key) }
  }
}
