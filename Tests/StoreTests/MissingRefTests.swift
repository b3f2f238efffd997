import CallbackIntake
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("Running numbers, lists, and what they miss, in the store")
struct MissingRefTests {
  private static let now = StoreScene.now
  private static let within: TimeInterval = 600

  private static let watch: ServiceWatch = {
    var watch = ServiceWatch()
    watch.refsWithin = ["desk": within]
    watch.heard = ["desk"]
    return watch
  }()

  private static func message(_ ref: String, service: String = "desk", account: String? = "riverside") -> Message {
    var message = Message(takenAt: now, service: service, account: account, caller: "Caller of \(ref)")
    message.ref = ref
    return message
  }

  private static func list(_ refs: [String], service: String = "desk") -> Message {
    var list = Message(takenAt: now, service: service, account: "riverside")
    list.sent = RefList(refs: refs)
    return list
  }

  private static func asking(_ missing: MissingRefs) -> Transition {
    let message = Message(
      takenAt: now, urgency: .urgent, service: missing.service, account: missing.account,
      regarding: missing.ranges.map(\.text).joined(separator: ", "))
    return StoreScene.transition(
      StoreScene.callback(of: message) { $0.kind = .missing }, notices: [Notice(person: "rivera", reason: .announce)])
  }

  /// Takes in one file for each of these messages, in one transaction.
  @discardableResult
  private func admit(_ messages: [Message], in scene: StoreScene, at moment: Date = now) throws -> [Admission] {
    let arrivals = messages.map { scene.arrival([$0], bytes: "\($0.ref ?? "list") \(scene)") }
    return try admit(arrivals, in: scene, at: moment)
  }

  private func admit(_ arrivals: [Arrival], in scene: StoreScene, at moment: Date = now) throws -> [Admission] {
    try scene.store.admit(
      arrivals, puttingAway: [], at: moment, repeatsWithin: StoreScene.repeatsWithin, watch: Self.watch,
      missing: Self.asking,
      rule: { message, related in
        if let known = related.sameRef.first(where: { message.agrees(with: $0.message) }) {
          return Admittance(Transition(known, events: [Event(at: moment, .amended)]), part: .amendment)
        }
        return Admittance(StoreScene.transition(StoreScene.callback(of: message)))
      })
  }

  private func admit(_ refs: String..., in scene: StoreScene, at moment: Date = now) throws {
    try admit(refs.map { Self.message($0) }, in: scene, at: moment)
  }

  /// What is asked for, by callback.
  private func report(_ scene: StoreScene, at moment: Date) throws -> [Int64: String] {
    let made = try scene.store.reportGaps(at: moment, watch: Self.watch, limit: 64, rule: Self.asking)
    return Dictionary(
      made.map { ($0.callback.id, $0.callback.message.regarding ?? "") }, uniquingKeysWith: { first, _ in first })
  }

  @Test("A gap becomes one callback when its time has come, with its events and notices, and none after that")
  func gap() throws {
    let scene = try StoreScene()
    try admit("AS-0042", "AS-0046", in: scene)
    let due = Self.now + 600
    #expect(try scene.store.nextGap() == due)
    #expect(try report(scene, at: Self.now + 599) == [:])
    #expect(try report(scene, at: due) == [3: "AS-0043 to AS-0045"])
    let story = try scene.story(3)
    #expect(story.callback.kind == .missing && story.notices.map(\.notice.person) == ["rivera"])
    #expect(try scene.store.counts().open == 3)
    #expect(try scene.store.nextGap() == nil)
    #expect(try report(scene, at: due + 600) == [:])
  }

  @Test("Rows of a batch may stand in any order, and files come in any: what is all there misses nothing")
  func order() throws {
    let scene = try StoreScene()
    let rows = ["5", "2", "4", "1", "3"].map { Self.message($0) }
    _ = try admit([scene.arrival(rows, bytes: "batch")], in: scene)
    try admit("8", "6", in: scene)
    try admit("7", in: scene, at: Self.now + 60)
    #expect(try scene.store.nextGap() == nil)
  }

  @Test("Services, accounts and prefixes have sequences of their own; one that is not watched has none")
  func apart() throws {
    let scene = try StoreScene()
    try admit(
      [
        Self.message("A-1"), Self.message("A-3", account: nil), Self.message("B-5"),
        Self.message("A-7", service: "day"),
        Self.message("A-9", service: "day"),
      ], in: scene)
    #expect(try scene.store.nextGap() == nil)
    #expect(try scene.number("SELECT count(*) FROM ref_sequence") == 3)
  }

