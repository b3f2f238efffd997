import CallbackIntake
import Foundation
import Testing

@testable import CallbackRules
@testable import CallbackStore

@Suite("Admitting")
struct AdmitTests {
  private static let now = StoreScene.now
  private let rule: (Message) -> Transition = { Transition(StoreScene.callback(of: $0)) }

  private func message(ref: String? = nil, service: String? = "night-desk", account: String? = "riverside") -> Message {
    var message = Message(takenAt: Self.now, service: service, account: account)
    message.ref = ref
    return message
  }

  @Test("Files are admitted together, each message once, and are in hand until they are put away")
  func batch() throws {
    let scene = try StoreScene()
    let arrivals = [scene.arrival([message(), message()]), scene.arrival([message()])]
    let admissions = try scene.store.admit(arrivals, at: Self.now, rule: rule)
    #expect(admissions.map { $0.callbacks.map(\.id) } == [[1, 2], [3]])
    #expect(admissions.map(\.identity) == arrivals.map(\.identity))
    #expect(try scene.store.counts().open == 3)
    let inHand = try scene.store.arrivalsInHand()
    #expect(inHand.map(\.arrival) == admissions.map(\.arrival))
    #expect(inHand.map(\.callbacks) == admissions.map(\.callbacks))
    #expect(inHand.map(\.place) == arrivals.map(\.place))
    try scene.store.putAway([admissions[0].arrival])
    #expect(try scene.store.arrivalsInHand().map(\.arrival) == [admissions[1].arrival])
    try scene.store.putAway(admissions.map(\.arrival))
    #expect(try scene.store.arrivalsInHand().isEmpty)
  }

