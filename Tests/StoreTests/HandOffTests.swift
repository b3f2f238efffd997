import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Changes of shift")
struct HandOffTests {
  private static let now = StoreScene.now

  /// Callbacks of several people; 1, 3, 5 and 6 have to do with the rotation.
  private func filled() throws -> StoreScene {
    let scene = try StoreScene()
    let kinds: [(String, String?, Urgency, Int)] = [
      ("oncall", nil, .routine, 20), ("chen", nil, .emergency, 10), ("oncall", nil, .urgent, 30),
      ("oncall", nil, .routine, 5), ("nurses", "oncall", .routine, 10), ("desk", nil, .urgent, 20),
    ]
    for (recipient, rotation, urgency, due) in kinds {
      try scene.admit(Message(takenAt: Self.now, urgency: urgency)) { callback in
        callback.recipient = recipient
        callback.ownedFor = rotation
        callback.dueAt = Self.now + due
      }
    }
    try scene.close(4)
    return scene
  }

  private func handOff(_ scene: StoreScene, limit: Int, at moment: Date = now) throws -> (seen: [Int64], count: Int) {
    var seen: [Int64] = []
    let count = try scene.store.handOff(
      for: ["oncall", "desk"], ownedFor: "oncall", limit: limit, marking: "shift:oncall", at: moment
    ) { callback in
      seen.append(callback.id)
      var callback = callback
      callback.owner = nil
      return StoreScene.transition(
        callback, events: [Event(at: moment, .handOff, person: "chen")],
        notices: [Notice(person: "chen", reason: .handOff)])
    }
    return (seen, count)
  }

  @Test("Open callbacks that are the rotation's, or owned for it, are changed in the order of the list, and counted")
  func order() throws {
    let scene = try filled()
    let (seen, count) = try handOff(scene, limit: 100)
    #expect(seen == [6, 3, 5, 1])
    #expect(count == 4)
    let after = try scene.crashed()
    #expect(try after.story(5).events == [Event(at: Self.now, .handOff, person: "chen")])
    #expect(try after.story(2).events.isEmpty)
    #expect(try after.store.counts().noticesWaiting == 4)
    #expect(try after.store.leaseNotices(at: Self.now, limit: 9, digestOver: 9).map(\.entries.count) == [4])
  }

  @Test("Beyond the limit they are counted and left as they are", arguments: [0, 1, 3])
  func limit(limit: Int) throws {
    let scene = try filled()
    let (seen, count) = try handOff(scene, limit: limit)
    #expect(seen == Array([6, 3, 5, 1].prefix(limit)))
    #expect(count == 4)
    #expect(try scene.store.counts().noticesWaiting == limit)
  }

  @Test("The mark is set with the changes, also where there was nothing to change")
  func mark() throws {
    let scene = try StoreScene()
    #expect(try scene.store.lastMark("shift:oncall") == nil)
    #expect(try handOff(scene, limit: 9, at: Self.now + 5).count == 0)
    #expect(try scene.crashed().store.lastMark("shift:oncall") == Self.now + 5)
    _ = try handOff(scene, limit: 9, at: Self.now + 10)
    #expect(try scene.store.lastMark("shift:oncall") == Self.now + 10)
    #expect(try scene.store.lastMark("shift:other") == nil)
  }

  @Test("A mark is kept to the second, and may be set back")
  func marks() throws {
    let scene = try StoreScene()
    try scene.store.setMark("alive", at: Self.now.addingTimeInterval(0.9))
    #expect(try scene.crashed().store.lastMark("alive") == Self.now)
    try scene.store.setMark("alive", at: Self.now + (-60))
    #expect(try scene.store.lastMark("alive") == Self.now + (-60))
  }

  @Test("One that can't be changed doesn't stop the others, nor the mark, and is named")
  func oneIsStuck() throws {
    let scene = try filled()
    let error = try #require(throws: StoreError.self) {
      try scene.store.handOff(for: ["oncall"], ownedFor: "oncall", limit: 9, marking: "shift", at: Self.now) {
        callback in
        var callback = callback
        callback.owner = "chen"
        if callback.id == 3 { callback.wakeAt = nil }
        return Transition(callback)
      }
    }
    #expect(error.description.contains("callback 3"))
    #expect(try scene.store.counts().owned == 2)
    #expect(try scene.store.lastMark("shift") == Self.now)
  }
}
