import Foundation

/// Quiet hours: which notices wait until they end.
extension Rules {
  /// The transition, with its notices to people who are in their quiet hours put off until these end.
  ///
  /// Only what is routine waits, and only the notice: the callback's clocks go on, so that the next step is taken as if the
  /// person had been told. Where the deadline has passed and all whom this tells are quiet, nobody awake would hear of that:
  /// then none of them waits. Nor does what answers a person's own mail: whoever has just written is awake. Nor what says that a
  /// snooze lasts past the deadline, for it lasts so long only where somebody knows.
  func heedingQuietHours(_ transition: Transition, at now: Date) -> Transition {
    guard transition.callback.urgency == .routine, !transition.notices.isEmpty else { return transition }
    var quieted = transition
    quieted.putOff { notice in
      guard !notice.reason.isReply, let end = office.quietHoursEnd(of: notice.person, at: now) else { return nil }
      return notice.reason == .snoozed && end >= transition.callback.dueAt ? nil : end
    }
    let wakesNobody = quieted.notices.allSatisfy { $0.notBefore != nil }
    return quieted.callback.isOpen && quieted.callback.overdue && wakesNobody ? transition : quieted
  }
}

extension Office {
  /// When the quiet hours in which this person is at `moment` end; nil where there are none.
  public func quietHoursEnd(of person: String, at moment: Date) -> Date? {
    people[person]?.quiet?.closing(after: moment, in: zone)
  }

  /// The ids of those who are in their quiet hours.
  public func quietPeople(at moment: Date) -> [String] {
    people.keys.filter { quietHoursEnd(of: $0, at: moment) != nil }.sorted()
  }
}
