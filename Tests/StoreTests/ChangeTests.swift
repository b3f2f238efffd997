import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

/// What those are told by who watch.
@Suite("Changes")
struct ChangeTests {
  private static let now = StoreScene.now

  @Test("Events come in the order in which they were stored, with their callbacks, from any of them on")
  func events() throws {
    let scene = try StoreScene()
    #expect(try scene.store.latestEvent() == 0)
    for number in 1...5 { try scene.admit(Message(takenAt: Self.now + Double(number))) }
    for number in [3, 1, 2, 5, 4] as [Int64] {
      _ = try scene.store.change(number, at: Self.now) { callback in
        Transition(callback, events: [Event(at: Self.now, .noted), Event(at: Self.now, .overdue)])
      }
    }
    let all = try scene.store.events(after: 0, limit: 1000)
    let latest = try scene.store.latestEvent()
    try #require(all.count == 10)
    #expect(all.map(\.number) == all.map(\.number).sorted() && all.last?.number == latest)
    #expect(all.map(\.callback) == [3, 3, 1, 1, 2, 2, 5, 5, 4, 4])
    let rest = try scene.store.events(after: all[2].number, limit: 2)
    #expect(rest == Array(all[3...4]))
    #expect(try scene.store.events(after: all[all.count - 1].number, limit: 10).isEmpty)
  }

  @Test("A filter matches the callbacks that it lists, and no others")
  func matching() throws {
    let scene = try StoreScene()
    for number in 1...60 {
      let account = [nil, "riverside", "lakeside"][number % 3]
      try scene.admit(Message(takenAt: Self.now + Double(number), urgency: .urgent, account: account)) { callback in
        callback.overdue = number % 4 == 0
        callback.owner = number % 5 == 0 ? "chen" : nil
        callback.recipient = number % 2 == 0 ? "rivera" : "nurses"
      }
      if number % 7 == 0 { try scene.close(Int64(number), at: Self.now + Double(number)) }
    }
    let all = try scene.store.callbacks(Array(1...60) + [99, 1])
    #expect(all.map(\.id) == Array(1...60))
    let filters: [(inout CallbackFilter) -> Void] = [
      { _ in }, { $0.closed = true }, { $0.overdue = true }, { $0.person = "chen" }, { $0.account = "lakeside" },
      { ($0.person, $0.alsoRecipients) = ("rivera", ["nurses"]) }, { $0.visibleAccounts = [] },
      { $0.visibleAccounts = ["riverside"] }, { ($0.visibleAccounts, $0.closed) = (["lakeside"], true) },
      { $0.since = Self.now + 30 }, { ($0.since, $0.closed) = (Self.now + 30, true) },
    ]
    for change in filters {
      var filter = CallbackFilter()
      change(&filter)
      let listed = Set(try scene.store.list(filter).map(\.id))
      #expect(!listed.isEmpty && listed.count < 61)
      #expect(Set(all.filter(filter.matches).map(\.id)) == listed, "\(filter)")
    }
  }
}
