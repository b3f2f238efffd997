import CallbackControl
import CallbackRules
import CallbackStore
import Foundation

/// The control socket: what people ask and command.
extension Daemon {
  func startControl() throws(StartError) {
    do throws(ControlError) {
      let server = try ControlServer(path: configuration.paths.control, queue: queue, version: Version.current) {
        @Sendable call, peer in self.assumeIsolated { $0.answer(call, from: peer) }
      }
      server.know(groups: office.accountGroups)
      server.start()
      control = server
    } catch {
      throw StartError(status: .unavailable, error.description)
    }
  }

  private func answer(_ call: ControlCall, from peer: Peer) -> ControlReply {
    let access = Access(peer, office: office)
    logger.debug("Uid \(peer.uid) asks: \(call.word)\(call.number.map { " \($0)" } ?? "").")
    do throws(ControlFailure) {
      try access.check(call)
      switch call {
      case .list(let query): return .list(try list(query, access))
      case .watch(let query): return try watch(query, access)
      case .show(let number, let original): return .show(try show(number, original: original, access))
      case .act(let act): return .acted(try self.act(act, access))
      case .onCall(let query): return .onCall(try onCall(query))
      case .verify(let query): return .verify(try verify(query))
      case .export(let query): return .export(try export(query, access))
      case .purge(let dryRun): return .purge(try purge(dryRun: dryRun, by: peer))
      case .receipt(let file): return .receipt(ReceiptReply(receipt: receipts[file]))
      case .names: return .names(names(access))
      case .status:
        return .status(access.visible(try tryAgainLater { () throws(StoreError) in try statusReport() }))
      case .metrics: return .metrics(MetricsReply(text: metrics.text))
      case .report(let request): return try report(request, access)
      case .mailReport(let request, let person): return try mailReport(request, to: person, access)
      }
    } catch {
      noteRefusal(error, of: call, to: peer, access)
      return .failed(error)
    }
  }

  func list(_ query: ControlCall.ListQuery, _ access: Access) throws(ControlFailure) -> ListReply {
    try list(filter(query, access))
  }

  func list(_ filter: CallbackFilter) throws(ControlFailure) -> ListReply {
    let found = try tryAgainLater { () throws(StoreError) in try stages.store.list(filter) }
    let next = found.count == filter.limit ? found.last.map { CallbackFilter.Cursor($0).text } : nil
    return ListReply(
      callbacks: found.map { CallbackRow($0, now: now) },
      names: names(of: found.flatMap { [$0.recipient, $0.owner] }), next: next)
  }

  /// What is asked for, as far as the peer may see it.
  func filter(_ query: ControlCall.ListQuery, _ access: Access) throws(ControlFailure) -> CallbackFilter {
    var filter = CallbackFilter()
    filter.closed = query.closed
    filter.overdue = query.overdue
    filter.since = query.since
    filter.limit = query.limit
    filter.visibleAccounts = access.visibleAccounts
    if let written = query.forPerson {
      let id = try recipient(named: written)
      filter.person = id
      filter.alsoRecipients = office.others(leadingTo: id, at: now)
    }
    if let written = query.account {
      guard let account = office.accounts[written] ?? office.account(named: written) else {
        let known = office.accounts.filter { access.visibleAccounts?.contains($0.key) ?? true }
        throw .badRequest(
          "There is no account “\(written)”\(office.hint(written, among: known.mapValues(\.also))).")
      }
      try access.check(account: account)
      filter.account = account.id
    }
    if let after = query.after {
      guard let cursor = CallbackFilter.Cursor(text: after) else { throw .invalidParameter("after") }
      filter.after = cursor
    }
    return filter
  }

  private func show(_ number: Int64, original: Bool, _ access: Access) throws(ControlFailure) -> ShowReply {
    guard let story = try tryAgainLater({ () throws(StoreError) in try stages.store.story(of: number) }) else {
      throw .noSuchCallback(number)
    }
    try access.check(story.callback)
    return ShowReply(
      detail: CallbackDetail(story, original: original ? Data(story.original) : nil, now: now),
      names: names(of: story.people))
  }

