import CallbackControl
import CallbackRules
import CallbackStore
import Foundation

/// The control socket: what those are told who watch.
///
/// Histories are the list of changes: whatever changes a callback stands in one, and each event has a number. How far a client was
/// told is one such number, so that nothing is kept for it, however slow it is.
extension Daemon {
  /// Of a page: so many of the latest events go along.
  private static let latestEvents = 50

  /// The next thing to tell a client that watches: the first page, or what has changed since.
  func watch(_ query: ControlCall.WatchQuery, _ access: Access) throws(ControlFailure) -> ControlReply {
    let filter = try filter(query.list, access)
    let latest = try tryAgainLater { () throws(StoreError) in try stages.store.latestEvent() }
    let place = WatchPlace(event: latest, scope: [filter.scope], troubles: health.troubles)
    guard let told = query.place, told.scope == place.scope else { return try page(filter, place) }
    guard latest != told.event else {
      let isNews = query.wantsWord || told.troubles != place.troubles
      return .watched(isNews ? WatchReply(at: now, troubles: place.troubles) : nil, place)
    }
    let most = WatchReply.mostHappenings
    let happenings = try happenings(after: told.event, limit: most + 1)
    return happenings.count > most ? try page(filter, place) : try changes(happenings, filter, place)
  }

  private func page(_ filter: CallbackFilter, _ place: WatchPlace) throws(ControlFailure) -> ControlReply {
    let list = try list(filter)
    let happenings = try happenings(after: place.event - Int64(Self.latestEvents), limit: Self.latestEvents)
    let seen = try visible(happenings, filter)
    let reply = WatchReply(
      at: now, isPage: true, callbacks: list.callbacks, happenings: seen.map(HappeningRow.init), next: list.next,
      troubles: place.troubles, names: list.names.merging(names(of: seen.flatMap(\.ids))) { first, _ in first })
    return .watched(reply, place)
  }

  private func changes(
    _ happenings: [StoredEvent], _ filter: CallbackFilter, _ place: WatchPlace
  ) throws(ControlFailure) -> ControlReply {
    let changed = try callbacks(happenings).filter { filter.mayBeSeen($0.message.account) }
    let numbers = Set(changed.map(\.id))
    let seen = happenings.filter { numbers.contains($0.callback) }
    let watched = changed.filter(filter.matches)
    let reply = WatchReply(
      at: now, callbacks: watched.map { CallbackRow($0, now: now) },
      gone: numbers.subtracting(watched.map(\.id)).sorted(), happenings: seen.map(HappeningRow.init),
      troubles: place.troubles,
      names: names(of: watched.flatMap { [$0.recipient, $0.owner] } + seen.flatMap(\.ids)))
    return .watched(reply, place)
  }

  private func happenings(after event: Int64, limit: Int) throws(ControlFailure) -> [StoredEvent] {
    try tryAgainLater { () throws(StoreError) in try stages.store.events(after: event, limit: limit) }
  }

  private func callbacks(_ happenings: [StoredEvent]) throws(ControlFailure) -> [Callback] {
    try tryAgainLater { () throws(StoreError) in try stages.store.callbacks(happenings.map(\.callback)) }
  }

  private func visible(
    _ happenings: [StoredEvent], _ filter: CallbackFilter
  ) throws(ControlFailure) -> [StoredEvent] {
    let numbers = Set(try callbacks(happenings).filter { filter.mayBeSeen($0.message.account) }.map(\.id))
    return happenings.filter { numbers.contains($0.callback) }
  }
}

extension HappeningRow {
  fileprivate init(_ happening: StoredEvent) {
    self.init(callback: happening.callback, event: happening.event)
  }
}

extension StoredEvent {
  /// Of the persons, teams and rotations that it speaks of.
  fileprivate var ids: [String?] { [event.actor.personId, event.person] }
}

extension CallbackFilter {
  /// Equal for filters that let the same callbacks through.
  fileprivate var scope: String { "\(self)" }
}

extension Health {
  /// The stages that are in trouble, as `status` calls them.
  var troubles: [String] {
    [\Health.intake, \.timer, \.store, \.delivery, \.control].filter { !self[keyPath: $0].isOK }.map(Self.name)
  }
}
