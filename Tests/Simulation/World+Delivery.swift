import CallbackDaemon
import CallbackDelivery
import CallbackRules
import CallbackStore
import Foundation

/// Handing over, and what people do when they are told.
extension World {
  /// Hands over what waits.
  ///
  /// - Returns: whether there may be more to do at this moment.
  func deliver(_ daemon: RunningDaemon) throws(StoreError) -> Bool {
    let free = freeHandOvers(daemon)
    guard free > 0 else { return false }
    var givenUp: [Stages.GivenUp] = []
    try daemon.stages.giveUp(at: clock.now, limit: 4, givenUp: &givenUp)
    for one in givenUp { note("notice \(one.lease.number) is given up: \(one.settled.plan.settlement)") }
    if chance.percent(10) {
      for alarm in try daemon.stages.watchChannels(at: clock.now, patienceSeconds: 60) { note("alarm: \(alarm.key)") }
      _ = try daemon.stages.sendCanary(at: clock.now)
    }
    let leases = try daemon.stages.lease(at: clock.now, limit: free)
    return try handOver(leases, daemon) && (!leases.isEmpty || !givenUp.isEmpty)
  }

  func freeHandOvers(_ daemon: RunningDaemon) -> Int { max(Self.mostHandedOver - daemon.handingOver, 0) }

  /// - Returns: whether the daemon goes on.
  func handOver(_ leases: [Lease], _ daemon: RunningDaemon) throws(StoreError) -> Bool {
    var failure: StoreError?
    for lease in leases {
      figures.handOvers += 1
      ledger.checkLeased(lease)
      let delivery = channels.handOver(lease, office: daemon.stages.rules.office)
      note("notice \(lease.number) to \(lease.person): \(delivery.outcome)")
      if chance.percent(8) {
        daemon.handingOver += 1
        agenda.plan(.handedOver(lease, delivery, daemon), at: clock.real + chance.number(1...40))
        continue
      }
      if delivery.outcome == .delivered { tell(lease) }
      if badLuck > 0, chance.number(1...1000) <= badLuck {
        crash(.crashWhileHandingOver)
        return false
      }
      daemon.stages.ended(lease, delivery, at: clock.now)
      do throws(StoreError) {
        _ = try daemon.stages.settle(lease, as: delivery, at: clock.now)
      } catch {
        if faults.hasCrashed { throw error }
        // The others are under way all the same.
        daemon.handingOver += 1
        agenda.plan(.unrecorded(lease, delivery, daemon), at: clock.real + 5)
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return true
  }

  func ended(_ lease: Lease, _ delivery: Delivery, of daemon: RunningDaemon) throws {
    guard self.daemon === daemon else { return }
    if delivery.outcome == .delivered { tell(lease) }
    daemon.stages.ended(lease, delivery, at: clock.now)
    try record(lease, delivery, of: daemon)
  }

  func record(_ lease: Lease, _ delivery: Delivery, of daemon: RunningDaemon) throws {
    guard self.daemon === daemon else { return }
    let isRecorded = try attempt { daemon throws(StoreError) in
      _ = try daemon.stages.settle(lease, as: delivery, at: clock.now)
    }
    guard self.daemon === daemon else { return }
    if isRecorded {
      daemon.handingOver -= 1
    } else {
      agenda.plan(.unrecorded(lease, delivery, daemon), at: clock.real + 5)
    }
  }

  /// Somebody reads it, and does something sooner or later, or never.
  private func tell(_ lease: Lease) {
    guard !isEnding, case .callbacks(let entries) = lease.content else { return }
    for entry in entries where chance.percent(45) {
      let delay = chance.weighed([
        (4, chance.number(10...600)), (4, chance.number(600...7200)), (1, chance.number(7200...90_000)),
      ])
      let happening: Happening =
        chance.percent(30)
        ? .answer(lease, callback: entry.callback.id) : .deed(person: lease.person, callback: entry.callback.id)
      agenda.plan(happening, at: clock.real + delay)
    }
  }

  // MARK: - Deeds

  func act(_ person: String, on id: Int64) throws {
    guard let known = ledger.callbacks[id]?.callback else { return }
    let command = known.owner == person ? ownersCommand() : anybodysCommand(isOpen: known.isOpen)
    try command.map { try act($0, by: person, on: id) }
    if known.isOpen, chance.percent(60) {
      agenda.plan(.deed(person: person, callback: id), at: clock.real + chance.number(120...10_800))
    }
  }

  func act(_ command: Command, by person: String, on id: Int64) throws {
    figures.commands += 1
    note("\(person): \(command) of \(id)")
    try attempt { daemon throws(StoreError) in
      let done = try daemon.stages.act(command, on: id, by: person, login: nil, at: clock.now)
      if case .refused(let why) = done.change { note("refused: \(why)") }
    }
  }

  private func anybodysCommand(isOpen: Bool) -> Command? {
    guard isOpen else { return chance.weighed([(5, nil), (1, .reopen), (1, .note("Quillon rang again"))]) }
    return chance.weighed([
      (10, .acknowledge(take: false)), (2, .acknowledge(take: true)), (4, .attempt(tried())), (2, .attempt(.reached)),
      (1, .done), (1, assignment()), (1, .note("marrow")), (1, snooze()), (1, .close(reason: "double")),
      (1, .close(reason: " ")),
    ])
  }

  private func ownersCommand() -> Command? {
    chance.weighed([
      (3, .attempt(.reached)), (8, .attempt(tried())), (2, .attempt(.declined)), (5, snooze()), (2, assignment()),
      (1, .acknowledge(take: false)), (1, .note("marrow")), (1, .close(reason: "spam")), (3, nil),
    ])
  }

  private func tried() -> AttemptOutcome { chance.one(of: [.noAnswer, .busy, .voicemail, .wrongNumber]) }

  private func assignment() -> Command { .assign(to: chance.one(of: plan.everybody)) }

  private func snooze() -> Command {
    .snooze(TimeSpan(seconds: chance.weighed([(3, chance.number(1...30) * 60), (1, chance.number(0...20) * 3600)])))
  }
}