  @Test("A missing message that comes in is an event of the callback that asks for it, the last one says so")
  func comesIn() throws {
    let scene = try StoreScene()
    try admit("42", "45", in: scene)
    #expect(try report(scene, at: Self.now + 600) == [3: "43 to 44"])
    try admit("44", in: scene, at: Self.now + 700)
    try admit("43", in: scene, at: Self.now + 800)
    let came = try scene.story(3).events.filter { $0.kind == .missingCame }
    #expect(came.map(\.text) == ["44", "43, the last of them"] && came.map(\.other) == [4, 5])
    #expect(try scene.story(3).callback.isOpen)
    // They begin nothing, and are asked for no more.
    try admit("46", in: scene, at: Self.now + 900)
    #expect(try scene.store.nextGap() == nil)
    #expect(try scene.number("SELECT count(*) FROM missing_ref") == 0)
  }

  @Test("An amendment of a Ref far back, and one that is new for a repeat call, make no gap")
  func repeats() throws {
    let scene = try StoreScene()
    for number in 1...60 { try admit("\(number)", in: scene) }
    try admit("3", "4", "5", in: scene, at: Self.now + 60)
    try admit("61", in: scene, at: Self.now + 60)
    #expect(try scene.store.nextGap() == nil)
  }

  @Test("After a crash nothing of it is lost: neither how far the numbers came nor what is asked for")
  func crash() throws {
    let scene = try StoreScene()
    try admit("42", "46", in: scene)
    let after = try scene.crashed()
    #expect(try after.store.nextGap() == Self.now + 600)
    #expect(try report(after, at: Self.now + 600) == [3: "43 to 45"])
    let last = try after.crashed()
    #expect(try report(last, at: Self.now + 600) == [:])
    try admit("45", "47", in: last, at: Self.now + 700)
    #expect(try last.story(3).events.map(\.kind) == [.missingCame])
    #expect(try last.store.nextGap() == nil)
  }

  @Test("Where the callback can't be stored, its gap stays")
  func together() throws {
    let scene = try StoreScene()
    try admit("42", "44", in: scene)
    try scene.store.database.inDatabase {
      try $0.execute(
        sql: "CREATE TRIGGER no BEFORE INSERT ON missing_ref BEGIN SELECT RAISE(ABORT, 'no'); END")
    }
    #expect(throws: StoreError.self) { try report(scene, at: Self.now + 600) }
    #expect(try scene.store.counts().open == 2 && scene.store.nextGap() == Self.now + 600)
    try scene.store.database.inDatabase { try $0.execute(sql: "DROP TRIGGER no") }
    #expect(try report(scene, at: Self.now + 600) == [3: "43"])
  }

  @Test("Very many gaps at once are one callback")
  func many() throws {
    let scene = try StoreScene()
    try admit((0...30).map { Self.message("\($0 * 2)") }, in: scene)
    #expect(try report(scene, at: Self.now + 600).count == 1)
  }

  @Test("What a service that is watched no more left behind is not told")
  func watchedNoMore() throws {
    let scene = try StoreScene()
    try admit("42", "44", in: scene)
    let made = try scene.store.reportGaps(at: Self.now + 600, watch: ServiceWatch(), limit: 64, rule: Self.asking)
    #expect(made.isEmpty)
    #expect(try scene.store.nextGap() == nil)
  }

  @Test("Sequences and questions are forgotten after 30 days")
  func forgotten() throws {
    let scene = try StoreScene()
    try admit("A-1", "A-3", in: scene)
    _ = try report(scene, at: Self.now + 600)
    try admit("B-1", in: scene, at: Self.now + 31 * 86_400)
    #expect(try scene.number("SELECT count(*) FROM ref_sequence") == 1)
    #expect(try scene.number("SELECT count(*) FROM missing_ref") == 0)
  }

  // MARK: - Lists

  @Test("Each Ref of a list that is not here becomes a callback; what is here makes none")
  func list() throws {
    let scene = try StoreScene()
    try admit("41", "42", "44", in: scene)
    let all = try admit([Self.list(["41", "42"], service: "desk")], in: scene)[0]
    #expect(all.callbacks.isEmpty && all.lists == [ListAnswer(count: 2)])
    let answer = try admit([Self.list(["41", "43", "X", "42"])], in: scene)[0].lists[0]
    #expect(answer.count == 4 && answer.made == [4, 5])
    #expect(answer.missing == [.init(ref: "43", callback: 4), .init(ref: "X", callback: 5)])
    // What the list has asked for is not asked for by the numbers too.
    #expect(try scene.store.nextGap() == nil)
  }

