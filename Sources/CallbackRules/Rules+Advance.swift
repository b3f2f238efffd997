import Foundation

extension Rules {
  /// Does what the callback's clocks demand at `now`, and says when to look again.
  ///
  /// However long ago the clocks ran out, each of them acts once, and a person is told one thing.
  /// After a reload, and after the system's clock was set, every open callback must be advanced once, due or not: its `wakeAt`
  /// is still the old one.
  public func advance(_ callback: Callback, at now: Date) -> Transition {
    var transition = Transition(callback)
    correctClocks(of: &transition, at: now)
    runClocks(of: &transition, at: now)
    return heedingQuietHours(transition, at: now)
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

  private func run(_ clock: Clock, of transition: inout Transition, at now: Date) {
    switch clock {
    case .recipient: replaceRecipient(of: &transition, at: now)
    case .shift: endOwnership(of: &transition, at: now)
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
    case .snooze: endSnooze(in: &transition, at: now)
    }
  }

  /// The promise is broken: somebody is told at this very moment, even where the step for it was taken early. Where the owner
  /// snoozes it, the last step was told so when that began.
  private func passDeadline(in transition: inout Transition, at now: Date) {
    transition.callback.overdue = true
    transition.append(Event(at: now, .overdue))
    let callback = transition.callback
    if let until = callback.snoozedUntil, now < until {
      // However the snooze ends, they are told again then.
      if callback.nextStep > 0 { transition.callback.repeatAt = now }
      return
    }
    let policy = policy(of: callback)
    if callback.nextStep < policy.steps.count, policy.steps[callback.nextStep].after.seconds <= 0 { return }
    if callback.nextStep > 0 {
      repeatLastStep(of: &transition, at: now)
    } else {
      tellOwner(.reminder, event: .reminded, in: &transition, at: now)
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

  private func endSnooze(in transition: inout Transition, at now: Date) {
    transition.callback.endSnooze()
    tellOwner(.reminder, event: .reminded, in: &transition, at: now)
  }

  /// Tells the owner, or the recipient where nobody owns it; if neither can be told, the next step is taken at once.
  func tellOwner(_ reason: Notice.Reason, event: Event.Kind, in transition: inout Transition, at now: Date) {
    let callback = transition.callback
    var people = callback.owner.map { office.people(for: $0, at: now) } ?? []
    if people.isEmpty { people = office.people(for: callback.recipient, at: now) }
    for person in people {
      transition.tell(person.id, reason, event: event, at: now)
    }
    if people.isEmpty {
      transition.append(nobody(in: [callback.owner ?? callback.recipient], for: callback, step: nil, at: now))
      takeNextStep(of: &transition, at: now)
    }
  }
}
