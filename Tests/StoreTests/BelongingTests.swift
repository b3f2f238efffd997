import CallbackIntake
import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Messages that belong to a callback")
struct BelongingTests {
  private static let now = StoreScene.now
  private static let parts: [Admittance.Part] = [.repeatCall, .amendment, .withdrawal]

  private func message(
    _ body: String, ref: String? = "A-1", phone: String? = "(555) 010-4477", account: String? = "riverside"
  ) -> Message {
    var message = Message(
      takenAt: Self.now, service: "night-desk", account: account,
      callback: phone.map { PhoneNumber(written: $0, countryCode: "1") })
    message.ref = ref
    message.body = body
    return message
  }

  /// A message in which every field differs from that of `message(_:)`.
  private var changed: Message {
    var message = Message(
      takenAt: Self.now + 5, urgency: .emergency, problem: "Line 1 is odd.", service: "day-desk", account: "lakeside",
      to: "Dr. Chen", caller: "Ann", callback: PhoneNumber(written: "555 010 9999", countryCode: "1"),
      patient: "Zoë", regarding: "Fever")
    message.unknownAccount = "4711"
    message.relationship = "mother"
    message.dateOfBirth = "3/4/19"
    message.promisedAt = Self.now + 1800
    message.reachableUntil = Self.now + 7200
    message.voicemailAllowed = true
    message.language = "es"
    message.operatorName = "Kim"
    message.ref = "B-1"
    message.body = "second"
    message.withdrawn = true
    message.otherFields = [.init(name: "Pharmacy", value: "Main St")]
    message.notes = ["The time is ahead."]
    return message
  }

  @Test("A call again and a withdrawal are kept beside the callback's message", arguments: [parts[0], parts[2]])
  func beside(part: Admittance.Part) throws {
    let scene = try StoreScene()
    let first = message("first")
    let callback = try scene.admit(first)
    let event = Event(at: Self.now + 60, .repeatCall, urgency: .urgent)
    let admission = try scene.receive(scene.arrival([changed], bytes: "second"), at: Self.now + 60) { _, _ in
      StoreScene.part(part, of: callback, events: [event]) { $0.repeatCalls = 1 }
    }
    #expect(admission.callbacks.map(\.id) == [callback.id])
    let story = try scene.crashed().story(callback.id)
    #expect(story.otherMessages == [OtherMessage(message: changed, part: part, at: Self.now + 60)])
    #expect(story.callback.message == first)
    #expect(story.callback.repeatCalls == 1)
    #expect(story.events == [event])
    #expect(story.original == Array("To: rivera\n".utf8))
    #expect(try scene.store.counts().open == 1)
  }

  @Test("An amendment takes the place of the callback's message, whose words and bytes are kept")
  func amendment() throws {
    let scene = try StoreScene()
    let first = message("first")
    let callback = try scene.admit(first)
    let changed = changed
    try scene.receive(scene.arrival([changed], bytes: "second"), at: Self.now + 60) { _, _ in
      StoreScene.part(.amendment, of: callback) { $0.message = changed }
    }
    let story = try scene.crashed().story(callback.id)
    #expect(story.callback.message == changed)
    #expect(story.original == Array("second".utf8))
    #expect(story.otherMessages == [OtherMessage(message: first, part: .amendment, at: Self.now + 60)])
    let kept = try scene.number("SELECT count(*) FROM other_message WHERE original = CAST('To: rivera\n' AS BLOB)")
    #expect(kept == 1)
  }

  @Test("An amended callback may be amended again, and nothing it said is lost")
  func amendedTwice() throws {
    let scene = try StoreScene()
    try scene.admit(message("first"))
    for (number, body) in ["second", "third"].enumerated() {
      try scene.receive(scene.arrival([message(body)], bytes: body), at: Self.now + number) { message, related in
        StoreScene.part(.amendment, of: related.sameRef.first) { $0.message = message }
      }
    }
    let story = try scene.story(1)
    #expect(story.callback.message.body == "third")
    #expect(story.otherMessages.map(\.message.body) == ["first", "second"])
    #expect(story.otherMessages.map(\.at) == [Self.now, Self.now + 1])
  }