  @Test("Capitals and leading zeros make no difference between a list and the messages; another number does")
  func listSpelledOtherwise() throws {
    let scene = try StoreScene()
    try admit("as-0041", "7", "AS-X", in: scene)
    let answer = try admit([Self.list(["AS-41", "0007", "as-x", "AS-0410", "70"])], in: scene)[0].lists[0]
    #expect(answer.missing.map(\.ref) == ["70", "AS-0410"])
  }

  @Test("The same list again asks for nothing twice while that is open, and says who is asked already")
  func listAgain() throws {
    let scene = try StoreScene()
    try admit("41", in: scene)
    let first = try admit([Self.list(["41", "43"])], in: scene)[0].lists[0]
    let again = try admit([Self.list(["41", "43"])], in: scene)[0].lists[0]
    #expect(again.made.isEmpty && again.missing == first.missing)
    try scene.close(2)
    #expect(try admit([Self.list(["43"])], in: scene)[0].lists[0].made == [3])
    try admit("43", in: scene)
    #expect(try scene.story(2).events.isEmpty && scene.story(3).events.map(\.kind) == [.missingCame])
  }

  @Test("What a gap asks for already, a list does not ask for again")
  func listAfterGap() throws {
    let scene = try StoreScene()
    try admit("42", "45", in: scene)
    _ = try report(scene, at: Self.now + 600)
    let answer = try admit([Self.list(["42", "43", "44", "45"])], in: scene)[0].lists[0]
    #expect(answer.made.isEmpty && answer.missing.map(\.callback) == [3, 3])
  }

  @Test("A list is compared for any service, watched or not, and only with its own messages of the last 30 days")
  func whose() throws {
    let scene = try StoreScene()
    try admit([Self.message("1", service: "day"), Self.message("2")], in: scene)
    #expect(try admit([Self.list(["1", "2"], service: "day")], in: scene)[0].lists[0].missing.map(\.ref) == ["2"])
    let later = try admit([Self.list(["1"], service: "day")], in: scene, at: Self.now + 31 * 86_400)[0]
    #expect(later.lists[0].missing.map(\.ref) == ["1"])
  }

  @Test("Beyond five hundred that are missing, one callback is for the rest")
  func listOfNothing() throws {
    let scene = try StoreScene()
    let answer = try admit([Self.list((1...700).map { "\($0)" })], in: scene)[0].lists[0]
    #expect(answer.made.count == 501 && answer.missing.last == .init(ref: nil, count: 200, callback: 501))
    #expect(try scene.story(501).callback.message.regarding == "501 to 700")
    try admit("650", in: scene)
    #expect(try scene.story(501).events.map(\.text) == ["650"])
  }

  @Test("A list that was committed but not put away is known after a crash, with its answer")
  func listInHand() throws {
    let scene = try StoreScene()
    let arrival = scene.arrival([Self.list(["41"])], bytes: "Sent: 41")
    let first = try admit([arrival], in: scene)[0]
    let after = try scene.crashed()
    let again = try admit([arrival], in: after)[0]
    #expect(again.arrival == first.arrival && again.callbacks.isEmpty)
    #expect(again.lists.map(\.missing) == [[.init(ref: "41", callback: 1)]])
    #expect(try after.store.counts().open == 1)
    #expect(try after.store.arrivalsInHand().map { $0.lists.map(\.missing) } == [first.lists.map(\.missing)])
  }

  // MARK: - Silence

  @Test("When a watched service was heard is kept with whatever it sends, lists and unreadable messages too")
  func heard() throws {
    let scene = try StoreScene()
    let mark = Office.heardMark(of: "desk")
    try admit([Self.message("1", service: "day")], in: scene)
    #expect(try scene.store.lastMark(mark) == nil && scene.store.lastMark(Office.heardMark(of: "day")) == nil)
    try admit([Self.list(["1"])], in: scene, at: Self.now + 5)
    #expect(try scene.store.lastMark(mark) == Self.now + 5)
    var bad = Message(takenAt: Self.now, problem: "no", service: "desk")
    bad.urgency = .urgent
    try admit([bad], in: scene, at: Self.now + 9)
    #expect(try scene.store.lastMark(mark) == Self.now + 9)
  }
}
