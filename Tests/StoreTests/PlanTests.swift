import CallbackIntake
import CallbackReports
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("Plans of queries")
struct PlanTests {
  /// Every statement that the store has run, with its values.
  private final class Statements {
    var texts: [String] = []
  }

  /// Does everything a store can be asked for, and gives the statements that took.
  private func statements() throws -> [String] {
    let scene = try StoreScene()
    let statements = Statements()
    scene.store.database.inDatabase { database in
      database.trace { event in
        guard case .statement(let statement) = event else { return }
        statements.texts.append(statement.expandedSQL)
      }
    }
    try useEverything(scene)
    scene.store.database.inDatabase { $0.trace(nil) }
    return statements.texts
  }

  private func useEverything(_ scene: StoreScene) throws {
    let now = StoreScene.now
    try admit(scene)
    let inHand = try scene.store.arrivalsInHand()
    try scene.store.putAway(inHand.map(\.arrival))
    _ = try scene.store.advanceDue(at: now + 600, limit: 10) { Transition($0) }
    _ = try scene.store.advanceOpen(after: 0, span: 10, at: now) { Transition($0) }
    _ = try scene.store.nextWake()
    try missRefs(scene)
    try deliver(scene)
    try scene.change(1) { $0.overdue = true }
    _ = try scene.store.story(of: 1)
    _ = try scene.store.counts()
    let query = ReportQuery(since: now, until: now + 60)
    _ = try scene.store.reportPage(query, after: nil, limit: 1)
    try list(scene)
    try answer(scene)
    _ = try scene.findings(head: try scene.store.recordHead())
    _ = try scene.store.stories(after: 0, since: now, until: now + 60, limit: 5)
    try scene.close(1)
    _ = try scene.store.countPurgeable(closedBefore: now + 60)
    _ = try scene.store.purge(closedBefore: now + 60, limit: 5, at: now + 60)
  }

  private func answer(_ scene: StoreScene) throws {
    let identity = FileIdentity(inode: 7, sizeBytes: 1, modifiedNanoseconds: 1)
    let ids = try scene.store.database.inDatabase { database in
      try (1...20).compactMap { number in
        try Row.fetchOne(database, sql: "SELECT token FROM notice WHERE id = ?", arguments: [number])
          .map { NoticeID(matter: .callback(1), number: number, token: $0["token"]) }
      }
    }
    for notices in ids.map({ [$0] }) + [[], [NoticeID(matter: .callback(1), number: 1, token: "none")]] {
      for digest in ["a", "a", "b"] {
        let answer = ReceivedAnswer(notices: notices, digest: digest, identity: identity)
        _ = try scene.store.take(answer, tellingOfAlarms: [Route(person: "chen", channelIndex: 0)], at: StoreScene.now)
        { notice, meant in
          guard let callback = notice?.entries.first?.callback ?? meant else { return AnswerVerdict(.stray) }
          let transition = StoreScene.transition(callback, notices: [Notice(person: "rivera", reason: .answerRefused)])
          let fates = notice.map {
            [$0.number: digest == "a" ? .nextChannel : AnswerVerdict.NoticeFate.failed(why: "")]
          }
          return AnswerVerdict(notice == nil ? .stray : .notTold, transitions: [transition], fates: fates ?? [:])
        }
      }
    }
  }

  private func admit(_ scene: StoreScene) throws {
    var message = Message(
      takenAt: StoreScene.now, callback: PhoneNumber(written: "(555) 010-4477", countryCode: "1"))
    message.ref = "A-1"
    try scene.admit(message, notices: [Notice(person: "rivera", reason: .step, step: 0)])
    try scene.admit(message)
    for part in [Admittance.Part.repeatCall, .amendment, .withdrawal] {
      let arrival = scene.arrival([message], bytes: part.rawValue)
      _ = try scene.store.admit([arrival], puttingAway: [], at: StoreScene.now, repeatsWithin: 60) { _, related in
        Admittance(Transition(related.sameRef[0]), part: part, others: [Transition(related.sameNumber[0])])
      }
      // It is in hand already.
      _ = try scene.store.admit([arrival], at: StoreScene.now) { Transition(StoreScene.callback(of: $0)) }
    }
  }

