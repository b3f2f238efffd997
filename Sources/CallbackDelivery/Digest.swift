import CallbackRules
import Foundation

/// Several callbacks of which one person is told at once.
struct Digest {
  /// Each callback once, with what was said of it last; the worst first: the most urgent, of those the longest overdue.
  let items: [OutgoingNotice.Item]
  /// Whether the person came on shift.
  let isHandOff: Bool

  /// - Parameter items: at least one.
  init(_ items: [OutgoingNotice.Item]) {
    precondition(!items.isEmpty, "a notice says something")
    var last: [Int64: OutgoingNotice.Item] = [:]
    for item in items where last[item.callback.id].map({ $0.number <= item.number }) ?? true {
      last[item.callback.id] = item
    }
    self.items = last.values.sorted { Self.rank($0.callback) < Self.rank($1.callback) }
    isHandOff = items.contains { $0.notice.reason == .handOff }
  }

  var worst: OutgoingNotice.Item { items[0] }

  func overdue(at now: Date) -> Int { items.count { $0.callback.isOpen && now >= $0.callback.dueAt } }

  /// The worst of them have a line each.
  var listed: ArraySlice<OutgoingNotice.Item> { items.prefix(40) }

  /// Of those listed, the messages that fit: 64 KiB for all of them, so that no mail program and no display chokes.
  ///
  /// - Returns: by the callback's number; none for those that would go beyond it.
  func messages(office: Office) -> [Int64: MessageText] {
    var room = 64 << 10
    var messages: [Int64: MessageText] = [:]
    for item in listed {
      let message = item.callback.message
      let text = MessageText(message: message, zone: office.zone(ofAccount: message.account))
      guard text.size <= room else { continue }
      room -= text.size
      messages[item.callback.id] = text
    }
    return messages
  }

  private static func rank(_ callback: Callback) -> (Int, Int, Date, Int64) {
    (callback.isOpen ? 0 : 1, -callback.urgency.rawValue, callback.dueAt, callback.id)
  }
}
