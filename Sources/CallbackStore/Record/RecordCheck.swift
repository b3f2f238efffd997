import Foundation

/// How far a look through the record has come. It goes a piece at a time, so that it holds nobody up.
public enum RecordPlace: Sendable, Equatable {
  /// The chain, after the event of this number.
  case events(after: Int64)
  /// The callbacks and their messages, against the chain, after the one of this number.
  case callbacks(after: Int64)

  public static let start = RecordPlace.events(after: 0)
}

/// What one piece of a look through the record found.
public struct RecordPiece: Sendable {
  public var findings: [RecordFinding] = []
  /// How many events were looked at.
  public var events = 0
  /// How many callbacks were looked at.
  public var callbacks = 0
  /// Where to go on; nil at the end.
  public var next: RecordPlace?
}

/// One place where the record is not as it was written.
public struct RecordFinding: Sendable, Equatable {
  public var kind: Kind
  /// The number of the event; of several the first.
  public var event: Int64?
  /// The number of the last of several events, or of another one.
  public var otherEvent: Int64?
  public var callback: Int64?

  public enum Kind: String, Sendable, CaseIterable {
    /// The event does not follow from the one before it: a field of one of the two is not what it was.
    case eventChanged = "event-changed"
    /// The words of the event are not what they were, or are gone.
    case textChanged = "text-changed"
    /// The events from `event` to `otherEvent` are missing, with others after them.
    case eventsMissing = "events-missing"
    /// `event` and `otherEvent` stand in each other's place.
    case eventsSwapped = "events-swapped"
    /// The events from `event` to `otherEvent` are missing, at the end.
    case tailMissing = "tail-missing"
    /// The event of the head that was given is another.
    case headDiffers = "head-differs"
    /// What the callback's row says is not what its last event vouches for.
    case callbackChanged = "callback-changed"
    /// There are events of the callback, but not itself.
    case callbackMissing = "callback-missing"
    /// No event vouches for the callback.
    case callbackUnknown = "callback-unknown"
    /// The callback's message is not what it was, or is gone.
    case messageChanged = "message-changed"
    /// One of the messages beside the callback's is not what it was, or is gone, or was added.
    case otherMessageChanged = "other-message-changed"
  }

  init(_ kind: Kind, event: Int64? = nil, otherEvent: Int64? = nil, callback: Int64? = nil) {
    self.kind = kind
    self.event = event
    self.otherEvent = otherEvent
    self.callback = callback
  }

  /// What is wrong, and where. Numbers only.
  public var sentence: String {
    let event = "Event \(event ?? 0)"
    let of = callback.map { " of callback \($0)" } ?? ""
    let callback = "callback \(callback ?? 0)"
    return switch kind {
    case .eventChanged:
      "\(event)\(of) does not follow from the event before it: a field of one of the two was changed."
    case .textChanged: "The words of event \(self.event ?? 0)\(of) were changed or taken out."
    case .eventsMissing: "\(range), with others behind."
    case .eventsSwapped: "\(event)\(of) stands in the place of event \(otherEvent ?? 0), and that one in its place."
    case .tailMissing: "\(range) at the end."
    case .headDiffers: "\(event) is not the one of the head that was given: it, or one before it, was written anew."
    case .callbackChanged: "The row of \(callback) is not what its last event left: a field of it was changed."
    case .callbackMissing: "There are events of \(callback), but there is no such callback."
    case .callbackUnknown: "There is \(callback), but no event says where it came from."
    case .messageChanged: "The message of \(callback) is not what came in: it was changed or taken out."
    case .otherMessageChanged:
      "A message beside that of \(callback) is not what came in: it was changed, added or taken out."
    }
  }

  private var range: String {
    let (first, last) = (event ?? 0, otherEvent ?? 0)
    return first == last ? "Event \(first) is missing" : "Events \(first) to \(last) are missing"
  }
}
