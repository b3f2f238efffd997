import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("What a message may belong to")
struct RelatedTests {
  private static let now = StoreScene.now
  private static let hour = 3600

  private func message(
    ref: String? = nil, phone: String? = nil, service: String? = "night-desk", account: String? = "riverside"
  ) -> Message {
    var message = Message(
      takenAt: Self.now, service: service, account: account,
      callback: phone.map { PhoneNumber(written: $0, countryCode: "1") })
    message.ref = ref
    return message
  }

  /// What the rules would be given with this message, which then becomes a callback of its own.
  private func related(to message: Message, in scene: StoreScene, at moment: Date = now) throws -> Related {
    var given = Related()
    try scene.receive(scene.arrival([message], bytes: "asked"), at: moment) { message, related in
      given = related
      return Admittance(Transition(StoreScene.callback(of: message)))
    }
    return given
  }

  private func ids(_ callbacks: [Callback]) -> [Int64] { callbacks.map(\.id) }

  private static let phone = "(555) 010-4477"

  @Test("A number counts without its extension, however it is written, for one account")
  func number() throws {
    let scene = try StoreScene()
    let known = [
      message(phone: Self.phone), message(phone: "1 555 010 4477 x9", service: "day-desk"),
      message(phone: "555 010 4478"), message(phone: Self.phone, account: "lakeside"),
      message(phone: Self.phone, account: nil), message(), message(phone: "none"),
    ]
    for message in known { try scene.admit(message) }
    let asked: [(String?, String?, Set<Int64>)] = [
      ("5550104477", "riverside", [1, 2]), (Self.phone, "lakeside", [4]), (Self.phone, nil, [5]),
      (Self.phone, "hillside", []), (nil, "riverside", []), ("none", "riverside", []),
    ]
    for (phone, account, expected) in asked {
      let found = try related(to: message(phone: phone, account: account), in: scene.crashed()).sameNumber
      #expect(Set(ids(found)) == expected, "\(phone ?? "nobody") for \(account ?? "nobody")")
    }
  }

  @Test("Callbacks of a number are given as they are now, the open ones first, of each the latest call first")
  func order() throws {
    let scene = try StoreScene()
    for number in 1...5 { try scene.admit(message(phone: Self.phone), at: Self.now + number) }
    for (id, moment) in [(5, 10), (2, 20)] as [(Int64, Int)] { try scene.close(id, at: Self.now + moment) }
    let known = try scene.story(1).callback
    try scene.receive(scene.arrival([message()], bytes: "again"), at: Self.now + 30) { _, _ in
      StoreScene.part(.repeatCall, of: known)
    }
    let found = try related(to: message(phone: Self.phone), in: scene, at: Self.now + 40).sameNumber
    #expect(ids(found) == [1, 4, 3, 2, 5])
    #expect(try found == [1, 4, 3, 2, 5].map { try scene.story($0).callback })
  }

  @Test("No more than twenty of a number are given, and none that is open is left out for one that is closed")
  func mostOfANumber() throws {
    let scene = try StoreScene()
    for id in 1...25 as ClosedRange<Int64> {
      try scene.admit(message(phone: Self.phone), at: Self.now + Int(id))
      if id > 3 { try scene.close(id, at: Self.now + 100 + Int(id)) }
    }
    let found = try related(to: message(phone: Self.phone), in: scene, at: Self.now + 200).sameNumber
    #expect(ids(found) == [3, 2, 1] + (9...25).reversed())
  }

  @Test("A call counts for so long after the last, or after the closing, whichever was later")
  func howLong() throws {
    let scene = try StoreScene()
    for _ in 1...4 { try scene.admit(message(phone: Self.phone)) }
    let known = try scene.story(2).callback
    try scene.receive(scene.arrival([message()], bytes: "again"), at: Self.now + 10) { _, _ in
      StoreScene.part(.repeatCall, of: known)
    }
    try scene.close(3, at: Self.now + 20)
    // Nobody rang.
    try scene.change(4, at: Self.now + 30) { $0.owner = "chen" }
    for (after, expected) in [(0, [3, 2, 4, 1]), (1, [3, 2]), (10, [3, 2]), (11, [3]), (20, [3]), (21, [])] {
      let asked = try scene.crashed()
      let found = try related(
        to: message(phone: Self.phone), in: asked, at: Self.now + Int(StoreScene.repeatsWithin) + after)
      #expect(Set(ids(found.sameNumber)) == Set(expected.map(Int64.init)), "after \(after) s")
    }
  }

