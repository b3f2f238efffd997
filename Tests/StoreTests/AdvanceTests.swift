import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Advancing and changing")
struct AdvanceTests {
  private static let now = StoreScene.now

  /// Advances what is due, an hour each time, and gives the numbers in their order.
  private func advance(_ scene: StoreScene, at moment: Date = now, limit: Int = 100) throws -> [Int64] {
    var seen: [Int64] = []
    let count = try scene.store.advanceDue(at: moment, limit: limit) { callback in
      seen.append(callback.id)
      var callback = callback
      callback.wakeAt = callback.wakeAt.map { $0 + 3600 }
      return Transition(callback)
    }
    #expect(count == seen.count)
    return seen
  }

  @Test("What is due is advanced, the most urgent first, of these the longest overdue, and nothing else")
  func order() throws {
    let scene = try StoreScene()
    for offset in [0, -30, 1, -60, 600] { try scene.admit { $0.wakeAt = Self.now + offset } }
    #expect(try scene.store.nextWake() == Self.now + (-60))
    #expect(try advance(scene) == [4, 2, 1])
    #expect(try advance(scene) == [])
    #expect(try scene.store.nextWake() == Self.now + 1)
  }

  @Test("Emergencies are advanced before what is overdue for longer, within the limit too")
  func worstFirst() throws {
    let scene = try StoreScene()
    for (urgency, offset) in [
      (Urgency.routine, -90), (.urgent, -60), (.emergency, -10), (.emergency, -20), (.urgent, 5),
    ] {
      try scene.admit(Message(takenAt: Self.now, urgency: urgency)) { $0.wakeAt = Self.now + offset }
    }
    #expect(try scene.store.nextWake() == Self.now + (-90))
    #expect(try advance(scene, limit: 3) == [4, 3, 2])
    #expect(try advance(scene) == [1])
    #expect(try scene.store.nextWake() == Self.now + 5)
  }

  @Test("No more than the limit is advanced at once, and the rest is not forgotten")
  func limit() throws {
    let scene = try StoreScene()
    for offset in 1...5 { try scene.admit { $0.wakeAt = Self.now + (-offset) } }
    #expect(try advance(scene, limit: 2) == [5, 4])
    #expect(try advance(scene, limit: 2) == [3, 2])
    #expect(try advance(scene, limit: 0) == [])
    #expect(try advance(scene, limit: -1) == [])
    #expect(try advance(scene, limit: 2) == [1])
  }

  @Test("A moment's fraction neither hastens nor loses a wake-up")
  func fraction() throws {
    let scene = try StoreScene()
    try scene.admit { $0.wakeAt = Self.now }
    #expect(try advance(scene, at: Self.now.addingTimeInterval(-0.1)) == [])
    #expect(try advance(scene, at: Self.now.addingTimeInterval(0.1)) == [1])
  }

  @Test("Nothing is due in an empty store, nor once all is closed")
  func nothing() throws {
    let scene = try StoreScene()
    #expect(try scene.store.nextWake() == nil)
    let callback = try scene.admit { $0.wakeAt = Self.now }
    try scene.close(callback.id)
    #expect(try scene.store.nextWake() == nil)
    #expect(try advance(scene) == [])
  }

  @Test("What is done together is committed at once: all of it, or nothing where a part fails")
  func together() throws {
    let scene = try StoreScene()
    try scene.admit { $0.wakeAt = Self.now }
    let before = try scene.story(1).events.count
    func both(failing: Bool) throws(StoreError) {
      try scene.store.together { () throws(StoreError) in
        _ = try scene.store.change(1, at: Self.now) { callback throws(Refusal) in
          var callback = callback
          callback.wakeAt = Self.now + 60
          return StoreScene.transition(callback, events: [Event(at: Self.now, actor: .callbackd, .overdue)])
        }
        #expect(try scene.store.nextWake() == Self.now + 60)
        try scene.store.setMark("together", at: Self.now)
        if failing { throw StoreError("no more") }
      }
    }
    #expect(throws: StoreError.self) { try both(failing: true) }
    #expect(try scene.story(1).events.count == before)
    #expect(try scene.store.nextWake() == Self.now)
    #expect(try scene.store.lastMark("together") == nil)
    try both(failing: false)
    let crashed = try scene.crashed()
    #expect(try crashed.store.nextWake() == Self.now + 60)
    #expect(try crashed.story(1).events.count == before + 1)
    #expect(try crashed.store.lastMark("together") == Self.now)
  }

