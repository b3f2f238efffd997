import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("The stages, with rules and store, at moments that are given")
struct StagesTests {
  @Test("Messages that were taken in are told by what became of them, each with its callback's number")
  func admitted() throws {
    let scene = try StagesScene()
    let first = scene.arrival(
      scene.message("Ann", number: "555-010-4477"), scene.message("Bob", number: "555-010-4478"))
    #expect(try scene.admit(first) == ["1 first", "2 first"])
    // The same bytes again as another file are the callers ringing again; the same file is nothing new.
    #expect(try scene.admit(first) == [])
    let again = scene.arrival(scene.message("Bob", number: "555-010-4478"))
    let sibling = scene.arrival(scene.message("Cy", number: "555-010-4477"))
    #expect(try scene.admit(first, again, sibling) == ["2 repeat-call", "3 first 1"])
  }

  @Test("While what was missed is made good only emergencies leave, then one lease a person, and a report")
  func catchUp() throws {
    let scene = try StagesScene()
    let (stages, now) = (scene.stages, StagesScene.now)
    try scene.admit(scene.arrival(scene.message("Ann", number: "1"), scene.message("Bob", number: "2")))
    try scene.deliverAll(at: now)
    let later = now.addingTimeInterval(3 * 3600)
    stages.beginCatchUp(.downTime, from: now.addingTimeInterval(60), until: later)
    var transitions: [Transition] = []
    #expect(try stages.advance(at: later, limit: 10, leasing: 0, transitions: &transitions).isDone)
    try scene.admit(scene.arrival(scene.message("Cy", number: "3", .emergency)), at: later)

    let urgent = try stages.lease(at: later, limit: 10)
    #expect(urgent.allSatisfy { scene.numbers(of: $0) == [3] } && !urgent.isEmpty)
    // The outbox is not looked at again and again meanwhile.
    #expect(try stages.nextTry(at: later) == later.addingTimeInterval(1))

    let alarm = try #require(try stages.endCatchUp(at: later))
    #expect(alarm == Alarm(.downTime, from: now.addingTimeInterval(60), until: later, promisesPassed: 2))
    let rest = try stages.lease(at: later, limit: 10)
    #expect(rest.filter { $0.person == "rivera" }.map { scene.numbers(of: $0).sorted() } == [[1, 2]])
    #expect(rest.contains { if case .alarm(alarm) = $0.content { $0.person == "chen" } else { false } })
  }

  @Test("What is due and who is told of it are one transaction; where nothing can be leased it is advanced alone")
  func together() throws {
    let scene = try StagesScene()
    let (stages, later) = (scene.stages, StagesScene.now.addingTimeInterval(3600))
    var transitions: [Transition] = []
    func advance() throws -> Stages.Advanced {
      transitions = []
      return try stages.advance(at: later, limit: 10, leasing: 10, transitions: &transitions)
    }
    try scene.admit(scene.arrival(scene.message("Ann", number: "1")))
    try scene.deliverAll(at: StagesScene.now)
    let first = try advance()
    #expect(first.isDone && transitions.map(\.callback.overdue) == [true])
    #expect(first.leases.map { scene.numbers(of: $0) } == [[1]])
    try scene.deliver(first.leases, at: later)

    try scene.admit(scene.arrival(scene.message("Bob", number: "2")))
    try scene.deliverAll(at: StagesScene.now)
    try scene.execute(
      """
      CREATE TRIGGER no BEFORE UPDATE OF state ON notice WHEN new.state = 'sending'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    let second = try advance()
    #expect(second.isDone && second.leases.isEmpty)
    #expect(transitions.map(\.callback.id) == [2] && transitions.map(\.callback.overdue) == [true])
    #expect(try #require(try stages.store.story(of: 2)).callback.overdue)
    #expect(throws: StoreError.self) { try stages.lease(at: later, limit: 10) }
    try scene.execute("DROP TRIGGER no")
    try scene.deliver(try stages.lease(at: later, limit: 10), at: later)

    // Fails after the lease, at the end of the one transaction; the advance alone does not.
    try scene.admit(scene.arrival(scene.message("Cy", number: "3")))
    try scene.deliverAll(at: StagesScene.now)
    try scene.execute(
      """
      CREATE TRIGGER no BEFORE UPDATE ON counter WHEN EXISTS (SELECT 1 FROM notice WHERE state = 'sending')
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    let third = try advance()
    #expect(third.isDone && third.leases.isEmpty)
    #expect(transitions.map(\.callback.id) == [3] && transitions.map(\.callback.overdue) == [true])
    #expect(stages.destinations.areAllFree)
    try scene.execute("DROP TRIGGER no")
    #expect(try stages.lease(at: later, limit: 10).map { scene.numbers(of: $0) } == [[3]])
  }

  @Test("A catch-up that takes longer than a minute holds nothing back any more")
  func long() throws {
    let scene = try StagesScene()
    let (stages, now) = (scene.stages, StagesScene.now)
    stages.beginCatchUp(.downTime, from: now.addingTimeInterval(-3600), until: now)
    try scene.admit(scene.arrival(scene.message("Ann", number: "1")))
    #expect(try stages.lease(at: now.addingTimeInterval(60), limit: 10).isEmpty)
    #expect(try stages.lease(at: now.addingTimeInterval(61), limit: 10).count == 1)
  }

  @Test("A notice that waits for a clock that was ahead is tried as soon as all is planned anew")
  func clockWasAhead() throws {
    let scene = try StagesScene()
    let (stages, now) = (scene.stages, StagesScene.now)
    let ahead = now.addingTimeInterval(86_400)
    try scene.admit(scene.arrival(scene.message("Ann", number: "1")), at: ahead)
    #expect(try stages.lease(at: now, limit: 10).isEmpty)
    _ = try stages.replan(after: 0, span: 256, at: now)
    #expect(try !stages.lease(at: now, limit: 10).isEmpty)
  }

  @Test("A gap is told once before it begins, and each week anew while it lasts")
  func coverage() throws {
    let scene = try StagesScene()
    let (stages, now) = (scene.stages, StagesScene.now)
    func told(at days: Double) throws -> Int {
      try stages.watchCoverage(at: now.addingTimeInterval(days * 86_400)).count
    }
    // Rivera's turn ends a day from now, and the next one has left.
    #expect(try told(at: -5) == 0)
    #expect(try told(at: 0) == 1)
    for days in [0.25, 1, 1.5, 7.9] { #expect(try told(at: days) == 0, "day \(days)") }
    #expect(try told(at: 8.1) == 1)
    #expect(try told(at: 8.5) == 0)
  }

  @Test(
    "The next change of shift is a moment to wake for; a mark in the future, of a clock that was ahead, is set right")
  func handOff() throws {
    let scene = try StagesScene()
    let (stages, now) = (scene.stages, StagesScene.now)
    #expect(try stages.handOff(at: now).isEmpty)
    let change = try #require(stages.nextHandOff)
    #expect(change == now.addingTimeInterval(86_400))
    #expect(try stages.nextWake() == change)
    try stages.store.setMark("hand-off:oncall", at: now.addingTimeInterval(30 * 86_400))
    #expect(try stages.handOff(at: now.addingTimeInterval(60)).isEmpty)
    #expect(try stages.store.lastMark("hand-off:oncall") == now.addingTimeInterval(60))
    #expect(stages.nextHandOff == change)
  }
}
