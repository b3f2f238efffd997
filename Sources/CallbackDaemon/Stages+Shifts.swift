import CallbackRules
import CallbackStore
import Foundation

extension Stages {
  // MARK: - Shifts

  /// A person who comes on shift is told of at most so many callbacks, the worst.
  private static let handOffCallbacks = 500

  /// Gives what is open for each rotation to those who came on since the last time, and looks when that will be next.
  ///
  /// To be called after a start and a reload; else `advance` does.
  public func handOff(at now: Date) throws(StoreError) -> [Transition] {
    let office = rules.office
    var transitions: [Transition] = []
    var failure: StoreError?
    for id in office.rotations.keys.sorted() {
      // One that fails does not keep the others from theirs.
      do throws(StoreError) {
        try handOff(id, at: now, transitions: &transitions)
      } catch {
        failure = failure ?? error
      }
    }
    nextHandOff = office.nextHandOff(after: now)
    if let failure { throw failure }
    return transitions
  }

  private func handOff(_ id: String, at now: Date, transitions: inout [Transition]) throws(StoreError) {
    let rules = rules
    let office = rules.office
    let mark = "hand-off:\(id)"
    guard let last = try store.lastMark(mark), last <= now else {
      try store.setMark(mark, at: now)
      return
    }
    let before = Set(office.people(for: id, at: last).map(\.id))
    let people = office.people(for: id, at: now).map(\.id)
    let incoming = people.filter { !before.contains($0) }
    guard !incoming.isEmpty else {
      // Whoever went off is incoming when coming on again.
      if Set(people) != before { try store.setMark(mark, at: now) }
      return
    }
    let handOff = HandOff(rotation: id, incoming: incoming)
    var made: [Transition] = []
    defer { transitions += made }
    _ = try store.handOff(
      for: office.recipientsLeading(to: id), ownedFor: id, limit: Self.handOffCallbacks, marking: mark, at: now
    ) { callback in
      let transition = rules.handOff(handOff, of: callback, at: now)
      made.append(transition)
      return transition
    }
  }

  /// Alarms of a rotation in which nobody will be on call before long.
  ///
  /// Each gap is told once, and each week anew while it lasts.
  ///
  /// - Returns: the gaps of which the fallback is now told.
  public func watchCoverage(at now: Date) throws(StoreError) -> [Alarm] {
    var raised: [Alarm] = []
    for gap in coverageGaps(at: now) {
      let mark = "gap:\(gap.rotation)"
      var from = gap.from
      if from <= now {
        from = rules.office.shift(in: gap.rotation, at: now).from
        // A mark in the future is of a gap that is still to come, or of a clock that was ahead.
        if let told = try store.lastMark(mark), from <= told, told <= now {
          guard now.timeIntervalSince(told) >= Self.weekSeconds else { continue }
          from = now
        }
      }
      let alarm = Alarm(.coverageGap, from: from, until: gap.until, rotation: gap.rotation)
      guard try raise(alarm, at: now) else { continue }
      raised.append(alarm)
      try store.setMark(mark, at: max(from, now))
    }
    return raised
  }

  /// When nobody is or will be on call before long.
  public func coverageGaps(at now: Date) -> [Shift] {
    rules.office.gaps(from: now, until: now.addingTimeInterval(Self.coverageSeconds))
      .filter { $0.from <= now.addingTimeInterval(Self.coverageNoticeSeconds) }
  }

  /// How far gaps are looked for, and how long before they begin they are told.
  private static let coverageSeconds = 60 * 86_400.0
  private static let coverageNoticeSeconds = 2 * 86_400.0
  private static let weekSeconds = 7 * 86_400.0

}

extension Office {
  /// The ids of recipients whose callbacks a rotation has: itself, and teams that it is in.
  fileprivate func recipientsLeading(to rotation: String) -> [String] {
    [rotation] + teams.keys.filter { rotationsLeading(toRecipient: $0).contains(rotation) }.sorted()
  }
}
