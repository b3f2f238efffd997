import Foundation

extension Rules {
  /// Takes in what became of a notice.
  ///
  /// - Parameters:
  ///   - number: the notice's number.
  ///   - firstTry: whether this was the first hand-over; a delay is worth a line in the history once.
  ///   - fileProblem: why the notice's notification file could not be written; a further hand-over writes it again.
  ///   - othersMayKnow: whether another person was told by the same step, or may yet be before the deadline (the owner beside it
  ///     has no step).
  public func settle(
    _ outcome: DeliveryOutcome, of notice: Notice, number: Int64, firstTry: Bool, fileProblem: String? = nil,
    othersMayKnow: Bool, on callback: Callback, at now: Date
  ) -> Transition {
    var transition = Transition(callback)
    if let fileProblem, !outcome.isTriedAgain {
      transition.append(
        Event(at: now, .fileFailed, person: notice.person, step: notice.step, notice: number, text: fileProblem))
    }
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
    return heedingQuietHours(transition, at: now)
  }

  /// Nobody could be told by this notice: the next step is taken at once, finally the fallback is told.
  ///
  /// Each refusal goes on to something later, so it ends: a refused fallback waits for the steps to be repeated.
  ///
  /// - Parameter absent: who is passed over by the steps that are taken now. A program answers for somebody who is away once in
  ///   days (RFC 3834), so a second notice would be taken for one that was read.
  func fallThrough(
    from notice: Notice, in transition: inout Transition, at now: Date, passingOver absent: String? = nil
  ) {
    let latest = latestStep(of: transition.callback)
    switch notice.reason {
    case .unknownName, .rangAgain, .answerUnclear, .answerRefused, .closedByMail:
      // It is beside the callback, which itself is told to others.
      return
    case .step where notice.step == nil, .notOwned where notice.step == nil, .notFinished where notice.step == nil:
      // The owner's, beside those of a step, whose own notices fall through where they must.
      return
    case .snoozed:
      // Nobody knows that it is put off past its deadline: so it is not.
      transition.callback.endSnooze()
      tellFallback(in: &transition, at: now, except: notice.person)
    case .nobodyElse: repeatSoon(&transition.callback, at: now)
    default:
      // A later step has told others since, or falls through itself.
      guard (notice.step ?? latest) >= latest else { return }
      if transition.callback.nextStep < policy(of: transition.callback).steps.count {
        takeNextStep(of: &transition, at: now, except: absent)
      } else {
        tellFallback(in: &transition, at: now, except: notice.person)
      }
    }
  }
}
