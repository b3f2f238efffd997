import Foundation

/// Messages that have not come in.
extension Rules {
  /// Makes a callback that asks the service for messages that it has sent and that are not here.
  ///
  /// It is as urgent as an unreadable message, since nobody knows what they say, and counts from `now`.
  public func missing(_ missing: MissingRefs, at now: Date) -> Transition {
    var message = Message(
      takenAt: now, urgency: .urgent, service: missing.service, account: missing.account, regarding: missing.asked)
    message.body = Self.sentence(of: missing)
    return heedingQuietHours(begin(message, as: .missing, at: now), at: now)
  }

  private static func sentence(of missing: MissingRefs) -> String {
    let have = missing.count == 1 ? "has" : "have"
    switch missing.cause {
    case .gap:
      return "The service numbers its messages, and \(missing.text) \(have) not come in. Ask the service for them."
    case .newNumbering:
      return "The service's numbers jump over \(missing.text), \(missing.count) messages: it numbers anew, perhaps. "
        + "Ask the service whether these were sent."
    case .list:
      return "The service's list names \(missing.text), which \(have) not come in. Ask the service for them."
    }
  }
}

extension Event {
  /// A message that this callback asks for came in.
  ///
  /// - Parameters:
  ///   - ref: as written.
  ///   - other: the callback that answers for the message.
  ///   - isLast: whether all that it asks for are in.
  public static func missingCame(_ ref: String, other: Int64, isLast: Bool, at now: Date) -> Event {
    Event(at: now, .missingCame, other: other, text: isLast ? "\(ref), the last of them" : ref)
  }
}

extension Related {
  /// Whether the message's Ref is that of a callback about the same call, and so no further message of the service.
  public func knows(_ message: Message) -> Bool {
    sameRef.contains { message.agrees(with: $0.message) || message.namesNobody }
  }
}
