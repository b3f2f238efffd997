import Foundation

/// The policy's steps: taking the next, falling through those that have nobody to tell, repeating the last.
extension Rules {
  /// Takes the next step, and those after it as long as one has nobody to tell; after the last, the fallback is told.
  ///
  /// - Parameters:
  ///   - reason: why those of the step are told, also where steps before it had nobody.
  ///   - refused: who is not told, as a mail has just not reached that person.
  func takeNextStep(
    of transition: inout Transition, at now: Date, reason: Notice.Reason = .step, except refused: String? = nil
  ) {
    let policy = policy(of: transition.callback)
    guard transition.callback.nextStep < policy.steps.count else {
      // All have been taken: those of the last are told again.
      repeatLastStep(of: &transition, at: now, reason: reason)
      return
    }
    while transition.callback.nextStep < policy.steps.count {
      let index = transition.callback.nextStep
      let step = policy.steps[index]
      transition.callback.nextStep += 1
      transition.callback.repeatAt = policy.repetition(
        ofStep: index, from: now, counting: counting(of: transition.callback))
      let isTold = tell(
        step, index: index, event: .stepTaken, reason: reason, in: &transition, at: now, except: refused)
      if isTold { return }
    }
    tellFallback(in: &transition, at: now, except: refused)
  }

  /// Goes straight to the last step.
  func takeLastStep(of transition: inout Transition, at now: Date) {
    let policy = policy(of: transition.callback)
    transition.callback.nextStep = max(transition.callback.nextStep, policy.steps.count - 1)
    takeNextStep(of: &transition, at: now)
  }

  /// Tells those of the last step taken again, or the fallback where they can't be told or the policy has no steps.
  func repeatLastStep(of transition: inout Transition, at now: Date, reason: Notice.Reason = .step) {
    let policy = policy(of: transition.callback)
    let index = latestStep(of: transition.callback)
    transition.callback.repeatAt = policy.repetition(
      ofStep: index, from: now, counting: counting(of: transition.callback))
    guard index >= 0,
      tell(policy.steps[index], index: index, event: .repeated, reason: reason, in: &transition, at: now)
    else {
      tellFallback(in: &transition, at: now)
      return
    }
  }

  /// The index of the last step taken; -1 before the first. A reload can have left fewer steps than were taken.
  func latestStep(of callback: Callback) -> Int {
    min(callback.nextStep, policy(of: callback).steps.count) - 1
  }

  /// Tells the step's people and the owner; false if the step has nobody to tell.
  private func tell(
    _ step: Policy.Step, index: Int, event: Event.Kind, reason: Notice.Reason, in transition: inout Transition,
    at now: Date, except refused: String? = nil
  ) -> Bool {
    let callback = transition.callback
    let people = people(named: step.notify, for: callback, at: now).filter { $0.id != refused }
    guard !people.isEmpty else {
      transition.append(nobody(in: step.notify, for: callback, step: index, at: now))
      return false
    }
    for person in people {
      transition.tell(person.id, reason, step: index, event: event, at: now)
    }
    tellOwnerToo(reason, in: &transition, at: now, except: refused)
    return true
  }

  /// How soon the last step is told again where not even the fallback could be.
  static let nobodyToldSeconds = 900

  /// Tells the fallback, except somebody whose notice was just refused, and the owner.
  func tellFallback(in transition: inout Transition, at now: Date, except refused: String? = nil) {
    let fallback = office.people(for: office.fallback, at: now).filter { $0.id != refused }
    for person in fallback {
      transition.tell(person.id, .nobodyElse, at: now)
    }
    if fallback.isEmpty {
      transition.append(nobody(in: [office.fallback], for: transition.callback, step: nil, at: now))
      repeatSoon(&transition.callback, at: now)
    }
    tellOwnerToo(.step, in: &transition, at: now, except: refused)
  }

  /// Tells the owner that the ladder goes on.
  ///
  /// The notice belongs to no step: an owner who knows is no reason not to fall through from a step that reached nobody else.
  private func tellOwnerToo(
    _ reason: Notice.Reason, in transition: inout Transition, at now: Date, except refused: String? = nil
  ) {
    let owner = transition.callback.owner.map { office.people(for: $0, at: now) } ?? []
    for person in owner where person.id != refused {
      transition.tell(person.id, reason, at: now)
    }
  }

  /// Has the last step told again before long, because nobody knows of the callback.
  func repeatSoon(_ callback: inout Callback, at now: Date) {
    let soon = now.addingTimeInterval(Double(Self.nobodyToldSeconds))
    callback.repeatAt = min(callback.repeatAt ?? soon, soon)
  }

  /// The people behind ids of a policy, each once.
  func people(named ids: [String], for callback: Callback, at now: Date) -> [Person] {
    var found: [Person] = []
    for id in ids {
      let target = id == Policy.recipient ? callback.recipient : id
      for person in office.people(for: target, at: now) where !found.contains(where: { $0.id == person.id }) {
        found.append(person)
      }
    }
    return found
  }

  /// The event that says why nobody of these ids was told.
  func nobody(in ids: [String], for callback: Callback, step: Int?, at now: Date) -> Event {
    let names = ids.map { office.displayName(of: $0 == Policy.recipient ? callback.recipient : $0) }
    return Event(
      at: now, .nobodyToTell, step: step,
      text: "\(names.joined(separator: ", ")): nobody there is on, active and has an address.")
  }
}
