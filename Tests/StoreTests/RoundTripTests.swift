import Foundation
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("What is stored comes back")
struct RoundTripTests {
  /// A message in which every field differs from a plain one.
  private static var fullMessage: Message {
    var message = Message(
      takenAt: StoreScene.now + (-60), urgency: .emergency, problem: "Line 3 is odd.", service: "night-desk",
      account: "riverside", to: "Dr. Rivera", caller: "Ann “Q” O'Neil",
      callback: PhoneNumber(written: "(555) 010-4477 x12", countryCode: "1"), patient: "Zoë 李", regarding: "Fever; --")
    message.unknownAccount = "4711"
    message.relationship = "mother"
    message.dateOfBirth = "3/4/19"
    message.promisedAt = StoreScene.now + 1800
    message.reachableUntil = StoreScene.now + 7200
    message.voicemailAllowed = true
    message.language = "es"
    message.operatorName = "Kim"
    message.ref = "A-1"
    message.mailID = "<1@answering.example>"
    message.body = "First line\r\n'); DROP TABLE callback; --\n"
    message.withdrawn = true
    message.otherFields = [.init(name: "Pharmacy", value: "Main St"), .init(name: "Pharmacy", value: "")]
    message.notes = ["The time is ahead.", ""]
    return message
  }

  /// A callback in which every field differs from a new one, but `closedAt`, which goes with no `wakeAt`.
  private static var fullCallback: Callback {
    var callback = Callback(
      kind: .unreadable, message: fullMessage, recipient: "nurses", admittedAt: StoreScene.now + 1,
      dueAt: StoreScene.now + 2)
    callback.state = .retrying
    callback.urgency = .urgent
    callback.owner = "chen"
    callback.ownerSince = StoreScene.now + 3
    callback.ownedFor = "oncall"
    callback.dueBasis = .reachable
    callback.overdue = true
    callback.toldAt = StoreScene.now + 4
    callback.ownedAt = StoreScene.now + 5
    callback.attemptedAt = StoreScene.now + 16
    callback.reachedAt = StoreScene.now + 6
    callback.closedBy = "lee"
    callback.ownBy = StoreScene.now + 7
    callback.finishBy = StoreScene.now + 8
    callback.snoozedAt = StoreScene.now + 17
    callback.snoozedUntil = StoreScene.now + 18
    callback.retryAt = StoreScene.now + 9
    callback.repeatAt = StoreScene.now + 10
    callback.nextStep = 11
    callback.remindersDone = 12
    callback.attempts = 13
    callback.repeatCalls = 14
    callback.wakeAt = StoreScene.now + 15
    return callback
  }

  /// The names of the fields in which two values are alike.
  private func alike(_ one: Any, _ other: Any) -> [String] {
    zip(Mirror(reflecting: one).children, Mirror(reflecting: other).children)
      .filter { String(describing: $0.value) == String(describing: $1.value) }
      .map { $0.0.label ?? "?" }
  }

  private let plain = StoreScene.callback(of: Message(takenAt: StoreScene.now)) { $0.wakeAt = nil }

  @Test("The values of these tests leave no field at what it is anyway: a new field must be added to them")
  func samplesAreFull() {
    // A list is never stored as a message.
    #expect(alike(Self.fullMessage, plain.message) == ["sent"])
    // Only a purge writes that it was purged.
    #expect(alike(Self.fullCallback, plain) == ["id", "closedAt", "purgedAt"])
  }

  @Test("A callback with every field set")
  func fullCallback() throws {
    let scene = try StoreScene()
    var expected = try scene.admit(Self.fullMessage) { $0 = Self.fullCallback }
    #expect(try scene.story(expected.id).callback == expected)
    let id = expected.id
    expected = Self.fullCallback
    expected.id = id
    #expect(try scene.story(id).callback == expected)
  }

