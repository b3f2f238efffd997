import Foundation

/// What a rule decided: the callback as it is to be stored, the events to append, the notices to send.
///
/// The three are stored in one transaction.
public struct Transition: Sendable, Equatable {
  public var callback: Callback
  public private(set) var events: [Event] = []
  public private(set) var notices: [Notice] = []

  public init(_ callback: Callback, events: [Event] = []) {
    self.callback = callback
    self.events = events
  }

  mutating func append(_ event: Event) { events.append(event) }

  /// Has a person told, and says so in the history: by this event, or, where it only says that, by one that is there.
  mutating func tell(
    _ person: String, _ reason: Notice.Reason, step: Int? = nil, event: Event.Kind = .announced, at now: Date
  ) {
    if event != .announced || !events.contains(where: { $0.person == person && $0.kind.tellsPerson }) {
      append(Event(at: now, event, person: person, step: step))
    }
    notify(Notice(person: person, reason: reason, step: step))
  }

  /// Adds a notice, or joins it with the one its person is already to get: the weightier reason, the later step.
  ///
  /// The later step, because a refused notice of an earlier one falls through to nobody: others are trusted to know by then.
  mutating func notify(_ notice: Notice) {
    guard let index = notices.firstIndex(where: { $0.person == notice.person }) else {
      notices.append(notice)
      return
    }
    let known = notices[index]
    if known.reason.weight < notice.reason.weight { notices[index] = notice }
    if let step = [known.step, notice.step].compactMap(\.self).max() { notices[index].step = step }
  }

  /// Has each notice wait until the time that is given for it; nil: it goes at once.
  mutating func putOff(until time: (Notice) -> Date?) {
    for index in notices.indices { notices[index].notBefore = time(notices[index]) }
  }
}
