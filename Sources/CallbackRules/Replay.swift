import Foundation

/// What a callback's history alone says of it: its events, in their order, folded into a state.
///
/// Whatever stands in the history was done, and whatever was done stands there: so this, built from the events, is what the
/// callback itself says. It knows nothing of offices, policies and rules.
public struct Replay: Sendable, Equatable {
  public private(set) var state = Callback.State.open
  public private(set) var urgency = Urgency.routine
  public private(set) var recipient: String?
  public private(set) var owner: String?
  public private(set) var dueAt: Date?
  public private(set) var overdue = false
  public private(set) var attempts = 0
  public private(set) var repeatCalls = 0
  public private(set) var nextStep = 0
  public private(set) var toldAt: Date?
  public private(set) var ownedAt: Date?
  public private(set) var attemptedAt: Date?
  public private(set) var reachedAt: Date?
  public private(set) var closedAt: Date?
  public private(set) var closedBy: String?

  public init(_ events: some Sequence<Event> = []) {
    for event in events { take(event) }
  }

  /// Goes on by the next line of the history.
  public mutating func take(_ event: Event) {
    switch event.kind {
    case .admitted: admit(event)
    case .raised: raise(event)
    case .dueSooner, .clockCorrected: dueAt = event.until ?? dueAt
    case .overdue: overdue = true
    case .stepTaken, .nobodyToTell: nextStep = max(nextStep, event.step.map { $0 + 1 } ?? 0)
    case .delivered: toldAt = toldAt ?? event.at
    case .acknowledged: own(event)
    case .noAnswer, .busy, .voicemail, .wrongNumber: retry(event)
    case .reached, .declined: reach(event)
    case .closed: close(event)
    case .reopened: reopen()
    case .assigned: assign(event)
    case .handedOver: release()
    case .repeatCall: repeatCalls += 1
    case .receivedAgain, .noted, .announced, .reminded, .notOwned, .notFinished, .repeated, .retryDue,
      .deliveryDelayed, .deliveryFailed, .fileFailed, .notTold, .answered, .answerRefused, .taken, .note, .snoozed,
      .handOff, .rangAgain, .linked, .amended, .withdrawn, .missingCame, .refused, .purged:
      break
    }
  }

  private mutating func admit(_ event: Event) {
    recipient = event.person
    dueAt = event.until
    urgency = event.urgency ?? urgency
  }

  /// The steps begin anew, by the policy of the new urgency.
  private mutating func raise(_ event: Event) {
    urgency = event.urgency ?? urgency
    nextStep = 0
  }

  // MARK: - Who has it

  private mutating func own(_ event: Event) {
    owner = event.actor.personId
    ownedAt = ownedAt ?? event.at
    if state == .open { state = .owned }
  }

  /// A person passes it on, and nobody has it then; callbackd and the service only say who owes it.
  private mutating func assign(_ event: Event) {
    recipient = event.person
    if event.actor.personId != nil { release() }
  }

  private mutating func release() {
    owner = nil
    state = .open
  }

  // MARK: - Tries and the end

  /// Whoever tries what nobody has, has it.
  private mutating func attempt(_ event: Event) {
    attempts += 1
    attemptedAt = attemptedAt ?? event.at
    if owner == nil { own(event) }
  }

  private mutating func retry(_ event: Event) {
    attempt(event)
    state = .retrying
  }

  private mutating func reach(_ event: Event) {
    attempt(event)
    if event.kind == .reached { reachedAt = event.at }
  }

  private mutating func close(_ event: Event) {
    state = .closed
    closedAt = event.at
    closedBy = event.actor.personId
  }

  private mutating func reopen() {
    release()
    ownedAt = nil
    reachedAt = nil
    closedAt = nil
    closedBy = nil
  }
}

extension Replay {
  /// What a callback says of itself, to be compared with what its history says.
  public init(of callback: Callback) {
    state = callback.state
    urgency = callback.urgency
    recipient = callback.recipient
    owner = callback.owner
    dueAt = callback.dueAt
    overdue = callback.overdue
    attempts = callback.attempts
    repeatCalls = callback.repeatCalls
    nextStep = callback.nextStep
    toldAt = callback.toldAt
    ownedAt = callback.ownedAt
    attemptedAt = callback.attemptedAt
    reachedAt = callback.reachedAt
    closedAt = callback.closedAt
    closedBy = callback.closedBy
  }
}

extension Event.Actor {
  /// The id of the person who acted; nil where it was not a person.
  public var personId: String? {
    if case .person(let id, _) = self { id } else { nil }
  }
}
