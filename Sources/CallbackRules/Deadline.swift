import Foundation

extension Policy {
  /// When a call taken at `takenAt` must be answered by this policy alone.
  ///
  /// Counts around the clock. Open time, by the account's hours and zone, is counted here once `OfficeHours` is in force.
  func deadline(takenAt: Date) -> Date {
    takenAt.addingTimeInterval(Double(callBackWithin.seconds))
  }
}

extension Rules {
  /// How long before the caller can't be reached any more the call must be made.
  static let reachableLeadSeconds = 600

  /// When the patient must have been reached: the soonest of policy, promise and reachability.
  func due(for message: Message, urgency: Urgency) -> Date {
    var due = office.policy(for: urgency).deadline(takenAt: message.takenAt)
    if let promised = message.promisedAt { due = min(due, promised) }
    if let until = message.reachableUntil {
      due = min(due, until.addingTimeInterval(-Double(Self.reachableLeadSeconds)))
    }
    return max(due, message.takenAt)
  }

  /// Until when somebody must have acknowledged.
  func ownBy(from start: Date, due: Date, policy: Policy) -> Date {
    let given = max(0, due.timeIntervalSince(start))
    let allowed = policy.ownWithin.map { Double($0.seconds) } ?? (given / 3).rounded(.down)
    return start.addingTimeInterval(min(allowed, given))
  }
}
