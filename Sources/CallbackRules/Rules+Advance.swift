import Foundation

extension Rules {
  /// Does what the callback's clocks demand at `now`, and says when to look again.
  ///
  /// However long ago the clocks ran out, each of them acts once, and a person is told one thing.
  /// After a reload every open callback must be advanced once, due or not: its `wakeAt` is still that of the old policy.
  public func advance(_ callback: Callback, at now: Date) -> Transition {
    var transition = Transition(callback)
    runClocks(of: &transition, at: now)
    return transition
  }

  /// Lets every clock that has run out act, earliest first, and sets `wakeAt` to the next that will.
  func runClocks(of transition: inout Transition, at now: Date) {
    while let (clock, time) = nextClock(of: transition.callback) {
      guard time <= now else {
        transition.callback.wakeAt = time
        return
      }
      run(clock, of: &transition, at: now)
    }
    transition.callback.wakeAt = nil
  }

  /// What a callback can be waiting for. Where two are due at one moment, they act in this order.
  enum Clock: CaseIterable {
    case reminder, due, own, finish, step, retry, repetition
  }

  /// The clock that runs out first; nil only for a closed callback.
  func nextClock(of callback: Callback) -> (Clock, Date)? {
    guard callback.isOpen else { return nil }
    let policy = office.policy(for: callback.urgency)
    var first: (Clock, Date)?
    for clock in Clock.allCases {
      guard let time = time(of: clock, for: callback, policy: policy) else { continue }
      if first.map({ time < $0.1 }) ?? true { first = (clock, time) }
    }
    return first
  }

  private func time(of clock: Clock, for callback: Callback, policy: Policy) -> Date? {
    switch clock {
    case .reminder:
      guard callback.remindersDone < policy.remindBefore.count, !callback.overdue else { return nil }
      let before = policy.remindBefore[callback.remindersDone].seconds
      return callback.dueAt.addingTimeInterval(-Double(before))
    case .due: return callback.overdue ? nil : callback.dueAt
    case .own: return callback.ownBy
    case .finish: return callback.finishBy
    case .step:
      guard callback.nextStep < policy.steps.count else { return nil }
      return callback.dueAt.addingTimeInterval(Double(policy.steps[callback.nextStep].after.seconds))
    case .retry: return callback.retryAt
    case .repetition:
      // A step or, after the last, a repetition: so an open callback never sleeps for good. A reload that shortened the steps
      // can have left neither; those of the last are then told when it is due.
      return callback.repeatAt ?? (callback.nextStep < policy.steps.count ? nil : callback.dueAt)
    }
  }

  private func run(_ clock: Clock, of transition: inout Transition, at now: Date) {
    switch clock {
    case .reminder: remind(in: &transition, at: now)
    case .due: passDeadline(in: &transition, at: now)
    case .own:
      transition.callback.ownBy = nil
      transition.append(Event(at: now, .notOwned))
      takeNextStep(of: &transition, at: now, reason: .notOwned)
    case .finish:
      transition.callback.finishBy = nil
      transition.append(Event(at: now, .notFinished, person: transition.callback.owner))
      takeNextStep(of: &transition, at: now, reason: .notFinished)
    case .step: takeNextStep(of: &transition, at: now)
    case .retry: remindToRetry(in: &transition, at: now)
    case .repetition: repeatLastStep(of: &transition, at: now)
    }
  }

  /// The promise is broken: somebody is told at this very moment, even where the step for it was taken early.
  private func passDeadline(in transition: inout Transition, at now: Date) {
    transition.callback.overdue = true
    transition.append(Event(at: now, .overdue))
    let callback = transition.callback
    let policy = office.policy(for: callback.urgency)
    if callback.nextStep < policy.steps.count, policy.steps[callback.nextStep].after.seconds <= 0 { return }
    if callback.nextStep > 0 {
      repeatLastStep(of: &transition, at: now)
    } else {
      tellOwner(.step, event: .reminded, in: &transition, at: now)
    }
  }

  /// Reminds whoever owes the call, unless the deadline has come in the meantime.
  private func remind(in transition: inout Transition, at now: Date) {
    transition.callback.remindersDone += 1
    guard now < transition.callback.dueAt else { return }
    tellOwner(.reminder, event: .reminded, in: &transition, at: now)
  }

  private func remindToRetry(in transition: inout Transition, at now: Date) {
    transition.callback.retryAt = nil
    tellOwner(.retry, event: .retryDue, in: &transition, at: now)
  }

  /// Tells the owner, or the recipient where nobody owns it; if neither can be told, the next step is taken at once.
  private func tellOwner(
    _ reason: Notice.Reason, event: Event.Kind, in transition: inout Transition, at now: Date
  ) {
    let callback = transition.callback
    var people = callback.owner.map { office.people(for: $0, at: now) } ?? []
    if people.isEmpty { people = office.people(for: callback.recipient, at: now) }
    for person in people {
      transition.append(Event(at: now, event, person: person.id))
      transition.notify(Notice(person: person.id, reason: reason))
    }
    if people.isEmpty {
      transition.append(nobody(in: [callback.owner ?? callback.recipient], for: callback, step: nil, at: now))
      takeNextStep(of: &transition, at: now)
    }
  }
}
