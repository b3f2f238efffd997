import CallbackRules
import Foundation
import GRDB
import Testing

@testable import CallbackStore

@Suite("Purging")
struct PurgeTests {
  private static let now = StoreScene.now
  /// Stands in everything that is personal.
  private static let secret = "Xyzzy"

  private func message(_ number: Int, size: Int) -> Message {
    let secret = "\(Self.secret)-\(number)"
    var message = Message(
      takenAt: Self.now, problem: secret, service: "night-desk", account: "riverside", to: secret, caller: secret,
      callback: PhoneNumber(written: "(555) 010-\(1000 + number) ext \(secret)", countryCode: "1"), patient: secret,
      regarding: secret)
    message.unknownAccount = secret
    message.relationship = secret
    message.dateOfBirth = secret
    message.language = secret
    message.operatorName = secret
    message.ref = secret
    message.mailID = secret
    message.body = String(repeating: secret + " ", count: size / 10)
    message.otherFields = [.init(name: secret, value: secret)]
    message.notes = [secret]
    return message
  }

  /// Callbacks of all sizes, each amended, rung for again, written about, tried to be told of, and closed.
  private func filled(_ count: Int, closedAt: Date = now) throws -> StoreScene {
    let scene = try StoreScene()
    for number in 1...count {
      let message = message(number, size: 50 << (number % 9))
      let callback = try #require(
        try scene.store.admit([scene.arrival([message], bytes: message.body ?? "")], at: Self.now) { message in
          StoreScene.transition(
            StoreScene.callback(of: message), events: [Event(at: Self.now, .admitted, text: Self.secret)],
            notices: [Notice(person: "rivera", reason: .step)])
        }.first?.callbacks.first)
      let id = callback.id
      // By another mail: one that is known by its Message-ID would only have come again.
      try scene.join(.amendment, to: id) {
        ($0.mailID, $0.body) = (
          "\(Self.secret)+\(number)", String(repeating: "\(Self.secret)+", count: 3000 >> (number % 5))
        )
      }
      try scene.join(.repeatCall, to: id) { ($0.mailID, $0.patient) = (nil, Self.secret + " Doe") }
      try scene.note(id, "She is \(Self.secret)")
      for lease in try scene.store.leaseNotices(at: Self.now, limit: 10) {
        try scene.settle(lease, as: .failed(why: "No such \(Self.secret)"))
      }
      try scene.closeWithEvent(id, at: closedAt, reason: "\(Self.secret) came by")
    }
    return scene
  }

  /// Where any of the store's files holds what is personal.
  private func holdsSecret(_ scene: StoreScene) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scene.directory.path).compactMap { name in
      let data = try Data(contentsOf: URL(filePath: scene.directory.path + "/" + name))
      return data.range(of: Data(Self.secret.utf8)).map { found in
        "\(name) at \(found.lowerBound): \(String(decoding: data[found.lowerBound...].prefix(60), as: UTF8.self))"
      }
    }
  }

  @Test("Afterwards neither the database nor its log holds a word of it, the record is whole, and numbers stay")
  func nothingIsLeft() throws {
    let scene = try filled(60)
    #expect(try !holdsSecret(scene).isEmpty)
    #expect(try scene.store.countPurgeable(closedBefore: Self.now + 1) == 60)
    #expect(try scene.store.purge(closedBefore: Self.now + 1, limit: 1000, at: Self.now + 60) == 60)
    #expect(try scene.store.emptyLog())
    #expect(try holdsSecret(scene) == [])
    #expect(try scene.findings() == [])
    let story = try scene.story(7)
    #expect(story.callback.purgedAt == Self.now + 60)
    #expect(story.callback.message.callback == nil)
    #expect(story.callback.message.account == "riverside")
    #expect(story.callback.message.takenAt == Self.now)
    #expect(story.callback.closedAt == Self.now)
    #expect(story.callback.closedBy == "lee")
    #expect(story.callback.repeatCalls == 1)
    #expect(story.events.map(\.kind) == [.admitted, .amended, .repeatCall, .note, .closed, .purged])
    #expect(story.events.allSatisfy { $0.text == nil })
    #expect(story.otherMessages.isEmpty)
    #expect(story.original.isEmpty)
    #expect(try scene.store.counts().open == 0)
  }

  @Test("What is open, was closed since, or is purged already stays as it is")
  func onlyWhatIsDue() throws {
    let scene = try filled(3)
    try scene.admitWithEvent(Message(takenAt: Self.now))
    try scene.closeWithEvent(try scene.admitWithEvent(Message(takenAt: Self.now)).id, at: Self.now + 1)
    #expect(try scene.store.purge(closedBefore: Self.now, limit: 10, at: Self.now + 60) == 0)
    #expect(try scene.store.purge(closedBefore: Self.now + 1, limit: 10, at: Self.now + 60) == 3)
    #expect(try scene.store.purge(closedBefore: Self.now + 1, limit: 10, at: Self.now + 120) == 0)
    #expect(try scene.story(1).callback.purgedAt == Self.now + 60)
    for id in [4, 5] as [Int64] { #expect(try scene.story(id).callback.purgedAt == nil) }
  }

  @Test("A crash in the middle leaves each whole or purged, and it goes on")
  func crash() throws {
    let scene = try filled(5)
    #expect(try scene.store.purge(closedBefore: Self.now + 1, limit: 2, at: Self.now + 60) == 2)
    let after = try scene.crashed()
    #expect(try after.findings() == [])
    #expect(try after.story(2).callback.purgedAt != nil)
    #expect(try after.story(3).callback.message.patient == Self.secret + " Doe")
    #expect(try after.store.purge(closedBefore: Self.now + 1, limit: 10, at: Self.now + 60) == 3)
    #expect(try after.store.emptyLog())
    #expect(try holdsSecret(after) == [])
  }

  @Test("Who rings again is known no more by the number, and what links to it finds it purged")
  func links() throws {
    let scene = try filled(1)
    var known = try scene.story(1).callback.message
    (known.mailID, known.ref) = (nil, nil)
    try scene.admitWithEvent(known)
    _ = try scene.store.change(2, at: Self.now) { Transition($0, events: [Event(at: Self.now, .linked, other: 1)]) }
    _ = try scene.store.purge(closedBefore: Self.now + 1, limit: 10, at: Self.now + 60)
    try scene.receive(scene.arrival([known])) { message, related in
      #expect(related.sameNumber.map(\.id) == [2])
      return Admittance(Transition(StoreScene.callback(of: message), events: [Event(at: Self.now, .admitted)]))
    }
    #expect(try scene.story(2).events.last?.other == 1)
    #expect(try scene.findings() == [])
  }

  @Test("While somebody reads the store its log can't be emptied; nobody waits for that, and it can be afterwards")
  func reader() throws {
    let scene = try filled(1)
    let reader = try DatabaseQueue(path: scene.directory.path + "/callbackd.db")
    _ = try scene.store.purge(closedBefore: Self.now + 1, limit: 10, at: Self.now)
    try reader.inDatabase { database in
      try database.execute(sql: "BEGIN; SELECT count(*) FROM event")
      try scene.note(try scene.admitWithEvent(Message(takenAt: Self.now)).id, "Meanwhile")
      let start = ContinuousClock.now
      #expect(try !scene.store.emptyLog())
      #expect(ContinuousClock.now - start < .seconds(3))
      try database.execute(sql: "COMMIT")
    }
    try reader.close()
    #expect(try scene.store.emptyLog())
    #expect(try scene.number("PRAGMA busy_timeout") == 5000)
  }

  @Test("What was changed before it was purged is found afterwards, and so is one that was purged by hand")
  func tampered() throws {
    let scene = try filled(2)
    try scene.tamper("UPDATE callback SET closed_at = closed_at - 60 WHERE id = 1")
    _ = try scene.store.purge(closedBefore: Self.now + 1, limit: 1, at: Self.now + 60)
    #expect(try scene.findings() == [RecordFinding(.callbackChanged, callback: 1)])
    try scene.tamper(
      """
      UPDATE callback SET purged_at = 1 WHERE id = 2; UPDATE event SET text = NULL, salt = NULL WHERE callback = 2;
      UPDATE message SET body = NULL WHERE callback = 2
      """)
    #expect(try scene.findings().contains(RecordFinding(.callbackChanged, callback: 2)))
  }
}
