import CallbackDaemon
import CallbackRules
import CallbackStore
import Foundation

/// What happens around the daemon.
extension World {
  func planTheWorld() {
    agenda.plan(.call, at: clock.real + chance.number(60...7200))
    agenda.plan(.stroll, at: clock.real + 43_200)
    if badLuck > 0 { agenda.plan(.fault, at: clock.real + chance.number(3600...172_800)) }
    agenda.plan(.reload, at: clock.real + chance.number(1...10) * 86_400)
  }

  func live(through happening: Happening) throws {
    switch happening {
    case .call:
      spool.add(calls.file(at: clock.now, office: plan, chance: &chance))
      let gap = chance.percent(20) ? chance.number(30...1800) : chance.number(1...2 * secondsBetweenCalls)
      agenda.plan(.call, at: clock.real + gap)
    case .poll: break  // `work` looks.
    case .stroll:
      if let id = ledger.numbers.isEmpty ? nil : chance.one(of: ledger.numbers) {
        try act(chance.one(of: plan.people).id, on: id)
      }
      agenda.plan(.stroll, at: clock.real + chance.number(7200...172_800))
    case .deed(let person, let id): try act(person, on: id)
    case .answer(let lease, let id): answer(lease, about: id)
    case .mail(let found): try take(found)
    case .handedOver(let lease, let delivery, let daemon): try ended(lease, delivery, of: daemon)
    case .unrecorded(let lease, let delivery, let daemon): try record(lease, delivery, of: daemon)
    case .fault:
      try makeFault()
      agenda.plan(.fault, at: clock.real + chance.number(3600...500_000) / badLuck)
    case .storeRecovers: try faults.recover()
    case .channelRecovers(let key): channels.set(nil, of: key)
    case .clockIsSet(let seconds): setClock(by: seconds)
    case .daemonStarts:
      if daemon == nil { try startDaemon(downSince: downSince) }
    case .reload:
      reload()
      agenda.plan(.reload, at: clock.real + chance.number(1...20) * 86_400)
    }
  }

  // MARK: - Faults

  private func makeFault() throws {
    switch chance.number(0...9) {
    case 0...2:
      faults.crashesAfterCommit = chance.percent(50)
      faults.crashAfterCalls = chance.number(0...6)
    case 3...4:
      guard daemon != nil else { return }
      count(.abortedTransaction)
      try faults.abort(using: &chance)
      agenda.plan(
        .storeRecovers, at: clock.real + chance.weighed([(4, chance.number(1...60)), (1, chance.number(60...7200))]))
    case 5: stepClock()
    case 6: goDown()
    default: breakChannel()
    }
  }

  private func breakChannel() {
    let trouble: Channels.Trouble = chance.percent(60) ? .down : .refusing
    count(trouble == .down ? .channelDown : .channelRefusing)
    let channel = chance.one(of: ["mail", "mail", "pager", "wall"])
    let key = chance.percent(40) ? channel : "\(chance.one(of: plan.people).id)/\(channel)"
    channels.set(trouble, of: key)
    agenda.plan(
      .channelRecovers(key),
      at: clock.real + chance.weighed([(3, chance.number(60...7200)), (1, chance.number(7200...259_200))]))
  }

  /// It is stopped, and started minutes to days later.
  private func goDown() {
    guard daemon != nil else { return }
    count(.downTime)
    daemon = nil
    spool.hasLeftovers = true
    downSince = clock.now
    agenda.plan(
      .daemonStarts,
      at: clock.real + chance.weighed([(4, chance.number(60...7200)), (1, chance.number(7200...200_000))]))
  }

  /// Wrong by minutes to a year, mostly for a while only.
  private func stepClock() {
    let seconds = chance.weighed([
      (4, chance.number(2...7200)), (2, chance.number(7200...172_800)), (1, chance.number(20...365) * 86_400),
    ])
    let step = chance.percent(50) ? seconds : -seconds
    setClock(by: step)
    if chance.percent(85) { agenda.plan(.clockIsSet(by: -step), at: clock.real + chance.number(60...40_000)) }
  }

  private func setClock(by seconds: Int) {
    let before = clock.now
    clock.offset += seconds
    count(seconds > 0 ? .clockForward : .clockBack)
    ledger.clockSetAt = clock.real
    guard let daemon else { return }
    daemon.replansFrom = 0
    if seconds > 60 { daemon.stages.beginCatchUp(.clockSet, from: before, until: clock.now) }
  }

  private func reload() {
    let what = plan.change(chance: &chance)
    count(.reload)
    note(what)
    ledger.reloadedAt = clock.real
    guard let daemon else { return }
    daemon.stages.rules = makeRules(plan.office)
    ledger.office = plan.office
    daemon.replansFrom = 0
  }
}