  private func act(_ act: ControlCall.Act, _ access: Access) throws(ControlFailure) -> ActReply {
    guard let callback = try callback(act.number) else { throw .noSuchCallback(act.number) }
    try access.check(callback)
    let person = try access.person(named: act.asPerson)
    var command = act.command
    if case .assign(let written) = command { command = .assign(to: try recipient(named: written)) }
    let now = now
    let (change, made) = try tryAgainLater { () throws(StoreError) in
      try stages.act(
        command, on: act.number, by: person, login: access.login, note: act.note, at: now)
    }
    switch change {
    case .changed(let callback):
      logger.info("Callback \(callback.id) is \(callback.state.rawValue).", metadata: metadata(of: callback))
      if let made { log(made) }
      rearm()
      drainOutbox()
      let told = made?.notices.map(\.person) ?? []
      return ActReply(
        callback, begins: beginning(of: callback, at: now), told: told,
        names: names(of: [callback.recipient, callback.owner, person] + told), now: now)
    case .noSuchCallback: throw .noSuchCallback(act.number)
    case .refused(let refusal): throw .refused(refusal.sentence(zone: office.zone))
    }
  }

  /// When time begins to count for who has it; nil where it does already.
  private func beginning(of callback: Callback, at now: Date) -> Date? {
    guard callback.owner != nil, callback.finishBy != nil else { return nil }
    let opening = Rules(office: office).counting(of: callback).opening(atOrAfter: now)
    return opening > now ? opening : nil
  }

  /// The id of the person, team or rotation that a message would name so.
  func recipient(named written: String) throws(ControlFailure) -> String {
    if let id = office.id(named: written) { return id }
    throw .badRequest(
      "“\(written)” is nobody, or not only one\(office.hint(written, among: office.namesOfRecipients)).")
  }

  func names(of ids: [String?]) -> [String: String] {
    Dictionary(
      ids.compactMap { $0 }.map { ($0, office.displayName(of: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The callback of this number, open or closed.
  func callback(_ number: Int64) throws(ControlFailure) -> Callback? {
    try tryAgainLater { () throws(StoreError) in try stages.store.callbacks([number]).first }
  }

  /// Who can be named, and the accounts that the peer may see.
  private func names(_ access: Access) -> NamesReply {
    let accounts = access.visibleAccounts ?? Array(office.accounts.keys)
    return NamesReply(
      people: office.people.filter(\.value.active).mapValues(\.name), teams: office.teams.mapValues(\.name),
      rotations: office.rotations.mapValues(\.name), accounts: accounts.sorted())
  }

  func tryAgainLater<Value>(_ body: () throws(StoreError) -> Value) throws(ControlFailure) -> Value {
    do throws(StoreError) {
      return try body()
    } catch {
      storeFailed(error)
      throw .tryAgain(error.description)
    }
  }
}

extension CallbackFilter.Cursor {
  init(_ callback: Callback) {
    self.init(urgency: callback.urgency, time: callback.closedAt ?? callback.dueAt, id: callback.id)
  }

  /// What clients get and give back, without knowing what it means.
  var text: String { "\(urgency.rawValue).\(Int64(time.timeIntervalSince1970)).\(id)" }

  init?(text: String) {
    let parts = text.split(separator: ".").map { Int64($0) }
    guard parts.count == 3, let level = parts[0], let seconds = parts[1], let id = parts[2],
      let urgency = Urgency(rawValue: Int(clamping: level))
    else { return nil }
    self.init(urgency: urgency, time: Date(timeIntervalSince1970: Double(seconds)), id: id)
  }
}

extension Story {
  /// The ids of all whom it names.
  var people: [String?] {
    events.map(\.actor.personId) + events.map(\.person) + notices.map(\.notice.person)
      + [callback.recipient, callback.owner, callback.ownedFor, callback.closedBy]
  }
}

extension CallbackDetail {
  init(_ story: Story, original: Data?, now: Date) {
    self.init(
      story.callback, otherMessages: story.otherMessages.map { OtherMessageRow($0.message, part: $0.part, at: $0.at) },
      events: story.events, notices: story.notices.map(NoticeRow.init), original: original, now: now)
  }
}

extension NoticeRow {
  init(_ record: NoticeRecord) {
    self.init(
      number: record.number, person: record.notice.person, reason: record.notice.reason.rawValue,
      state: record.state.rawValue, tries: record.tries, createdAt: record.createdAt,
      notBefore: record.state == .waiting ? record.notice.notBefore : nil, settledAt: record.settledAt,
      error: record.error)
  }
}
