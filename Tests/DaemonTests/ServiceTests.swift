import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("What services did not send, at moments that are given")
struct ServiceTests {
  private let now = StagesScene.now

  /// Stages with one service as configured, whose spool was read.
  private func scene(_ service: Service, hours: [OfficeHours] = []) throws -> StagesScene {
    let scene = try StagesScene()
    scene.use(services: [service], hours: hours)
    scene.stages.isSpoolRead = true
    return scene
  }

  private func message(_ scene: StagesScene, ref: String? = nil) -> Message {
    var message = scene.message("Patient \(ref ?? "")", number: "555010\(ref ?? "4477")")
    message.service = "desk"
    message.ref = ref
    return message
  }

  private func after(_ minutes: Double) -> Date { now.addingTimeInterval(minutes * 60) }

  private func span(minutes: Int) -> TimeSpan { TimeSpan(seconds: minutes * 60) }

  // MARK: - Gaps

  @Test("A gap is a moment to wake for, and then a callback that is told")
  func gap() throws {
    let scene = try scene(Service(id: "desk", phone: "1", refsWithin: span(minutes: 10)))
    let stages = scene.stages
    try scene.admit(scene.arrival(message(scene, ref: "42")), scene.arrival(message(scene, ref: "45")))
    try scene.deliverAll(at: now)
    #expect(try stages.nextWake() == after(10))
    var transitions: [Transition] = []
    #expect(try stages.advance(at: after(10), limit: 10, leasing: 0, transitions: &transitions).isDone)
    #expect(transitions.map(\.callback.id) == [3] && transitions.map(\.callback.kind) == [.missing])
    #expect(try stages.lease(at: after(10), limit: 10).map { scene.numbers(of: $0) } == [[3]])
    let wake = try #require(try stages.nextWake())
    #expect(wake > after(10))
  }

  @Test("Until the spool was read after a start, nothing is missing: it may lie there")
  func afterStart() throws {
    let scene = try scene(Service(id: "desk", phone: "1", refsWithin: span(minutes: 10)))
    let stages = scene.stages
    try scene.admit(scene.arrival(message(scene, ref: "42")), scene.arrival(message(scene, ref: "44")))
    stages.isSpoolRead = false
    var transitions: [Transition] = []
    #expect(try stages.advance(at: after(30), limit: 10, leasing: 0, transitions: &transitions).isDone)
    #expect(!transitions.contains { $0.callback.kind == .missing })
    #expect(try stages.nextWake() != after(10))
    try scene.admit(scene.arrival(message(scene, ref: "43")), at: after(30))
    stages.isSpoolRead = true
    _ = try stages.advance(at: after(31), limit: 10, leasing: 0, transitions: &transitions)
    #expect(!transitions.contains { $0.callback.kind == .missing })
  }

  @Test("A list is told by the callbacks that it made, each with its number, beside what else came in")
  func list() throws {
    let scene = try scene(Service(id: "desk", phone: "1"))
    var list = message(scene)
    list.sent = RefList(refs: ["41", "42", "43"])
    let admitted = try scene.stages.admit(
      [scene.arrival(message(scene, ref: "42")), scene.arrival(list), scene.arrival(message(scene, ref: "50"))],
      puttingAway: [], at: now)
    #expect(admitted.admittances.map(\.transition.callback.id) == [1, 4])
    #expect(admitted.missing.map(\.callback.id) == [2, 3])
    #expect(admitted.missing.map(\.callback.message.regarding) == ["message 41", "message 43"])
  }

  // MARK: - Silence

  private func raised(_ scene: StagesScene, at moment: Date) throws -> [Alarm] {
    try scene.stages.watchServices(at: moment).raised
  }

  @Test("A silent service raises one alarm for each silence, to the fallback, and is heard again")
  func silence() throws {
    let scene = try scene(Service(id: "desk", phone: "1", quietAfter: span(minutes: 240)))
    let stages = scene.stages
    #expect(try raised(scene, at: now).isEmpty)
    #expect(stages.nextSilence == after(240))
    #expect(try stages.nextWake() == after(240))
    try scene.admit(scene.arrival(message(scene)), at: after(60))
    #expect(try raised(scene, at: after(240)).isEmpty)
    #expect(stages.nextSilence == after(300))
    let alarm = Alarm(.silentService, from: after(60), until: after(300), service: "desk")
    #expect(try raised(scene, at: after(300)) == [alarm])
    #expect(try raised(scene, at: after(900)).isEmpty)
    #expect(stages.nextSilence == nil && stages.silentServices(at: after(900)).map(\.service) == ["desk"])
    #expect(
      try stages.lease(at: after(300), limit: 100).contains {
        if case .alarm(alarm) = $0.content { $0.person == "chen" } else { false }
      })
    try scene.admit(scene.arrival(message(scene)), at: after(1000))
    #expect(try stages.watchServices(at: after(1000)).heardAgain == ["desk"])
    #expect(stages.silentServices(at: after(1000)).isEmpty)
    #expect(try raised(scene, at: after(1240)).map(\.from) == [after(1000)])
  }

  @Test("Its silence counts in its hours only")
  func hours() throws {
    // `now` is a Monday, 19:20 UTC.
    let workdays = OfficeHours.OpenSpan(weekdays: Set(1...5), opensMinute: 480, closesMinute: 1200)
    let hours = OfficeHours(name: "office", spans: [workdays])
    let scene = try scene(
      Service(id: "desk", phone: "1", quietAfter: span(minutes: 120), hours: "office"), hours: [hours])
    #expect(try raised(scene, at: now).isEmpty)
    // Forty minutes are left of Monday; eighty more are over at 9:20 on Tuesday.
    #expect(scene.stages.nextSilence == after(14 * 60))
  }

  @Test("After down time nothing is silent that lies in the spool, and a silence is told once over a restart")
  func restart() throws {
    let scene = try scene(Service(id: "desk", phone: "1", quietAfter: span(minutes: 240)))
    #expect(try raised(scene, at: now).isEmpty)
    let second = scene.restarted()
    #expect(try second.watchServices(at: after(600)).raised.isEmpty)
    try scene.admit(scene.arrival(message(scene)), at: after(600))
    second.isSpoolRead = true
    #expect(try second.watchServices(at: after(600)).raised.isEmpty)
    #expect(try second.watchServices(at: after(840)).raised.count == 1)
    let third = scene.restarted()
    third.isSpoolRead = true
    #expect(try third.watchServices(at: after(900)).raised.isEmpty)
    #expect(third.silentServices(at: after(900)).map(\.from) == [after(600)])
  }

  @Test("A service that is watched from a reload on was not silent before; a mark in the future is set right")
  func reload() throws {
    let scene = try scene(Service(id: "desk", phone: "1", quietAfter: span(minutes: 60)))
    #expect(try raised(scene, at: now).isEmpty)
    scene.use(services: [Service(id: "desk", phone: "1")])
    #expect(try raised(scene, at: after(600)).isEmpty)
    #expect(scene.stages.nextSilence == nil)
    scene.use(services: [Service(id: "desk", phone: "1", quietAfter: span(minutes: 60))])
    #expect(try raised(scene, at: after(601)).isEmpty)
    #expect(scene.stages.nextSilence == after(661))
    // The clock was ahead.
    #expect(try raised(scene, at: after(500)).isEmpty)
    #expect(scene.stages.nextSilence == after(560))
  }
}