  @Test("Where one part can't be stored, nothing of its file is")
  func whole() throws {
    let scene = try StoreScene()
    let callback = try scene.admit(message("first"))
    #expect(throws: StoreError.self) {
      try scene.receive(scene.arrival([message("second")], bytes: "second")) { _, _ in
        StoreScene.part(.repeatCall, of: callback) { $0.wakeAt = nil }
      }
    }
    let story = try scene.story(1)
    #expect(story.callback == callback)
    #expect(story.otherMessages.isEmpty)
    #expect(try scene.store.arrivalsInHand().count == 1)
  }

  @Test("Other callbacks that a message changes are stored with it, closed ones too, and name the new one")
  func others() throws {
    let scene = try StoreScene()
    for _ in 1...2 { try scene.admit(message("first", ref: nil)) }
    try scene.close(1)
    let admission = try scene.receive(scene.arrival([message("again", ref: nil)])) { message, related in
      var transition = Transition(StoreScene.callback(of: message))
      transition = Transition(
        transition.callback, events: related.sameNumber.map { Event(at: Self.now, .linked, other: $0.id) })
      let others = related.sameNumber.map {
        StoreScene.transition(
          $0, events: [Event(at: Self.now, .rangAgain, other: Event.newCallback)],
          notices: [Notice(person: "chen", reason: .rangAgain)])
      }
      return Admittance(transition, others: others)
    }
    #expect(admission.callbacks.map(\.id) == [3])
    #expect(try scene.story(3).events.map(\.other) == [2, 1])
    for id in [1, 2] as [Int64] {
      #expect(try scene.story(id).events == [Event(at: Self.now, .rangAgain, other: 3)])
    }
    #expect(try scene.store.counts().open == 2)
    #expect(try scene.store.leaseNotices(at: Self.now, limit: 9).map(\.callback.id) == [2, 1])
  }

  @Test("A callback that is linked with what a call joins is told that one's number")
  func othersOfJoined() throws {
    let scene = try StoreScene()
    let joined = try scene.admit(message("first"))
    let other = try scene.admit(message("other", ref: nil))
    try scene.receive(scene.arrival([message("again")], bytes: "again")) { _, _ in
      var admittance = StoreScene.part(.repeatCall, of: joined)
      admittance.others = [Transition(other, events: [Event(at: Self.now, .linked, other: Event.newCallback)])]
      return admittance
    }
    #expect(try scene.story(other.id).events.map(\.other) == [joined.id])
  }

  @Test("The same Ref and bytes as any message of a callback, in a new file, only leave an event", arguments: parts)
  func receivedAgain(part: Admittance.Part) throws {
    let scene = try StoreScene()
    try scene.admit(message("first"))
    try scene.receive(scene.arrival([message("second")], bytes: "second")) { message, related in
      StoreScene.part(part, of: related.sameRef.first) { if part == .amendment { $0.message = message } }
    }
    for (body, bytes) in [("first", "To: rivera\n"), ("second", "second")] {
      let admission = try scene.receive(scene.arrival([message(body)], bytes: bytes), at: Self.now + 60) { message, _ in
        Issue.record("the rule was asked")
        return Admittance(Transition(StoreScene.callback(of: message)))
      }
      #expect(admission.callbacks.map(\.id) == [1])
    }
    #expect(try scene.story(1).events.map(\.kind) == [.receivedAgain, .receivedAgain])
    #expect(try scene.story(1).otherMessages.count == 1)
  }

  @Test(
    "After a crash a file in hand is known by whichever message it became, and by what was amended", arguments: parts)
  func inHand(part: Admittance.Part) throws {
    let scene = try StoreScene()
    let first = scene.arrival([message("first", ref: nil)], bytes: "first")
    let second = scene.arrival([message("second", ref: nil)], bytes: "other")
    try scene.receive(first) { message, _ in Admittance(Transition(StoreScene.callback(of: message))) }
    let before = try scene.receive(second) { message, related in
      StoreScene.part(part, of: related.sameNumber.first) { if part == .amendment { $0.message = message } }
    }
    let after = try scene.crashed()
    let again = try [first, second].map { arrival in
      try after.receive(arrival, at: Self.now + 60) { message, _ in
        Issue.record("admitted again")
        return Admittance(Transition(StoreScene.callback(of: message)))
      }
    }
    #expect(again.map(\.arrival) == [1, before.arrival])
    #expect(again.map { $0.callbacks.map(\.id) } == [[1], [1]])
    #expect(try after.story(1).otherMessages.count == 1)
    #expect(try after.story(1).events.isEmpty)
  }

  @Test("A file whose first row said nothing new is known after a crash by its others")
  func inHandByAnotherRow() throws {
    let scene = try StoreScene()
    try scene.admit(message("first"))
    let export = scene.arrival([message("first"), message("second", ref: nil)], bytes: "two rows")
    let before = try scene.receive(export) { message, related in
      message.ref == nil
        ? Admittance(Transition(StoreScene.callback(of: message)))
        : StoreScene.part(.again, of: related.sameRef.first)
    }
    let again = try scene.crashed().receive(export) { message, _ in
      Issue.record("admitted again")
      return Admittance(Transition(StoreScene.callback(of: message)))
    }
    #expect(before.callbacks.map(\.id) == [1, 2])
    #expect(again.callbacks.map(\.id) == [1, 2])
  }

  @Test("Two rows of a file that share a Ref by mistake don't see one another by it, but by their number")
  func rowsOfOneFile() throws {
    let scene = try StoreScene()
    try scene.admit(message("older"))
    var seen: [[[Int64]]] = []
    try scene.receive(scene.arrival([message("one"), message("two")], bytes: "two rows")) { message, related in
      seen.append([related.sameRef.map(\.id), related.sameNumber.map(\.id)])
      return Admittance(Transition(StoreScene.callback(of: message)))
    }
    #expect(seen.map { $0[0] } == [[1], [1]])
    #expect(seen.map { Set($0[1]) } == [[1], [1, 2]])
  }

  @Test("The second row of a file sees what the first made of a callback")
  func rowsSeeChanges() throws {
    let scene = try StoreScene()
    try scene.admit(message("older"))
    try scene.receive(scene.arrival([message("one"), message("two")], bytes: "two rows")) { _, related in
      StoreScene.part(.repeatCall, of: related.sameRef.first) { $0.repeatCalls += 1 }
    }
    let story = try scene.story(1)
    #expect(story.callback.repeatCalls == 2)
    #expect(story.otherMessages.map(\.message.body) == ["one", "two"])
  }
}