  private func missRefs(_ scene: StoreScene) throws {
    let now = StoreScene.now
    var watch = ServiceWatch()
    (watch.refsWithin, watch.heard) = (["desk": 60], ["desk"])
    func asking(_ missing: MissingRefs) -> Transition { Transition(StoreScene.callback(of: Message(takenAt: now))) }
    func message(_ ref: String?, sent: [String]? = nil) -> Message {
      var message = Message(takenAt: now, service: "desk")
      (message.ref, message.sent) = (ref, sent.map { RefList(refs: $0) })
      return message
    }
    let sent = [message("1"), message("5"), message(nil, sent: ["5", "9", "10"]), message("9"), message("3")]
    for (index, message) in sent.enumerated() {
      _ = try scene.store.admit(
        [scene.arrival([message], bytes: "\(index)")], puttingAway: [], at: now, repeatsWithin: 60, watch: watch,
        missing: asking, rule: { message, _ in Admittance(Transition(StoreScene.callback(of: message))) })
    }
    _ = try scene.store.nextGap()
    _ = try scene.store.reportGaps(at: now + 60, watch: watch, limit: 5, rule: asking)
  }

  private func deliver(_ scene: StoreScene) throws {
    let now = StoreScene.now
    _ = try scene.store.raise(Alarm(.downTime, from: now, until: now), to: ["rivera"], at: now)
    _ = try scene.store.lastMark("shift")
    let step = Notice(person: "rivera", reason: .step)
    _ = try scene.store.handOff(for: ["rivera"], ownedFor: "oncall", limit: 5, marking: "shift", at: now) { callback in
      StoreScene.transition(callback, notices: [step])
    }
    let routes = [Route(person: "rivera", channelIndex: 0), Route(person: "chen", channelIndex: 1)]
    _ = try scene.store.nextTry()
    _ = try scene.store.nextTry { _ in .ways(routes) }
    _ = try scene.store.nextTry { $0 == .emergency ? .ways([]) : .ways(routes) }
    _ = try scene.store.leaseNotices(at: now, limit: 1, digestOver: 1, atLeast: .routine) { _, _ in .ways(routes) }
    _ = try scene.store.leaseStuck(on: routes[1], urgency: .routine, since: now, digestOver: 1, at: now)
    _ = try scene.store.countWaiting(on: routes)
    _ = try scene.store.waitingNotices(after: 0, limit: 5, digestOver: 1, at: now)
    try scene.store.correctTries(at: now, longestSeconds: 60, quiet: ["rivera", "chen"])
    _ = try scene.store.oldestNotice()
    _ = try scene.store.oldestDueNotice(at: now, barring: routes)
    let again = Settlement.again(at: now, channelIndex: 0, tries: 1, why: "")
    for settlement in [again, again, .delivered] {
      for lease in try scene.store.leaseNotices(at: now, limit: 10, digestOver: 1) {
        try scene.settle(lease, as: settlement)
      }
      // What waits in a bundle is taken out of it.
      try scene.admit(notices: [step, Notice(person: "chen", reason: .step)])
      try scene.change(1) { $0.urgency = .emergency }
      try scene.change(1) { $0.urgency = .routine }
    }
    try scene.store.releaseLeases()
  }

  private func list(_ scene: StoreScene) throws {
    for closed in [false, true] {
      var filter = CallbackFilter()
      filter.closed = closed
      _ = try scene.store.list(filter)
      filter.overdue = true
      filter.person = "rivera"
      filter.account = "riverside"
      filter.since = StoreScene.now
      filter.after = .init(urgency: .emergency, time: StoreScene.now, id: 1)
      _ = try scene.store.list(filter)
    }
  }