  @Test("Where one message of a batch can't be stored, none is, and all can be admitted later")
  func rollsBack() throws {
    let scene = try StoreScene()
    let arrivals = [scene.arrival([message()]), scene.arrival([message()])]
    let error = try #require(throws: StoreError.self) {
      var count = 0
      _ = try scene.store.admit(arrivals, at: Self.now) { message in
        count += 1
        // No clock, and not closed: no row of the table can be that.
        let callback = StoreScene.callback(of: message) { if count == 2 { $0.wakeAt = nil } }
        return StoreScene.transition(callback, notices: [Notice(person: "rivera", reason: .announce)])
      }
    }
    #expect(!error.mayPass)
    #expect(error.code != 0)
    #expect(try scene.number("SELECT count(*) FROM callback") == 0)
    #expect(try scene.number("SELECT count(*) FROM notice") == 0)
    #expect(try scene.store.counts() == StoreCounts())
    #expect(try scene.store.arrivalsInHand().isEmpty)
    #expect(try scene.store.admit(arrivals, at: Self.now, rule: rule).count == 2)
  }

  @Test("An error tells no word of a message")
  func errorsAreSilent() throws {
    let scene = try StoreScene()
    var odd = message(ref: "Smith-Ref")
    odd.patient = "Smith"
    let arrival = scene.arrival([odd], bytes: "Patient: Smith")
    let error = try #require(throws: StoreError.self) {
      try scene.store.admit([arrival], at: Self.now) { Transition(StoreScene.callback(of: $0) { $0.wakeAt = nil }) }
    }
    #expect(!error.description.contains("Smith"))
  }

  @Test("The same file again, before it was put away, is the same callback; the rule is not asked")
  func sameFile() throws {
    let scene = try StoreScene()
    let arrival = scene.arrival([message()])
    let first = try scene.store.admit([arrival], at: Self.now, rule: rule)
    let again = try scene.crashed().store.admit([arrival, arrival], at: Self.now + 60) { message in
      Issue.record("admitted again")
      return Transition(StoreScene.callback(of: message))
    }
    #expect(again.map(\.arrival) == [first[0].arrival, first[0].arrival])
    #expect(again.map(\.callbacks) == [first[0].callbacks, first[0].callbacks])
  }

  @Test("The same inode is another file if its time, its size or its bytes are others, or it was put away")
  func sameInode() throws {
    let scene = try StoreScene()
    let first = scene.arrival([message()], bytes: "one")
    var younger = first
    younger.identity.modifiedNanoseconds += 1
    var longer = first
    longer.identity.sizeBytes += 1
    var other = first
    other.original = Array("two".utf8)
    let admissions = try scene.store.admit([first, younger, longer, other], at: Self.now, rule: rule)
    #expect(admissions.flatMap(\.callbacks).map(\.id) == [1, 2, 3, 4])
    try scene.store.putAway(admissions.map(\.arrival))
    #expect(try scene.store.admit([first], at: Self.now, rule: rule).first?.callbacks.first?.id == 5)
  }

  @Test("Any inode number and any name of a file is kept")
  func oddPlaces() throws {
    let scene = try StoreScene()
    let places = [
      FilePlace(.incoming(folder: nil), name: [0xFF, 0x0A, 0x27]),
      FilePlace(.incoming(folder: "night-desk"), name: [0x2D]),
      FilePlace(.incoming(folder: "work"), name: [0x61]), FilePlace(.work, name: [0x37]),
    ]
    let arrivals = places.map { place in
      var arrival = scene.arrival([message()])
      arrival.place = place
      arrival.identity.inode = .max - arrival.identity.inode
      return arrival
    }
    _ = try scene.store.admit(arrivals, at: Self.now, rule: rule)
    let inHand = try scene.store.arrivalsInHand()
    #expect(inHand.map(\.place) == places)
    #expect(inHand.map(\.identity) == arrivals.map(\.identity))
  }

  @Test("The same Ref with the same bytes is one callback, and its history says that it came again")
  func sameRef() throws {
    let scene = try StoreScene()
    _ = try scene.store.admit([scene.arrival([message(ref: "A-1")])], at: Self.now, rule: rule)
    let again = try scene.store.admit([scene.arrival([message(ref: "A-1")])], at: Self.now + 60, rule: rule)
    #expect(again.first?.callbacks.map(\.id) == [1])
    #expect(try scene.story(1).events == [Event(at: Self.now + 60, actor: .service("night-desk"), .receivedAgain)])
    #expect(try scene.store.counts().open == 1)
    #expect(try scene.store.arrivalsInHand().count == 2)
  }

  @Test(
    "A Ref counts with the same bytes, for one service and one account, for 30 days",
    arguments: [
      ("other bytes", "other", "night-desk", "riverside", 0, 2),
      ("other service", "same", "day-desk", "riverside", 0, 2),
      ("no service", "same", nil, "riverside", 0, 2), ("other account", "same", "night-desk", "lakeside", 0, 2),
      ("no account", "same", "night-desk", nil, 0, 2), ("29 days", "same", "night-desk", "riverside", 29, 1),
      ("31 days", "same", "night-desk", "riverside", 31, 2),
    ] as [(String, String, String?, String?, Int, Int)])
  func whereRefCounts(name: String, bytes: String, service: String?, account: String?, days: Int, callbacks: Int) throws
  {
    let scene = try StoreScene()
    let first = scene.arrival([message(ref: "A-1")], bytes: "same")
    let second = scene.arrival([message(ref: "A-1", service: service, account: account)], bytes: bytes)
    _ = try scene.store.admit([first], at: Self.now) { message in
      Transition(StoreScene.callback(of: message))
    }
    _ = try scene.store.admit([second], at: Self.now + days * 86_400, rule: rule)
    #expect(try scene.store.counts().open == callbacks, "\(name)")
  }

  @Test("A Ref counts also where neither service nor account is known")
  func refOfNobody() throws {
    let scene = try StoreScene()
    for _ in 0..<2 {
      _ = try scene.store.admit(
        [scene.arrival([message(ref: "A-1", service: nil, account: nil)])], at: Self.now, rule: rule)
    }
    #expect(try scene.store.counts().open == 1)
  }

  @Test("Two messages of one file are two callbacks, even with one Ref; the file again is the same two")
  func refTwiceInOneFile() throws {
    let scene = try StoreScene()
    let messages = [message(ref: "A-1"), message(ref: "A-1")]
    let first = try scene.store.admit([scene.arrival(messages)], at: Self.now, rule: rule)
    #expect(first.first?.callbacks.map(\.id) == [1, 2])
    _ = try scene.store.admit([scene.arrival(messages)], at: Self.now, rule: rule)
    #expect(try scene.store.counts().open == 2)
  }

  @Test("A file in hand is answered for with its own callbacks only, also where some are older")
  func oldAndNewInOneFile() throws {
    let scene = try StoreScene()
    let old = scene.arrival([message(ref: "A-1")])
    let unreadable = scene.arrival([Message(takenAt: Self.now, problem: "Line 1 is odd.")], bytes: "odd")
    let mixed = scene.arrival([message(ref: "A-1"), message(ref: "B-1")])
    for arrival in [old, unreadable] {
      let admissions = try scene.store.admit([arrival], at: Self.now, rule: rule)
      try scene.store.putAway(admissions.map(\.arrival))
    }
    let admitted = try scene.store.admit([mixed], at: Self.now, rule: rule)
    #expect(admitted.first?.callbacks.map(\.id) == [1, 3])
    #expect(try scene.store.arrivalsInHand().map { $0.callbacks.map(\.id) } == [[1, 3]])
  }
}
