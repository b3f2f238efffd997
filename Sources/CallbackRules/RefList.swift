/// The Refs of the messages that a service believes it sent, as its list gives them.
public struct RefList: Sendable, Equatable {
  /// In their order, each once.
  public var refs: [String]

  public init(refs: [String]) {
    self.refs = refs
  }

  /// A list with more is not read.
  public static let mostRefs = 5000
  /// So many that are missing become a callback each; one more is for all the rest.
  public static let mostCallbacks = 500
}
