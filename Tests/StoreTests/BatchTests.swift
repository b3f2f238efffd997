import CallbackIntake
import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("A file of several messages, and a crash before it is put away")
struct BatchTests {
  private static let now = StoreScene.now
  private static let header = "Ref,Taken,Caller,Callback"
  private static let rows = [
    "1,2026-11-23 14:00,Ann,555 010 1001", "2,2026-11-23 14:01,Bob,555 010 1002", "3,2026-11-23 25:61,Cy,555 010 1003",
  ]

  private let office = Office(
    name: "Riverside", zone: .utc, fallback: "manager",
    policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) })

  /// A file with these rows, as it is read.
  private func arrival(_ rows: [String], in scene: StoreScene) -> Arrival {
    let text = ([Self.header] + rows).joined(separator: "\r\n") + "\r\n"
    var arrival = scene.arrival([], bytes: text)
    let source = MessageSource(folderService: nil, modifiedAt: Self.now, arrivedAt: Self.now)
    arrival.parts = MessageReader(office: office).read(arrival.original, from: source)
    return arrival
  }

  private func admit(_ arrival: Arrival, to scene: StoreScene) throws -> Admission {
    let rules = Rules(office: office)
    return try scene.receive(arrival) { message, related in rules.admit(message, related: related, at: Self.now) }
  }

  private func events(_ scene: StoreScene) throws -> Int { try scene.number("SELECT count(*) FROM event") }

  @Test("Found again, each of its messages is what it became")
  func foundAgain() throws {
    let first = try StoreScene()
    let arrival = arrival(Self.rows, in: first)
    #expect(arrival.parts.map { $0.message.problem == nil } == [true, true, false])
    let admission = try admit(arrival, to: first)
    #expect(admission.callbacks.map(\.id) == [1, 2, 3])
    #expect(admission.callbacks.map(\.kind) == [.message, .message, .unreadable])
    #expect(try first.story(2).original == Array("\(Self.header)\n\(Self.rows[1])".utf8))

    let second = try first.crashed()
    let known = try second.store.arrivalsInHand()
    #expect(known.map { $0.callbacks.map(\.id) } == [[1, 2, 3]])
    let events = try events(second)
    let again = try admit(arrival, to: second)
    #expect(again.arrival == admission.arrival && again.callbacks.map(\.id) == [1, 2, 3])
    #expect(try second.store.counts().open == 3)
    #expect(try self.events(second) == events)
    try second.store.putAway([again.arrival])
    #expect(try second.store.arrivalsInHand().isEmpty)
  }

  @Test("So it is where its first message had come before, under the same Ref")
  func cameBefore() throws {
    let first = try StoreScene()
    let single = try admit(arrival([Self.rows[0]], in: first), to: first)
    try first.store.putAway([single.arrival])
    let batch = arrival(Self.rows, in: first)
    let admission = try admit(batch, to: first)
    #expect(admission.callbacks.map(\.id) == [1, 2, 3])
    #expect(try first.story(1).events.count { $0.kind == .receivedAgain } == 1)

    let second = try first.crashed()
    let events = try events(second)
    #expect(try admit(batch, to: second).callbacks.map(\.id) == [1, 2, 3])
    #expect(try second.store.counts().open == 3)
    #expect(try self.events(second) == events)
  }

  @Test("So it is where its callback does not keep the bytes of the whole file")
  func otherBytes() throws {
    let first = try StoreScene()
    let row = ",2026-11-23 14:01,Bob,555 010 1002"
    var arrival = arrival([row], in: first)
    arrival.parts[0].original = Array(row.utf8)
    _ = try admit(arrival, to: first)
    let second = try first.crashed()
    let events = try events(second)
    #expect(try admit(arrival, to: second).callbacks.map(\.id) == [1])
    // No call that came again.
    #expect(try self.events(second) == events)
  }

  @Test("Two rows that share a Ref by mistake are two messages")
  func sharedRef() throws {
    let scene = try StoreScene()
    let admission = try admit(
      arrival(["7,2026-11-23 14:00,Ann,555 010 1001", "7,2026-11-23 14:05,Bob,555 010 1002"], in: scene), to: scene)
    #expect(admission.callbacks.map(\.id) == [1, 2])
  }
}
