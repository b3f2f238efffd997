import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Listing")
struct ListTests {
  private static let now = StoreScene.now

  /// 60 callbacks of all urgencies, with deadlines that many share; each third of them closed, in groups of one moment.
  private func filled() throws -> StoreScene {
    let scene = try StoreScene()
    for number in 1...60 {
      let urgency = Urgency.allCases[number % 3]
      try scene.admit(Message(takenAt: Self.now + number, urgency: urgency)) { callback in
        callback.dueAt = Self.now + (number * 7) % 5
        callback.overdue = number % 4 == 0
        callback.owner = number % 5 == 0 ? "chen" : nil
        callback.recipient = number % 2 == 0 ? "rivera" : "nurses"
      }
      if number % 3 == 0 || number % 7 == 0 { try scene.close(Int64(number), at: Self.now + number / 10) }
    }
    return scene
  }

  private func pages(_ scene: StoreScene, closed: Bool, limit: Int) throws -> [Int64] {
    var filter = CallbackFilter()
    filter.closed = closed
    filter.limit = limit
    var seen: [Int64] = []
    while true {
      let page = try scene.store.list(filter)
      #expect(page.count <= limit)
      seen += page.map(\.id)
      guard let last = page.last else { return seen }
      filter.after = .init(urgency: last.urgency, time: closed ? last.closedAt ?? Self.now : last.dueAt, id: last.id)
    }
  }

  private func all(_ scene: StoreScene, _ change: (inout CallbackFilter) -> Void = { _ in }) throws -> [Callback] {
    var filter = CallbackFilter()
    change(&filter)
    return try scene.store.list(filter)
  }

  @Test("Open callbacks are listed the most urgent first, then by deadline, then by number")
  func order() throws {
    let scene = try filled()
    let listed = try all(scene)
    let sorted = listed.sorted { left, right in
      if left.urgency != right.urgency { return left.urgency > right.urgency }
      return (left.dueAt, left.id) < (right.dueAt, right.id)
    }
    #expect(listed.map(\.id) == sorted.map(\.id))
    #expect(try scene.store.counts().open == listed.count)
    #expect(listed.allSatisfy { $0.isOpen })
  }

  @Test("Closed callbacks are listed the latest closed first")
  func closedOrder() throws {
    let scene = try filled()
    let listed = try all(scene) { $0.closed = true }
    #expect(try scene.store.counts().open == 60 - listed.count)
    for (earlier, later) in zip(listed, listed.dropFirst()) {
      let time = try #require(earlier.closedAt)
      let next = try #require(later.closedAt)
      #expect((time, earlier.id) > (next, later.id))
    }
  }

  @Test("A place in the list that no time reaches is behind or before all", arguments: [1e300, -1e300])
  func farPlace(seconds: Double) throws {
    let scene = try filled()
    for closed in [false, true] {
      let place = CallbackFilter.Cursor(
        urgency: .emergency, time: Date(timeIntervalSince1970: seconds), id: .max)
      let found = try all(scene) { ($0.closed, $0.after) = (closed, place) }
      #expect(found.contains { $0.urgency == .emergency } == ((seconds > 0) == closed))
    }
  }

  @Test("Page by page, each is seen once and in order", arguments: [1, 2, 7, 20, 60], [false, true])
  func paging(limit: Int, closed: Bool) throws {
    let scene = try filled()
    #expect(try pages(scene, closed: closed, limit: limit) == all(scene) { $0.closed = closed }.map(\.id))
  }

  @Test("A limit of none, or less, lists nothing", arguments: [0, -1], [false, true])
  func noLimit(limit: Int, closed: Bool) throws {
    let scene = try filled()
    #expect(
      try all(scene) {
        $0.limit = limit
        $0.closed = closed
      }.isEmpty)
  }

  @Test("Filters keep what they name, alone and together", arguments: [false, true])
  func filters(closed: Bool) throws {
    let scene = try filled()
    let everything = try all(scene) { $0.closed = closed }
    let since = Self.now + (closed ? 3 : 30)
    let expectations: [((inout CallbackFilter) -> Void, (Callback) -> Bool)] = [
      ({ $0.overdue = true }, { $0.overdue }),
      ({ $0.person = "chen" }, { $0.owner == "chen" }),
      ({ $0.person = "rivera" }, { $0.recipient == "rivera" }),
      ({ $0.since = since }, { (closed ? $0.closedAt ?? Self.now : $0.message.takenAt) >= since }),
      ({ $0.account = "none" }, { _ in false }),
      (
        {
          $0.overdue = true
          $0.person = "chen"
        }, { $0.overdue && $0.owner == "chen" }
      ),
    ]
    for (set, keeps) in expectations {
      let listed = try all(scene) {
        $0.closed = closed
        set(&$0)
      }
      #expect(listed.map(\.id) == everything.filter(keeps).map(\.id))
    }
  }

  @Test("An account's callbacks are listed alone, and those without an account with none")
  func account() throws {
    let scene = try StoreScene()
    for account in ["riverside", nil, "lakeside"] { try scene.admit(Message(takenAt: Self.now, account: account)) }
    #expect(try all(scene) { $0.account = "riverside" }.map(\.id) == [1])
    #expect(try all(scene).count == 3)
  }

  @Test("The oldest passed deadline is that of an open callback, of any urgency")
  func oldestOverdue() throws {
    let scene = try StoreScene()
    #expect(try scene.store.counts().oldestOverdueDue == nil)
    for (offset, urgency) in [(-60, Urgency.emergency), (-90, .routine), (-30, .urgent)] {
      try scene.admit(Message(takenAt: Self.now, urgency: urgency)) { callback in
        callback.dueAt = Self.now + offset
        callback.overdue = true
      }
    }
    #expect(try scene.store.counts().oldestOverdueDue == Self.now + (-90))
    try scene.close(2)
    #expect(try scene.store.counts().oldestOverdueDue == Self.now + (-60))
  }
}
