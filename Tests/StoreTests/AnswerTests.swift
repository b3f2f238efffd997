import CallbackIntake
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

/// Mails that answer notices: each acts once, whatever crashes in between.
@Suite("Answers in the store")
struct AnswerTests {
  private static let now = StoreScene.now
  private let scene: StoreScene

  init() throws { scene = try StoreScene() }

  /// A callback whose announcement was handed over, and how mails name it.
  private func told(
    _ people: [String] = ["rivera"], urgency: Urgency = .urgent
  ) throws -> (callback: Int64, ids: [NoticeID]) {
    let notices = people.map { Notice(person: $0, reason: .announce) }
    let callback = try scene.admit(notices: notices) { $0.urgency = urgency }
    let leases = try scene.store.leaseNotices(at: Self.now, limit: 9)
    for lease in leases { try scene.settle(lease, as: .delivered) }
    return (
      callback.id,
      leases.map { NoticeID(matter: .callback(callback.id), number: $0.number, token: $0.token) }
    )
  }

  private func answer(_ ids: [NoticeID], digest: String = "d1", inode: UInt64 = 7) -> ReceivedAnswer {
    ReceivedAnswer(
      notices: ids, digest: digest, identity: FileIdentity(inode: inode, sizeBytes: 3, modifiedNanoseconds: 5))
  }

  /// A rule that notes.
  private func note(_ notice: AnsweredNotice?, _ meant: Callback?) -> AnswerVerdict {
    guard let callback = notice?.entries.first?.callback else { return AnswerVerdict(.stray) }
    return AnswerVerdict(.noted, transitions: [Transition(callback, events: [Event(at: Self.now, .note, text: "x")])])
  }

  @discardableResult
  private func take(
    _ answer: ReceivedAnswer, at moment: Date = now, rule: ((AnsweredNotice?, Callback?) -> AnswerVerdict)? = nil
  ) throws -> TakenAnswer.Answer? {
    let taken = try scene.store.take(
      answer, tellingOfAlarms: [Route(person: "manager", channelIndex: 0)], at: moment, rule: rule ?? note)
    guard case .taken(let known) = taken else { return nil }
    return known
  }

  private func kinds(_ id: Int64) throws -> [Event.Kind] { try scene.story(id).events.map(\.kind) }

  @Test("A notice is found by its number and its token, with its callback")
  func found() throws {
    let (callback, ids) = try told(["rivera", "chen"])
    var seen: AnsweredNotice?
    try take(answer(ids)) { notice, _ in
      seen = notice
      return AnswerVerdict(.ignored)
    }
    let notice = try #require(seen)
    #expect(notice.number == ids[0].number && !notice.isAlarm && notice.channelIndex == 0 && notice.toldToday == 0)
    let entry = try #require(notice.entries.first)
    #expect(notice.entries.count == 1 && entry.callback.id == callback && entry.createdAt == Self.now)
    #expect(entry.isDelivered && !entry.isExpired && entry.othersMayKnow && !entry.isTaught && entry.refusals == 0)
  }

  @Test("With another token it belongs to nothing, but names a callback")
  func guessed() throws {
    let (callback, ids) = try told()
    var id = ids[0]
    id.token = "ffffffffffffffffffffffff"
    for wrong in [id, NoticeID(matter: .alarm, number: ids[0].number, token: ids[0].token)] {
      try take(answer([wrong], inode: wrong == id ? 1 : 2)) { notice, meant in
        #expect(notice == nil && meant?.id == (wrong == id ? callback : nil))
        return AnswerVerdict(.stray)
      }
    }
  }

  @Test("A guess is a line in the history a few times, not more")
  func guesses() throws {
    let (callback, _) = try told()
    for index in 1...6 {
      try take(answer([NoticeID(matter: .callback(callback), number: 99, token: "a")], inode: UInt64(index))) {
        _, meant in
        let event = Event(at: Self.now, .answerRefused, text: "guessed")
        return AnswerVerdict(.stray, transitions: meant.map { [Transition($0, events: [event])] } ?? [])
      }
    }
    #expect(try kinds(callback).count { $0 == .answerRefused } == 3)
  }