  private func plan(of statement: String) throws -> [String] {
    let scene = try StoreScene()
    return try scene.store.database.inDatabase { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement).map { $0["detail"] }
    }
  }

  @Test(
    "No statement looks through a table, nor sorts, beside the small ones that are read whole, and a change of shift")
  func noScans() throws {
    let checked = try Set(statements()).filter { statement in
      ["SELECT", "WITH", "UPDATE", "DELETE"].contains { statement.hasPrefix($0) }
        && statement != "SELECT * FROM counter"
    }
    try #require(checked.count > 25)
    for statement in checked where statement != "SELECT * FROM arrival ORDER BY id" {
      for step in try plan(of: statement) {
        let searches = [
          "SEARCH ", "SCALAR SUBQUERY", "CORRELATED SCALAR SUBQUERY", "LIST SUBQUERY", "SCAN CONSTANT ROW",
        ].contains {
          step.hasPrefix($0)
        }
        // Selects that are put together, of which each has steps of its own, and the few rows that they give.
        let isUnion =
          ["COMPOUND QUERY", "LEFT-MOST SUBQUERY", "UNION ALL", "SEARCH minimum"].contains(step)
          || ["CO-ROUTINE ", "SCAN (subquery-"].contains { step.hasPrefix($0) }
        // What is given in a list.
        let isList = step.hasSuffix("CONSTANT ROWS")
        // One row, a row a table, and an index of what is under way only. A change of shift looks through what is open, by
        // its index.
        let isShort = ["SCAN counter", "SCAN sqlite_sequence", "SCAN notice USING INDEX notice_sending"].contains(step)
        #expect(searches || isShort || isUnion || isList, "\(step): \(statement)")
      }
    }
  }

  @Test("A row's update leaves out what its indexes are sorted by, whatever indexes there are")
  func sortedColumns() throws {
    let indexes = try StoreScene().store.database.inDatabase { database in
      try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'callback'")
    }
    try #require(indexes.count >= 5)
    let words = Set(indexes.flatMap { $0.split { !$0.isLetter && $0 != "_" }.map(String.init) })
    #expect(words.intersection(Database.promiseColumnNames) == Database.sortedColumns.union(["wake_at"]))
  }

  @Test(
    "Each question has its index",
    arguments: [
      ("SELECT min(wake_at)", "callback_wake"), ("wake_at <=", "callback_wake"), ("OR owned_for", "callback_open"),
      ("FROM other_message WHERE ref", "other_message_ref"), ("FROM recent_call JOIN", "recent_call_digits"),
      ("FROM other_message WHERE callback", "other_message_callback"), ("recent_call WHERE at", "recent_call_at"),
      ("state = 'waiting' AND person", "notice_person"), ("WHERE bundle =", "notice_bundle"),
      ("WHERE closed_at IS NULL AND callback.urgency", "callback_open"),
      ("WHERE closed_at IS NOT NULL ORDER", "callback_closed"), ("SELECT min(next_try_at)", "notice_waiting"),
      ("state = 'waiting' AND urgency", "notice_waiting"), ("SELECT min(due_at)", "callback_open"),
      ("FROM message WHERE ref", "INDEX message_ref"), ("FROM arrival WHERE inode", "arrival_inode"),
      ("purged_at IS NULL", "callback_kept"), ("SELECT min(gap_at)", "ref_sequence_gap"),
      ("FROM missing_ref WHERE callback", "missing_ref_callback"),
      ("FROM missing_ref WHERE service", "missing_ref_first"), ("ref_sequence WHERE seen_at", "ref_sequence_seen"),
      ("FROM event WHERE callback", "event_callback"), ("FROM notice WHERE callback", "notice_callback"),
      ("SELECT min(id) FROM notice", "notice_waiting"), ("LEFT JOIN notice", "callback_taken"),
      ("LEFT JOIN notice", "notice_callback"),
      ("FROM answer WHERE notice =", "answer_notice"), ("FROM answer WHERE notice IS NULL AND inode", "answer_stray "),
      ("DELETE FROM answer", "answer_stray_at"), ("answer_told WHERE person", "answer_told_person"),
    ])
  func index(part: String, index: String) throws {
    let matching = try statements().filter { $0.contains(part) }
    try #require(!matching.isEmpty)
    for statement in Set(matching) {
      let plan = try plan(of: statement)
      #expect(plan.contains { $0.contains(index) }, "\(plan): \(statement)")
    }
  }
}