  @Test("An amended number counts instead of the one before")
  func amendedNumber() throws {
    let scene = try StoreScene()
    try scene.admit(message(phone: Self.phone))
    let known = try scene.story(1).callback
    try scene.receive(scene.arrival([message(phone: "555 010 9999")], bytes: "amended")) { message, _ in
      StoreScene.part(.amendment, of: known) { $0.message = message }
    }
    #expect(try related(to: message(phone: Self.phone), in: scene.crashed()).sameNumber.isEmpty)
    #expect(try ids(related(to: message(phone: "555 010 9999"), in: scene.crashed()).sameNumber) == [1])
  }

  @Test("Calls that are too long ago are forgotten some at a time, and no others")
  func forgetting() throws {
    let scene = try StoreScene()
    let old = scene.arrival((0..<600).map { message(phone: "555 010 \(1000 + $0)") })
    try scene.receive(old) { message, _ in Admittance(Transition(StoreScene.callback(of: message))) }
    try scene.admit(message(phone: Self.phone), at: Self.now + 10)
    func kept() throws -> Int { try scene.number("SELECT count(*) FROM recent_call") }
    #expect(try kept() == 601)
    let later = Self.now + Int(StoreScene.repeatsWithin) + 5
    var counts: [Int] = []
    for _ in 1...3 {
      try scene.admit(message(), at: later)
      counts.append(try kept())
    }
    #expect(counts == [89, 1, 1])
    #expect(try ids(related(to: message(phone: Self.phone), in: scene, at: later).sameNumber) == [601])
  }

  @Test("Callbacks with the same Ref from the same service for the same account are given, the latest first")
  func ref() throws {
    let scene = try StoreScene()
    let messages = [
      message(ref: "A-1"), message(ref: "A-1", service: nil), message(ref: "A-1", account: nil), message(ref: "A-2"),
      message(ref: "A-1"),
    ]
    for (number, message) in messages.enumerated() {
      try scene.receive(scene.arrival([message], bytes: "\(number)")) { message, _ in
        Admittance(Transition(StoreScene.callback(of: message)))
      }
    }
    // Known by its second message alone.
    let known = try scene.story(4).callback
    try scene.receive(scene.arrival([message(ref: "A-1")], bytes: "again")) { _, _ in
      StoreScene.part(.repeatCall, of: known)
    }
    #expect(try ids(related(to: message(ref: "A-1"), in: scene.crashed()).sameRef) == [5, 4, 1])
    #expect(try ids(related(to: message(ref: "A-1", service: nil), in: scene.crashed()).sameRef) == [2])
    #expect(try ids(related(to: message(ref: "A-1", account: nil), in: scene.crashed()).sameRef) == [3])
    #expect(try related(to: message(), in: scene.crashed()).sameRef.isEmpty)
  }

  @Test("A Ref that every message has gives the latest twenty")
  func mostOfARef() throws {
    let scene = try StoreScene()
    for number in 1...120 {
      try scene.receive(scene.arrival([message(ref: "0")], bytes: "\(number)")) { message, _ in
        Admittance(Transition(StoreScene.callback(of: message)))
      }
    }
    #expect(try ids(related(to: message(ref: "0"), in: scene).sameRef) == (101...120).reversed())
  }

  @Test("A Ref counts for thirty days from when its callback came in", arguments: [(29, 1), (30, 0), (31, 0)])
  func refDays(days: Int, count: Int) throws {
    let scene = try StoreScene()
    try scene.admit(message(ref: "A-1"))
    let later = Self.now + days * 24 * Self.hour
    #expect(try related(to: message(ref: "A-1"), in: scene, at: later).sameRef.count == count)
  }
}
