/// What became of a service's list: which of its messages are here.
public struct ListAnswer: Sendable, Equatable, Codable {
  /// How many Refs it names.
  public var count: Int
  public var missing: [Missing] = []
  /// The numbers of the callbacks that it made. Not kept.
  public var made: [Int64] = []

  enum CodingKeys: String, CodingKey {
    case count, missing
  }

  /// Refs of the list that have not come in, and the callback that asks for them.
  public struct Missing: Sendable, Equatable, Codable {
    /// Nil: as many as `count` says, which stand in the callback.
    public var ref: String?
    public var count: Int
    public var callback: Int64

    public init(ref: String?, count: Int = 1, callback: Int64) {
      self.ref = ref
      self.count = count
      self.callback = callback
    }
  }

  public init(count: Int) {
    self.count = count
  }

  /// What the service's staff read of it.
  var text: String {
    let messages = count == 1 ? "message" : "messages"
    let missingCount = missing.reduce(0) { $0 + $1.count }
    guard missingCount > 0 else {
      return count == 1 ? "The one message is here.\n" : "All \(count) messages are here.\n"
    }
    let lines = missing.map { "\($0.ref ?? "\($0.count) more"): callback \($0.callback)\n" }
    return "Missing: \(missingCount) of \(count) \(messages)\n\(lines.joined())"
  }
}