  @Test("A callback with no more than it needs")
  func plainCallback() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    #expect(callback.id == 1)
    #expect(try scene.story(1).callback == callback)
  }

  @Test("Every field that a rule may change is changed, to a value and back to none")
  func changedCallback() throws {
    let scene = try StoreScene()
    let callback = try scene.admit(Self.fullMessage) { $0.wakeAt = StoreScene.now }
    var full = Self.fullCallback
    // What the message said, and when it came in, no rule changes.
    full.id = callback.id
    full.kind = callback.kind
    full.admittedAt = callback.admittedAt
    try scene.change(callback.id) { $0 = full }
    #expect(try scene.story(callback.id).callback == full)
    try scene.change(callback.id) { $0 = callback }
    #expect(try scene.story(callback.id).callback == callback)
  }

  @Test("A closed callback, and one that was reopened")
  func closedCallback() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    try scene.close(callback.id, at: StoreScene.now + 5)
    let closed = try scene.story(callback.id).callback
    #expect(closed.closedAt == StoreScene.now + 5)
    #expect(closed.wakeAt == nil)
    #expect(closed.state == .closed)
    try scene.change(callback.id) { $0 = callback }
    #expect(try scene.story(callback.id).callback == callback)
  }

  @Test("Every kind, state and urgency", arguments: Callback.State.allCases, Urgency.allCases)
  func words(state: Callback.State, urgency: Urgency) throws {
    let scene = try StoreScene()
    let callback = try scene.admit(Message(takenAt: StoreScene.now, urgency: urgency)) { callback in
      callback.state = state
      callback.closedAt = state == .closed ? StoreScene.now : nil
      callback.wakeAt = state == .closed ? nil : StoreScene.now
    }
    #expect(try scene.story(callback.id).callback == callback)
  }

  @Test("Every event, with each actor and every field")
  func events() throws {
    let scene = try StoreScene()
    let actors: [Event.Actor] = [
      .callbackd, .service(nil), .service("night-desk"), .person("chen", login: nil), .person("chen", login: "mchen"),
      .person("service:odd", login: ""),
    ]
    var events = Event.Kind.allCases.map { Event(at: StoreScene.now, $0) }
    events += actors.map {
      Event(
        at: StoreScene.now + 1, actor: $0, .note, person: "rivera", step: 2, notice: 3, until: StoreScene.now + 4,
        other: 5,
        urgency: .emergency, text: "said “no”\n")
    }
    let callback = try scene.admit()
    _ = try scene.store.change(callback.id, at: StoreScene.now) { Transition($0, events: events) }
    #expect(try scene.story(callback.id).events == events)
  }

  @Test("Every notice, as it is leased and as it stands in the story")
  func notices() throws {
    let scene = try StoreScene()
    let notices = Notice.Reason.allCases.enumerated().map {
      Notice(person: "p\($0)", reason: $1, step: $0 == 0 ? nil : $0)
    }
    let callback = try scene.admit(Self.fullMessage, notices: notices) { $0 = Self.fullCallback }
    let leased = try scene.store.leaseNotices(at: StoreScene.now, limit: 100)
    #expect(leased.map(\.notice) == notices)
    #expect(leased.allSatisfy { $0.callback == callback && $0.createdAt == StoreScene.now && $0.tries == 0 })
    let records = try scene.story(callback.id).notices
    #expect(records.map(\.notice) == notices)
    #expect(records.map(\.number) == leased.map(\.number))
    #expect(records.allSatisfy { $0.state == .sending && $0.settledAt == nil && $0.error == nil })
  }

  @Test("The file's bytes, whatever they are", arguments: [0, 1, 70_000])
  func original(count: Int) throws {
    let scene = try StoreScene()
    var arrival = scene.arrival([Message(takenAt: StoreScene.now)])
    arrival.parts[0].original = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    let admitted = try scene.store.admit([arrival], at: StoreScene.now) { Transition(StoreScene.callback(of: $0)) }
    let id = try #require(admitted.first?.callbacks.first?.id)
    #expect(try scene.story(id).original == arrival.parts[0].original)
  }

  @Test("Of a text with a NUL byte nothing is lost")
  func nul() throws {
    let scene = try StoreScene()
    var message = Message(takenAt: StoreScene.now, regarding: "Fever\0 of 104")
    message.ref = "A\0-1"
    let callback = try scene.admit(message)
    #expect(try scene.story(callback.id).callback.message.regarding == "Fever␀ of 104")
    try scene.admit(message)
    #expect(try scene.store.counts().open == 1)
  }

  @Test("Times are kept to the second below, so that a deadline never moves later")
  func fractions() throws {
    let scene = try StoreScene()
    let callback = try scene.admit { $0.dueAt = StoreScene.now.addingTimeInterval(0.9) }
    #expect(try scene.story(callback.id).callback.dueAt == StoreScene.now)
    #expect(Date(timeIntervalSince1970: -0.5).columnSeconds == -1)
  }

  @Test("A word that this version does not know is an error that names it, not a guess")
  func unknownWord() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    try scene.store.database.inDatabase { try $0.execute(sql: "UPDATE callback SET kind = 'dream'") }
    let error = try #require(throws: StoreError.self) { try scene.store.story(of: callback.id) }
    #expect(error.description.contains("“dream”"))
  }
}