  @Test("The same file after a crash changes nothing, and the same mail in another one is a line in the history, once")
  func once() throws {
    let (callback, ids) = try told()
    let first = try #require(try take(answer(ids)))
    #expect(first.outcome == .noted && !first.isAgain && first.notice == ids[0].number)
    let crashed = try scene.crashed()
    let again = try crashed.store.take(answer(ids), tellingOfAlarms: [], at: Self.now) { _, _ in
      Issue.record("it acts twice")
      return AnswerVerdict(.ignored)
    }
    guard case .taken(let known) = again else { throw StoreError("not taken") }
    #expect(known.isAgain && known.number == first.number && known.outcome == .noted)
    #expect(try crashed.story(callback).events.map(\.kind) == kinds(callback))
    for inode: UInt64 in [8, 9] { #expect(try take(answer(ids, inode: inode))?.isAgain == true) }
    #expect(try kinds(callback) == [.note, .answerRefused])
    // Another text to the same notice is another answer.
    #expect(try take(answer(ids, digest: "d2", inode: 10))?.isAgain == false)
  }

  @Test("A mail that belongs to nothing is known again by its file")
  func strayAgain() throws {
    let first = try #require(try take(answer([])))
    #expect(first.outcome == .stray && first.notice == nil)
    let again = try #require(try take(answer([])))
    #expect(again.isAgain && again.number == first.number)
    #expect(try take(answer([], inode: 8))?.isAgain == false)
    // It is not remembered for good.
    _ = try take(answer([], inode: 9), at: Self.now + 31 * 86_400)
    #expect(try scene.number("SELECT count(*) FROM answer") == 1)
  }

  @Test("While it is being handed over, what a mail says of a notice waits")
  func handingOver() throws {
    let callback = try scene.admit(notices: [Notice(person: "rivera", reason: .announce)])
    let lease = try #require(try scene.store.leaseNotices(at: Self.now, limit: 1).first)
    let ids = [NoticeID(matter: .callback(callback.id), number: lease.number, token: lease.token)]
    #expect(try take(answer(ids)) == nil)
    try scene.settle(lease, as: .delivered)
    #expect(try take(answer(ids))?.outcome == .noted)
  }

  @Test("After the callback was closed the notice is expired, though it be open again; one made since is not")
  func expired() throws {
    let (callback, ids) = try told()
    try scene.close(callback)
    try scene.change(callback, notices: [Notice(person: "rivera", reason: .reopened)]) { callback in
      callback.state = .open
      callback.closedAt = nil
      callback.wakeAt = Self.now + 60
    }
    let lease = try #require(try scene.store.leaseNotices(at: Self.now, limit: 1).first)
    try scene.settle(lease, as: .delivered)
    let new = NoticeID(matter: .callback(callback), number: lease.number, token: lease.token)
    var expired: [Bool?] = []
    for (index, id) in [ids[0], new].enumerated() {
      try take(answer([id], inode: UInt64(index))) { notice, _ in
        expired.append(notice?.entries.first?.isExpired)
        return AnswerVerdict(.ignored)
      }
    }
    #expect(expired == [true, false])
  }

  @Test("What a person was told of answers is counted, by callback and by day")
  func counted() throws {
    let (callback, ids) = try told()
    func tell(_ reason: Notice.Reason, _ inode: UInt64) throws -> AnsweredNotice {
      var seen: AnsweredNotice?
      try take(answer(ids, digest: "\(inode)", inode: inode)) { notice, meant in
        seen = notice
        var verdict = note(notice, meant)
        verdict.transitions[0].notify(Notice(person: "rivera", reason: reason, text: "because"))
        return verdict
      }
      return try #require(seen)
    }
    _ = try tell(.answerUnclear, 1)
    _ = try tell(.answerRefused, 2)
    let seen = try tell(.answerRefused, 3)
    #expect(seen.toldToday == 2 && seen.entries[0].isTaught && seen.entries[0].refusals == 1)
    #expect(try scene.story(callback).notices.suffix(3).map(\.notice.text) == ["because", "because", "because"])
    var later: AnsweredNotice?
    try take(answer(ids, digest: "later", inode: 4), at: Self.now + 90_000) { notice, _ in
      later = notice
      return AnswerVerdict(.ignored)
    }
    #expect(later?.toldToday == 0 && later?.entries[0].refusals == 2)
  }

  @Test("A notice that told nobody has failed, or waits for its next channel")
  func fates() throws {
    let (callback, ids) = try told(["rivera", "chen"])
    func state(_ index: Int) throws -> NoticeRecord { try scene.story(callback).notices[index] }
    for (index, fate) in [AnswerVerdict.NoticeFate.failed(why: "gone"), .nextChannel].enumerated() {
      try take(answer([ids[index]], inode: UInt64(index))) { notice, _ in
        AnswerVerdict(.notTold, fates: [ids[index].number: fate])
      }
    }
    #expect(try state(0).state == .failed && state(0).error == "gone")
    #expect(try state(1).state == .waiting && scene.store.counts().noticesWaiting == 1)
    let lease = try #require(try scene.store.leaseNotices(at: Self.now, limit: 1).first)
    #expect(lease.person == "chen" && lease.channelIndex == 1 && lease.tries == 0 && lease.token == ids[1].token)
  }

  @Test("A digest is found by its first notice, with all callbacks that went with it")
  func digest() throws {
    for _ in 1...3 { try scene.admit(notices: [Notice(person: "rivera", reason: .announce)]) }
    let lease = try #require(try scene.store.leaseNotices(at: Self.now, limit: 1, digestOver: 2).first)
    try scene.settle(lease, as: .delivered)
    try take(answer([NoticeID(matter: .digest, number: lease.number, token: lease.token)])) { notice, _ in
      #expect(notice?.entries.map(\.callback.id) == [1, 2, 3])
      return AnswerVerdict(.notTold, fates: Dictionary(uniqueKeysWithValues: (1...3).map { ($0, .nextChannel) }))
    }
    let again = try #require(try scene.store.leaseNotices(at: Self.now, limit: 9, digestOver: 2).first)
    #expect(again.entries.count == 3 && again.number == lease.number && again.channelIndex == 1)
  }

  @Test("An alarm is found too, and one that a mail makes is told in the same transaction, once")
  func alarms() throws {
    _ = try scene.store.raise(Alarm(.downTime, from: Self.now, until: Self.now), to: ["manager"], at: Self.now)
    let lease = try #require(try scene.store.leaseNotices(at: Self.now, limit: 1).first)
    try scene.settle(lease, as: .delivered)
    try take(answer([NoticeID(matter: .alarm, number: lease.number, token: lease.token)])) { notice, _ in
      #expect(notice?.isAlarm == true && notice?.entries.isEmpty == true && notice?.person == "manager")
      return AnswerVerdict(.notTold, fates: [lease.number: .nextChannel])
    }
    #expect(try scene.store.leaseNotices(at: Self.now, limit: 9).map(\.channelIndex) == [1])
    let alarm = Alarm(.strayAnswer, from: Self.now, until: Self.now, person: "rivera")
    for inode: UInt64 in [20, 21] {
      let taken = try take(answer([], inode: inode)) { _, _ in AnswerVerdict(.stray, alarm: alarm) }
      #expect(taken?.alarm == (inode == 20 ? alarm : nil))
    }
    let told = try #require(try scene.store.leaseNotices(at: Self.now, limit: 9).first)
    guard case .alarm(let read) = told.content else { throw StoreError("no alarm") }
    #expect(read == alarm)
  }
}