  @Test("One that can't be advanced doesn't stop the others, and is named")
  func oneIsStuck() throws {
    let scene = try StoreScene()
    for offset in [-3, -2, -1] { try scene.admit { $0.wakeAt = Self.now + offset } }
    let before = try scene.story(2).callback
    let error = try #require(throws: StoreError.self) {
      try scene.store.advanceDue(at: Self.now, limit: 100) { callback in
        var callback = callback
        callback.wakeAt = callback.id == 2 ? nil : Self.now + 60
        return StoreScene.transition(callback, notices: [Notice(person: "rivera", reason: .step)])
      }
    }
    #expect(error.description.contains("callback 2"))
    #expect(try scene.story(1).callback.wakeAt == Self.now + 60)
    #expect(try scene.story(3).callback.wakeAt == Self.now + 60)
    #expect(try scene.story(2).callback == before)
    #expect(try scene.store.counts().noticesWaiting == 2)
    #expect(try scene.number("SELECT count(*) FROM notice") == 2)
  }

  @Test("What is undone of one that can't be advanced is neither counted nor in the record's chain")
  func undone() throws {
    let scene = try StoreScene()
    for offset in [-3, -2, -1] { try scene.admit { $0.wakeAt = Self.now + offset } }
    let before = try scene.story(2).events
    try scene.store.database.inDatabase { database in
      // After its event and its first notice.
      try database.execute(
        sql: """
          CREATE TEMP TRIGGER refuse BEFORE INSERT ON notice WHEN NEW.callback = 2 AND NEW.person = 'chen'
          BEGIN SELECT raise(ABORT, 'refused'); END
          """)
    }
    #expect(throws: StoreError.self) {
      try scene.store.advanceDue(at: Self.now, limit: 100) { callback in
        var callback = callback
        (callback.overdue, callback.wakeAt) = (true, Self.now + 60)
        let notices = ["rivera", "chen"].map { Notice(person: $0, reason: .step) }
        return StoreScene.transition(callback, events: [Event(at: Self.now, .overdue)], notices: notices)
      }
    }
    #expect(try scene.story(2).events == before)
    #expect(try scene.story(3).events.count > before.count)
    let counts = try scene.store.counts()
    #expect((counts.open, counts.overdue, counts.noticesWaiting) == (3, 2, 4))
    #expect(try scene.number("SELECT count(*) FROM notice") == 4)
    #expect(try scene.store.checkRecord(from: .start, limit: 100, head: nil).findings.isEmpty)
  }

  @Test("One that can't be read doesn't stop the others either")
  func oneIsDamaged() throws {
    let scene = try StoreScene()
    for offset in [-2, -1] { try scene.admit { $0.wakeAt = Self.now + offset } }
    try scene.store.database.inDatabase { try $0.execute(sql: "UPDATE callback SET state = 'dream' WHERE id = 1") }
    let error = try #require(throws: StoreError.self) { try advance(scene) }
    #expect(error.description.contains("“dream”"))
    #expect(try scene.store.nextWake() == Self.now + (-2))
    #expect(try scene.story(2).callback.wakeAt == Self.now + 3599)
  }

  @Test("Those open are planned anew by spans of numbers, due or not, and only what changes is written")
  func planAnew() throws {
    let scene = try StoreScene()
    for _ in 1...7 { try scene.admit() }
    try scene.close(4)
    var seen: [Int64] = []
    var last: Int64? = 0
    while let after = last {
      last = try scene.store.advanceOpen(after: after, span: 3, at: Self.now) { callback in
        seen.append(callback.id)
        var callback = callback
        if callback.id == 5 { callback.wakeAt = Self.now }
        if callback.id == 6 { callback.wakeAt = nil }
        return Transition(callback)
      }
    }
    #expect(seen == [1, 2, 3, 5, 6, 7])
    #expect(try scene.store.nextWake() == Self.now)
    // One that can't be planned keeps its time, and is named when that comes.
    #expect(try scene.story(6).callback.wakeAt == Self.now + 600)
  }

  @Test("A transition is stored whole: state, events and notices, also after a crash")
  func whole() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    let event = Event(at: Self.now, .overdue)
    _ = try scene.store.advanceDue(at: Self.now + 600, limit: 1) { callback in
      var callback = callback
      callback.overdue = true
      return StoreScene.transition(callback, events: [event], notices: [Notice(person: "chen", reason: .step, step: 0)])
    }
    let story = try scene.crashed().story(callback.id)
    #expect(story.callback.overdue)
    #expect(story.events == [event])
    #expect(story.notices.map(\.notice) == [Notice(person: "chen", reason: .step, step: 0)])
  }

  @Test("A refused command changes nothing; an unknown number is said to be unknown")
  func refused() throws {
    let scene = try StoreScene()
    let callback = try scene.admit()
    let refused = try scene.store.change(callback.id, at: Self.now) { _ throws(Refusal) in throw .notClosed }
    guard case .refused(.notClosed) = refused else { return #expect(Bool(false), "\(refused)") }
    #expect(try scene.story(callback.id).callback == callback)
    let unknown = try scene.store.change(99, at: Self.now) { Transition($0) }
    guard case .noSuchCallback = unknown else { return #expect(Bool(false), "\(unknown)") }
    #expect(try scene.store.story(of: 99) == nil)
  }
}
