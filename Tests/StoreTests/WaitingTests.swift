import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Notices that wait: for the end of quiet hours, for a channel that fails")
struct WaitingTests {
  private static let now = StoreScene.now
  private static let morning = now + 6 * 3600
  private let waiting = Notice(person: "rivera", reason: .reminder, notBefore: morning)
  private let atOnce = Notice(person: "chen", reason: .reminder)

  private func lease(_ scene: StoreScene, at moment: Date = now, barring: Barred = .ways([])) throws -> [Lease] {
    try scene.store.leaseNotices(at: moment, limit: 100, digestOver: 3, atLeast: .routine) { _, _ in barring }
  }

  // MARK: - Quiet hours

  @Test("One that waits for the end of quiet hours is leased then, and says until when it waited; also after a crash")
  func quiet() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting, atOnce])
    #expect(try lease(scene).map(\.person) == ["chen"])
    #expect(try scene.store.nextTry() == Self.morning)
    let after = try scene.crashed()
    #expect(try lease(after, at: Self.morning - 1).isEmpty)
    let lease = try #require(try lease(after, at: Self.morning).first)
    #expect(lease.entries.map(\.notice) == [waiting])
    #expect(lease.tellableSince == Self.morning)
    #expect(try after.story(1).notices.first?.notice.notBefore == Self.morning)
  }

  @Test("What has gathered until quiet hours end is one lease, however little it is")
  func gathered() throws {
    let scene = try StoreScene()
    for _ in 1...2 { try scene.admit(notices: [waiting]) }
    #expect(try lease(scene, at: Self.morning).map { $0.entries.count } == [2])
    let other = try StoreScene()
    for _ in 1...2 { try other.admit(notices: [atOnce]) }
    #expect(try lease(other).map { $0.entries.count } == [1, 1])
  }

  @Test("Who is quiet until after the deadline is not one who may know, where another is refused")
  func mayKnow() throws {
    let scene = try StoreScene()
    for due in [Self.morning, Self.morning + 1] { try scene.admit(notices: [waiting, atOnce]) { $0.dueAt = due } }
    var mayKnow: [Bool] = []
    for lease in try lease(scene) {
      try scene.store.settle(lease, as: .failed(why: "no such user"), at: Self.now) { _, callback, others in
        mayKnow.append(others)
        return Transition(callback)
      }
    }
    #expect(mayKnow == [false, true])
  }

  @Test("It is withdrawn where the callback is closed first")
  func withdrawn() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting])
    try scene.close(1)
    #expect(try scene.story(1).notices.map(\.state) == [.withdrawn])
    #expect(try scene.store.counts().noticesWaiting == 0)
    #expect(try lease(scene, at: Self.morning).isEmpty)
  }

  @Test("Where the callback becomes more urgent it goes at once", arguments: [Urgency.urgent, .emergency])
  func raised(to urgency: Urgency) throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting])
    try scene.change(1, at: Self.now + 60) { $0.urgency = urgency }
    #expect(try lease(scene, at: Self.now + 60).map(\.person) == ["rivera"])
  }

  @Test("It is not pulled forward as one that waits too long, but where its person is no longer quiet")
  func corrected() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting])
    try scene.store.correctTries(at: Self.now, longestSeconds: 60, quiet: ["chen", "rivera"])
    #expect(try scene.store.nextTry() == Self.morning)
    // Its quiet hours end two days from here: the clock was ahead when that was decided.
    try scene.store.correctTries(at: Self.now - 2 * 86_400, longestSeconds: 60, quiet: ["rivera"])
    #expect(try scene.store.nextTry() == Self.now - 2 * 86_400)

    let other = try StoreScene()
    try other.admit(notices: [waiting])
    try other.store.correctTries(at: Self.now, longestSeconds: 60, quiet: [])
    #expect(try other.store.nextTry() == Self.now)
    #expect(try other.story(1).notices.first?.notice.notBefore == nil)
  }

  @Test("One that was tried after quiet hours and waits too long is pulled forward like any other")
  func triedAndCorrected() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting])
    let leased = try #require(try lease(scene, at: Self.morning).first)
    try scene.settle(leased, as: .again(at: Self.morning + 900, channelIndex: 0, tries: 1, why: "busy"))
    try scene.store.correctTries(at: Self.morning, longestSeconds: 60, quiet: ["rivera"])
    #expect(try scene.store.nextTry() == Self.morning)
  }

  // MARK: - Channels that fail

  @Test("What goes by a way that is barred is left waiting; others, and other channels of the same person, go")
  func barred() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [Notice(person: "rivera", reason: .announce), atOnce])
    let byMail = Route(person: "rivera", channelIndex: 0)
    #expect(try scene.store.nextTry { _ in .ways([byMail]) } == Self.now)
    #expect(try scene.store.nextTry { _ in .every } == nil)
    #expect(try lease(scene, barring: .every).isEmpty)
    #expect(try lease(scene, barring: .ways([byMail])).map(\.person) == ["chen"])
    #expect(try scene.store.nextTry { _ in .ways([byMail]) } == nil)
    #expect(try lease(scene, barring: .ways([Route(person: "rivera", channelIndex: 1)])).map(\.person) == ["rivera"])
  }

  @Test("The next try is the earliest by a way that is open, also where each urgency has others barred")
  func barredUnlike() throws {
    let scene = try StoreScene()
    let notice = Notice(person: "rivera", reason: .announce)
    for (urgency, seconds) in [(Urgency.routine, 0.0), (.urgent, 30), (.emergency, 60)] {
      try scene.admit(Message(takenAt: Self.now, urgency: urgency), notices: [notice], at: Self.now + seconds)
    }
    let (rivera, chen) = (Route(person: "rivera", channelIndex: 0), Route(person: "chen", channelIndex: 0))
    func next(routine: Barred, urgent: Barred, emergency: Barred) throws -> Date? {
      try scene.store.nextTry { urgency in
        switch urgency {
        case .routine: routine
        case .urgent: urgent
        case .emergency: emergency
        }
      }
    }
    let (all, two, none) = (Barred.ways([rivera]), Barred.ways([chen, rivera]), Barred.ways([]))
    #expect(try next(routine: none, urgent: all, emergency: two) == Self.now)
    #expect(try next(routine: all, urgent: none, emergency: two) == Self.now + 30)
    #expect(try next(routine: all, urgent: two, emergency: none) == Self.now + 60)
    #expect(try next(routine: .every, urgent: two, emergency: .ways([chen])) == Self.now + 60)
    #expect(try next(routine: all, urgent: two, emergency: .every) == nil)
  }

  @Test("Which ways are barred is asked for each urgency and after each lease")
  func barredByUrgency() throws {
    let scene = try StoreScene()
    for urgency in [Urgency.routine, .emergency, .emergency] {
      try scene.admit(
        Message(takenAt: Self.now, urgency: urgency), notices: [Notice(person: "rivera", reason: .announce)])
    }
    let mail = Route(person: "rivera", channelIndex: 0)
    var asked: [String] = []
    let leases = try scene.store.leaseNotices(at: Self.now, limit: 9, digestOver: 3, atLeast: .routine) {
      urgency, leases in
      asked.append("\(urgency.name) \(leases.count)")
      return urgency == .routine || leases.count == 1 ? .ways([mail]) : .ways([])
    }
    #expect(leases.map(\.callback.id) == [2])
    #expect(Array(asked.suffix(4)) == ["emergency 0", "emergency 1", "urgent 1", "routine 1"])
  }

  @Test("What is stuck is leased whenever it is to be tried next, from a moment on, and counted by its way")
  func stuck() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [Notice(person: "rivera", reason: .announce)])
    try scene.admit(notices: [Notice(person: "rivera", reason: .announce)], at: Self.now + 60)
    let mail = Route(person: "rivera", channelIndex: 0)
    #expect(try scene.store.countWaiting(on: [mail, Route(person: "chen", channelIndex: 0)]) == 2)
    let first = try #require(try lease(scene).first)
    try scene.settle(first, as: .again(at: Self.now + 900, channelIndex: 0, tries: 1, why: "busy"))
    func stuck(since moment: Date) throws -> Lease? {
      try scene.store.leaseStuck(on: mail, urgency: .routine, since: moment, digestOver: 3, at: Self.now + 120)
    }
    #expect(try stuck(since: Self.now - 1) == nil)
    #expect(try stuck(since: Self.now)?.number == first.number)
    #expect(try stuck(since: Self.now) == nil)
    #expect(try scene.store.countWaiting(on: [mail]) == 1)
    #expect(
      try scene.store.leaseStuck(
        on: Route(person: "rivera", channelIndex: 1), urgency: .routine, since: Self.now + 60, digestOver: 3,
        at: Self.now + 120) == nil)
  }

  @Test("The oldest that could go is found by when it could, not by quiet hours, and not by ways that are left out")
  func oldestDue() throws {
    let scene = try StoreScene()
    #expect(try scene.store.oldestDueNotice(at: Self.now, barring: []) == nil)
    try scene.admit(notices: [waiting])
    try scene.admit(notices: [Notice(person: "lee", reason: .announce)], at: Self.now + 60)
    try scene.admit(notices: [atOnce], at: Self.now + 30)
    #expect(try scene.store.oldestDueNotice(at: Self.now + 90, barring: []) == Self.now + 30)
    let chen = Route(person: "chen", channelIndex: 0)
    #expect(try scene.store.oldestDueNotice(at: Self.now + 90, barring: [chen]) == Self.now + 60)
    let all = ["chen", "lee", "rivera"].map { Route(person: $0, channelIndex: 0) }
    #expect(try scene.store.oldestDueNotice(at: Self.morning, barring: Array(all.prefix(2))) == Self.morning)
    #expect(try scene.store.oldestDueNotice(at: Self.morning, barring: all) == nil)
    // What is being handed over does not wait.
    _ = try lease(scene, at: Self.now + 90)
    #expect(try scene.store.oldestDueNotice(at: Self.now + 90, barring: []) == nil)
  }

  @Test("What waits for the end of quiet hours is not stuck before")
  func quietIsNotStuck() throws {
    let scene = try StoreScene()
    try scene.admit(notices: [waiting])
    let mail = Route(person: "rivera", channelIndex: 0)
    #expect(
      try scene.store.leaseStuck(
        on: mail, urgency: .routine, since: Self.morning - 1, digestOver: 3, at: Self.morning + 60) == nil)
  }

  // MARK: - Those that wait for their way

  @Test("What waits though it is due is given as it would be leased, some at a time, and stays as it is")
  func waitingNotices() throws {
    let scene = try StoreScene()
    func next(after number: Int64, _ limit: Int, at moment: Date = Self.now) throws -> WaitingNotices {
      try scene.store.waitingNotices(after: number, limit: limit, digestOver: 3, at: moment)
    }
    #expect(try next(after: 0, 2).isLast)
    for notice in [atOnce, waiting, atOnce, atOnce] { try scene.admit(notices: [notice]) }
    let first = try next(after: 0, 2)
    #expect(first.notices.map(\.number) == [1, 3] && first.last == 3 && !first.isLast)
    let rest = try next(after: 3, 2)
    #expect(rest.notices.map(\.number) == [4] && rest.last == 4 && rest.isLast)
    // One that is due later is passed over all the same.
    #expect(try next(after: 0, 5, at: Self.now - 1).last == 4)
    #expect(try scene.store.latestNotice() == 4)

    let leases = try lease(scene)
    #expect(leases.map(\.number) == [1, 3, 4])
    #expect(leases.map(\.token) == (first.notices + rest.notices).map(\.token))
    #expect(try next(after: 0, 5).notices.isEmpty)
  }

  @Test("What would be leased with others is not among them, an emergency is", arguments: [0, 1, 3])
  func notTogether(digestOver: Int) throws {
    let scene = try StoreScene()
    func numbers() throws -> [Int64] {
      try scene.store.waitingNotices(after: 0, limit: 50, digestOver: digestOver, at: Self.now).notices.map(\.number)
    }
    for _ in 0..<max(digestOver, 1) { try scene.admit(notices: [atOnce]) }
    #expect(try numbers() == Array(1...Int64(max(digestOver, 1))))
    try scene.admit(notices: [atOnce])
    try scene.admit(notices: [Notice(person: "rivera", reason: .step)])
    try scene.admit(notices: [atOnce]) { $0.urgency = .emergency }
    let others = Int64(max(digestOver, 1)) + 2
    #expect(try numbers() == [others, others + 1])
    #expect(
      try scene.store.leaseNotices(at: Self.now, limit: 50, digestOver: digestOver).map { $0.entries.count }.sorted()
        == [1, 1, max(digestOver, 1) + 1])
  }
}
