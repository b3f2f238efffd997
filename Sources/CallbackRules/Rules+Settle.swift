import Foundation

extension Rules {
  /// Takes in what became of a notice.
  ///
  /// - Parameters:
  ///   - number: the notice's number.
  ///   - firstTry: whether this was the first hand-over; a delay is worth a line in the history once.
  ///   - othersMayKnow: whether another person was told, or may yet be, by the same step.
  public func settle(
    _ outcome: DeliveryOutcome, of notice: Notice, number: Int64, firstTry: Bool, othersMayKnow: Bool,
    on callback: Callback, at now: Date
  ) -> Transition {
    var transition = Transition(callback)
    switch outcome {
    case .delivered:
      transition.append(Event(at: now, .delivered, person: notice.person, step: notice.step, notice: number))
      transition.callback.toldAt = callback.toldAt ?? now
    case .retryLater(let why):
      guard firstTry else { break }
      transition.append(
        Event(at: now, .deliveryDelayed, person: notice.person, step: notice.step, notice: number, text: why))
    case .refused(let why):
      transition.append(
        Event(at: now, .deliveryFailed, person: notice.person, step: notice.step, notice: number, text: why))
      if callback.isOpen, !othersMayKnow { fallThrough(from: notice, in: &transition, at: now) }
    }
    if transition.callback.isOpen { transition.callback.wakeAt = nextClock(of: transition.callback)?.1 }
    return transition
  }

  /// Nobody could be told by this notice: the next step is taken at once, finally the fallback is told.
  private func fallThrough(from notice: Notice, in transition: inout Transition, at now: Date) {
    let steps = office.policy(for: transition.callback.urgency).steps.count
    let isLatest = (notice.step ?? transition.callback.nextStep - 1) >= transition.callback.nextStep - 1
    if notice.reason == .nobodyElse || notice.reason == .unknownName {
      return  // The fallback itself can't be told: there is nobody behind it, and the steps go on by their times.
    }
    if transition.callback.nextStep < steps {
      if isLatest { takeNextStep(of: &transition, at: now) }
    } else if !office.people(for: office.fallback, at: now).contains(where: { $0.id == notice.person }) {
      tellFallback(in: &transition, at: now)
    }
  }
}
