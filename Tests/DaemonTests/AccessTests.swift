import CallbackControl
import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Who may do what over the control socket")
struct AccessTests {
  private static let office = Office(
    name: "Riverside", zone: .utc, fallback: "chen",
    people: [
      Person(id: "chen", name: "Dr. Chen", login: "mchen"), Person(id: "lee", name: "Sam Lee"),
      Person(id: "gone", name: "Dr. Gone", login: "gone", active: false),
    ],
    policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) })

  /// Somebody who is neither root nor the daemon's user.
  private static func access(login: String? = nil, isStaff: Bool = true, mayDrop: Bool = false) -> Access {
    Access(Peer(pid: 1, uid: geteuid() + 1, gid: 1, login: login, isStaff: isStaff, mayDrop: mayDrop))
  }

  private static let root = Access(Peer(pid: 1, uid: 0, gid: 0, login: "root"))

  @Test("Whoever is not of the staff may ask for the status alone")
  func strangers() throws {
    let stranger = Self.access(isStaff: false)
    try stranger.check(.status)
    for call in [
      ControlCall.list(.init()), .show(1, original: false), .act(.init(1, .done)), .onCall(.init()), .verify(.init()),
      .export(.init(since: .distantPast)),
    ] {
      let failure = try #require(throws: ControlFailure.self) { try stranger.check(call) }
      guard case .notAllowed = failure else { return #expect(Bool(false), "\(failure)") }
      try Self.access().check(call)
      try Self.root.check(call)
    }
  }

  @Test("Whoever may only drop may ask for receipts and the status, and for nothing else")
  func droppers() throws {
    let dropper = Self.access(isStaff: false, mayDrop: true)
    for access in [dropper, Self.access(), Self.root] { try access.check(.receipt(file: "drop-1")) }
    try dropper.check(.status)
    for call in [ControlCall.list(.init()), .show(1, original: false), .act(.init(1, .done)), .onCall(.init())] {
      let failure = try #require(throws: ControlFailure.self) { try dropper.check(call) }
      guard case .notAllowed = failure else { return #expect(Bool(false), "\(failure)") }
    }
    #expect(
      throws: ControlFailure.notAllowed(
        "You may not ask for receipts: ask an administrator to add you to the group callback-drop, then log in again.")
    ) { try Self.access(isStaff: false).check(.receipt(file: "drop-1")) }
  }

  @Test("Only root and the daemon's user may purge")
  func purge() throws {
    try Self.root.check(.purge(dryRun: false))
    try Access(Peer(pid: 1, uid: geteuid(), gid: 1)).check(.purge(dryRun: true))
    for access in [Self.access(login: "mchen"), Self.access(isStaff: false, mayDrop: true)] {
      let failure = try #require(throws: ControlFailure.self) { try access.check(.purge(dryRun: true)) }
      guard case .notAllowed = failure else { return #expect(Bool(false), "\(failure)") }
    }
  }

  @Test("A stranger sees counts, but not what trouble there is")
  func details() {
    var report = StatusReport(
      version: "1", startedAt: Date(), stages: .init(), counts: .init(open: 1, overdue: 0, owned: 0, unowned: 1),
      noticesWaiting: 2)
    report.stages.delivery = .init(ok: false, detail: "rivera@riverside.example: unknown user")
    let seen = Self.access(isStaff: false).visible(report)
    #expect(!seen.stages.delivery.ok && seen.stages.delivery.detail == nil)
    #expect(seen.counts == report.counts && seen.noticesWaiting == 2)
    #expect(Self.access().visible(report) == report && Self.root.visible(report) == report)
  }

  @Test("A login acts as its person, and as nobody else")
  func ownLogin() throws {
    #expect(try Self.access(login: "mchen").person(named: nil, office: Self.office) == "chen")
    #expect(try Self.access(login: "mchen").person(named: "Dr. Chen", office: Self.office) == "chen")
    let failure = try #require(throws: ControlFailure.self) {
      try Self.access(login: "mchen").person(named: "lee", office: Self.office)
    }
    #expect(failure == .notAllowed("You act as Dr. Chen; leave out --as."))
  }

  @Test(
    "Whoever has no login of a person's, root included, names one who is there",
    arguments: [access(login: "desk"), root])
  func namesSomebody(access: Access) throws {
    #expect(try access.person(named: "Sam Lee", office: Self.office) == "lee")
    let unnamed = try #require(throws: ControlFailure.self) { try access.person(named: nil, office: Self.office) }
    guard case .needsPerson = unnamed else { return #expect(Bool(false), "\(unnamed)") }
    for name in ["gone", "nobody"] {
      #expect(throws: ControlFailure.self) { try access.person(named: name, office: Self.office) }
    }
  }
}
