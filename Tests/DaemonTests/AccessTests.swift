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
    Access(
      Peer(pid: 1, uid: geteuid() + 1, gid: 1, login: login, isStaff: isStaff, mayDrop: mayDrop), office: office)
  }

  private static let root = Access(Peer(pid: 1, uid: 0, gid: 0, login: "root"), office: office)

  @Test("Whoever is not of the staff may ask for the status alone")
  func strangers() throws {
    let stranger = Self.access(isStaff: false)
    try stranger.check(.status)
    for call in [
      ControlCall.list(.init()), .show(1, original: false), .act(.init(1, .done)), .onCall(.init()), .watch(.init()),
      .names, .verify(.init()), .export(.init(since: .distantPast)), .report(.init(since: Date())),
      .mailReport(.init(since: Date()), to: "chen"),
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
    for call in [
      ControlCall.list(.init()), .show(1, original: false), .act(.init(1, .done)), .onCall(.init()), .watch(.init()),
      .names, .report(.init(since: Date())), .mailReport(.init(since: Date()), to: "chen"),
    ] {
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
    try Access(Peer(pid: 1, uid: geteuid(), gid: 1), office: Self.office).check(.purge(dryRun: true))
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
    #expect(try Self.access(login: "mchen").person(named: nil) == "chen")
    #expect(try Self.access(login: "mchen").person(named: "Dr. Chen") == "chen")
    let failure = try #require(throws: ControlFailure.self) {
      try Self.access(login: "mchen").person(named: "lee")
    }
    #expect(failure == .notAllowed("You act as Dr. Chen; leave out --as."))
  }

  @Test(
    "Whoever has no login of a person's, root included, names one who is there",
    arguments: [access(login: "desk"), root])
  func namesSomebody(access: Access) throws {
    #expect(try access.person(named: "Sam Lee") == "lee")
    let unnamed = try #require(throws: ControlFailure.self) { try access.person(named: nil) }
    guard case .needsPerson = unnamed else { return #expect(Bool(false), "\(unnamed)") }
    for name in ["gone", "nobody"] {
      #expect(throws: ControlFailure.self) { try access.person(named: name) }
    }
  }

  @Test("An account with a group is for those of the staff who have it, one without for all, an unknown one for all")
  func groups() throws {
    var office = Self.office
    office.accounts = [
      "open": Account(id: "open", zone: .utc), "lakeside": Account(id: "lakeside", zone: .utc, group: "lakeside"),
      "riverside": Account(id: "riverside", zone: .utc, group: "riverside"),
    ]
    var peer = Peer(pid: 1, uid: geteuid() + 1, gid: 1, isStaff: true)
    peer.accountGroups = ["riverside"]
    let staff = Access(peer, office: office)
    #expect(staff.visibleAccounts == ["open", "riverside"])
    try staff.check(Self.callback(of: "riverside"))
    try staff.check(Self.callback(of: "open"))
    try staff.check(Self.callback(of: nil))
    #expect(
      throws: ControlFailure.notAllowed(
        "You may not see callback 7: ask an administrator to add you to the group lakeside, then log in again.")
    ) { try staff.check(Self.callback(of: "lakeside")) }
    for account in ["lakeside", "gone"] {
      #expect(throws: ControlFailure.self) { try staff.check(Self.callback(of: account)) }
    }
    for privileged in [0, geteuid()] {
      let access = Access(Peer(pid: 1, uid: privileged, gid: 0), office: office)
      #expect(access.visibleAccounts == nil)
      try access.check(Self.callback(of: "lakeside"))
    }
    // Where no account has a group, nothing is hidden, also not what is of an account that is gone.
    try Self.access().check(Self.callback(of: "gone"))
    #expect(Self.access().visibleAccounts == nil)
  }

  private static func callback(of account: String?) -> Callback {
    var callback = Callback(
      kind: .message, message: Message(takenAt: .distantPast, urgency: .urgent, account: account), recipient: "chen",
      admittedAt: .distantPast, dueAt: .distantPast)
    callback.id = 7
    return callback
  }

  @Test("Whoever is named wrongly hears who was probably meant, and of no more names than anybody reads")
  func hints() throws {
    #expect(
      throws: ControlFailure.badRequest("Nobody is called “Dr. Chne”; did you mean chen? There are chen, lee.")
    ) { try Self.root.person(named: "Dr. Chne") }
    let many = Dictionary(uniqueKeysWithValues: (10..<40).map { ("p\($0)", [String]()) })
    let hint = Self.office.hint("zzzzzzzz", among: many)
    #expect(hint == "; there are p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21 and 18 more")
  }
}

@Suite("Which refusals are written down")
struct RefusalLimitTests {
  private let start = ContinuousClock.now

  @Test("The same one once an hour, and only the first few of each account and of all")
  func limits() {
    var limit = RefusalLimit()
    #expect(limit.take(user: 1, callback: 1, command: "show", at: start) == .write)
    #expect(limit.take(user: 1, callback: 1, command: "show", at: start + .seconds(3599)) == .known)
    #expect(limit.take(user: 1, callback: 1, command: "ack", at: start) == .write)
    let more = (2...100).map { limit.take(user: 1, callback: $0, command: "show", at: start) }
    #expect(more.count { $0 == .write } == RefusalLimit.perUser - 2)
    #expect(more.count { $0 == .tooMany(isFirst: true) } == 1)
    #expect(limit.take(user: 2, callback: 1, command: "show", at: start) == .write)
    let all = (3...2000).map { limit.take(user: $0, callback: 1, command: "show", at: start) }
    #expect(all.count { $0 == .write } == RefusalLimit.inAll - RefusalLimit.perUser - 1)
    #expect(limit.take(user: 1, callback: 1, command: "show", at: start + .seconds(3600)) == .write)
  }
}
