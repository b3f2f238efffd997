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

  /// Adds a notice, unless its person is already told something that matters as much.
  mutating func notify(_ notice: Notice) {
    guard let index = notices.firstIndex(where: { $0.person == notice.person }) else {
      notices.append(notice)
      return
    }
    if notices[index].reason.weight < notice.reason.weight { notices[index] = notice }
  }
}
