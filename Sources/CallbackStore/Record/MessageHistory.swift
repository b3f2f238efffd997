import Foundation

/// What the messages of a callback are by its events: the present one, and those beside it in the order in which they were put
/// there. Each stands by its salted digest.
struct MessageHistory: Equatable {
  private(set) var present: Data?
  private(set) var others: [Data] = []
  /// Whether each change was made to what the one before had left.
  private(set) var isUnbroken = true

  /// What one event does to the messages of its callback.
  enum Change: Equatable {
    /// This is the callback's message; the one before, if there was one, is kept beside it.
    case put(Data)
    /// The callback's message was completed: what it was, and what it became.
    case completed(Data, Data)
    /// This stands beside the callback's message.
    case beside(Data)
  }

  mutating func take(_ change: Change) {
    switch change {
    case .put(let digest):
      if let present { others.append(present) }
      present = digest
    case .completed(let before, let after):
      if present != before { isUnbroken = false }
      present = after
    case .beside(let digest): others.append(digest)
    }
  }

  // MARK: - In a column

  /// A mark and one or two digests for each; nil for none.
  static func column(_ changes: [Change]) -> Data? {
    guard !changes.isEmpty else { return nil }
    return changes.reduce(into: Data()) { column, change in
      switch change {
      case .put(let digest): column += [1] + digest
      case .completed(let before, let after): column += [2] + before + after
      case .beside(let digest): column += [3] + digest
      }
    }
  }

  /// The changes in a column; nil where it holds anything else.
  static func changes(_ column: Data) -> [Change]? {
    var rest = column
    var changes: [Change] = []
    func digest() -> Data? {
      guard rest.count >= DigestInput.digestBytes else { return nil }
      defer { rest = rest.dropFirst(DigestInput.digestBytes) }
      return Data(rest.prefix(DigestInput.digestBytes))
    }
    while let mark = rest.popFirst() {
      guard let first = digest() else { return nil }
      switch mark {
      case 1: changes.append(.put(first))
      case 2:
        guard let after = digest() else { return nil }
        changes.append(.completed(first, after))
      case 3: changes.append(.beside(first))
      default: return nil
      }
    }
    return changes
  }
}
