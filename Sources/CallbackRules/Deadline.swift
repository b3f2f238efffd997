import Foundation

/// When the patient must have been reached, and why then.
struct Due {
  var at: Date
  var basis: Callback.DueBasis
  /// What of the message could not be held, a sentence each.
  var notes: [String] = []
}

extension Rules {
  /// How long before the caller can't be reached any more the call must be made.
  static let reachableLeadSeconds = 600

  func policy(of callback: Callback) -> Policy {
    office.policy(for: callback.urgency, account: callback.message.account)
  }

  /// How the callback's spans count: as its policy's, unless its deadline was promised in wall time.
  public func counting(of callback: Callback) -> Counting {
    let counting = office.counting(of: policy(of: callback), account: callback.message.account)
    return callback.dueBasis == .policy ? counting : counting.inWallTime
  }

  /// The soonest of policy, promise and reachability; never before the call was taken.
  func due(for message: Message, urgency: Urgency) -> Due {
    let policy = office.policy(for: urgency, account: message.account)
    let counting = office.counting(of: policy, account: message.account)
    var due = Due(at: counting.moment(policy.callBackWithin, from: message.takenAt), basis: .policy)
    if let promised = message.promisedAt {
      if promised < due.at { (due.at, due.basis) = (promised, .promised) }
      if promised < message.takenAt {
        due.notes.append(
          "The time promised, \(wall(promised, for: message)), is before the call was taken: due at once.")
      }
    }
    if let until = message.reachableUntil {
      let last = until.addingTimeInterval(-Double(Self.reachableLeadSeconds))
      if last < due.at { (due.at, due.basis) = (last, .reachable) }
      if last < message.takenAt {
        due.notes.append("The caller can be reached until \(wall(until, for: message)) only: due at once.")
      }
    }
    due.at = max(due.at, message.takenAt)
    return due
  }

  private func wall(_ moment: Date, for message: Message) -> String {
    let time = office.zone(ofAccount: message.account).civilTime(at: moment)
    return "\(time.clockText) on \(time.dateText)"
  }

  /// Until when somebody must acknowledge what was nobody's at `start`: by the policy, or in a third of the time that the
  /// caller was given. Not later than the deadline, unless that has passed.
  func ownBy(from start: Date, for callback: Callback) -> Date {
    let policy = policy(of: callback)
    let counting = counting(of: callback)
    let allowed: Date
    if let within = policy.ownWithin {
      allowed = counting.moment(within, from: start)
    } else if callback.dueBasis == .policy {
      allowed = counting.moment(policy.callBackWithin.third, from: start)
    } else {
      let given = max(0, callback.dueAt.timeIntervalSince(callback.message.takenAt))
      allowed = start.addingTimeInterval((given / 3).rounded(.down))
    }
    return start < callback.dueAt ? min(allowed, callback.dueAt) : allowed
  }

  /// Until when the patient must have been reached by whoever acknowledged at `start`.
  func finishBy(from start: Date, for callback: Callback) -> Date {
    counting(of: callback).moment(policy(of: callback).finishWithin, from: start)
  }
}

extension TimeSpan {
  /// A third of it; of days, hours.
  fileprivate var third: TimeSpan { TimeSpan(seconds: seconds / 3) }
}
