import CallbackRules
import Foundation
import Testing

@testable import CallbackStore

@Suite("Giving out what came in within a span")
struct ExportTests {
  private func pages(
    _ store: SQLiteStore, since: Date, until: Date = .distantFuture, limit: Int
  ) throws -> [[Story]] {
    var pages: [[Story]] = []
    var next: Int64? = 0
    while let after = next {
      let page = try store.stories(after: after, since: since, until: until, limit: limit)
      pages.append(page.stories)
      next = page.next
    }
    return pages
  }

  @Test("Each that came in within it, once, in the order of numbers, in pages of any size", arguments: [1, 2, 3, 100])
  func span(limit: Int) throws {
    let scene = try StoreScene()
    for minute in 0..<6 { try scene.admitWithEvent(Message(takenAt: .distantPast), at: StoreScene.now + 60 * minute) }
    let pages = try pages(scene.store, since: StoreScene.now + 60, until: StoreScene.now + 300, limit: limit)
    #expect(pages.allSatisfy { $0.count <= limit })
    #expect(pages.flatMap(\.self).map(\.callback.id) == [2, 3, 4, 5])
    #expect(pages.flatMap(\.self).allSatisfy { $0.events.map(\.kind) == [.admitted] && $0.original.isEmpty })
  }

  @Test("Large ones make short pages, but never empty ones")
  func large() throws {
    let scene = try StoreScene()
    for _ in 0..<3 {
      var message = Message(takenAt: StoreScene.now)
      message.body = String(repeating: "x", count: 2 << 20)
      try scene.admitWithEvent(message)
    }
    let pages = try pages(scene.store, since: .distantPast, limit: 100)
    #expect(pages.filter { !$0.isEmpty }.map(\.count) == [1, 1, 1])
  }
}
