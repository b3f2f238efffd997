import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

/// A store in which callbacks have lived: with words, an amendment, a repeat call that names the patient, a withdrawal, an end.
extension StoreScene {
  static func lived() throws -> StoreScene {
    let scene = try StoreScene()
    for number in 1...4 {
      var message = Message(
        takenAt: now, service: "night-desk", account: "riverside",
        callback: PhoneNumber(written: "(555) 010-447\(number)", countryCode: "1"))
      message.body = "Message \(number)"
      try scene.admitWithEvent(message)
    }
    try scene.note(1, "First words")
    try scene.join(.amendment, to: 1) { $0.body = "Amended" }
    try scene.join(.repeatCall, to: 2) { $0.patient = "Sam Doe" }
    try scene.join(.withdrawal, to: 2) { $0.withdrawn = true }
    try scene.note(3, "Other words")
    try scene.closeWithEvent(3)
    return scene
  }

  @discardableResult
  func admitWithEvent(_ message: Message, at moment: Date = now) throws -> Callback {
    let admissions = try store.admit([arrival([message])], at: moment) { message in
      let admitted = Event(at: moment, actor: .service(message.service), .admitted, person: "rivera")
      return Transition(Self.callback(of: message) { $0.admittedAt = moment }, events: [admitted])
    }
    return try #require(admissions.first?.callbacks.first)
  }

  func note(_ id: Int64, _ text: String, at moment: Date = now) throws {
    _ = try store.change(id, at: moment) { callback in
      Transition(callback, events: [Event(at: moment, actor: .person("lee", login: "lee"), .note, text: text)])
    }
  }

  func closeWithEvent(_ id: Int64, at moment: Date = now, reason: String = "Seen") throws {
    _ = try store.change(id, at: moment) { callback in
      var callback = callback
      callback.state = .closed
      callback.closedAt = moment
      callback.closedBy = "lee"
      callback.wakeAt = nil
      return Transition(
        callback, events: [Event(at: moment, actor: .person("lee", login: "lee"), .closed, text: reason)])
    }
  }

  /// Has a message join a callback, as the rules would.
  func join(_ part: Admittance.Part, to id: Int64, _ change: (inout Message) -> Void) throws {
    let known = try story(id).callback
    var message = known.message
    message.body = "Another, for \(id)"
    change(&message)
    let kind: [Admittance.Part: Event.Kind] = [
      .amendment: .amended, .repeatCall: .repeatCall, .withdrawal: .withdrawn,
    ]
    let event = Event(at: Self.now, actor: .service("night-desk"), try #require(kind[part]))
    try receive(arrival([message], bytes: message.body ?? "")) { message, _ in
      Self.part(part, of: known, events: [event]) { callback in
        if part == .amendment { callback.message = message }
        if part == .repeatCall {
          callback.repeatCalls += 1
          callback.message.patient = message.patient
        }
      }
    }
  }

  /// Changes the file as somebody would who has it, past all that guards it.
  func tamper(_ sql: String) throws {
    try store.database.inDatabase { database in
      try database.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          DROP TRIGGER IF EXISTS event_stays;
          DROP TRIGGER IF EXISTS event_is_final;
          DROP TRIGGER IF EXISTS event_text_is_final;
          \(sql);
          PRAGMA foreign_keys = ON;
          """)
    }
  }

  /// What a whole look through the record finds, in pieces of `limit`.
  func findings(limit: Int = 1000, head: RecordHead? = nil) throws -> [RecordFinding] {
    var findings: [RecordFinding] = []
    var next: RecordPlace? = .start
    while let place = next {
      let piece = try store.checkRecord(from: place, limit: limit, head: head)
      #expect(max(piece.events, piece.callbacks) <= limit)
      findings += piece.findings
      next = piece.next
    }
    return findings
  }
}
