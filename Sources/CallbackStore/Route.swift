import GRDB

/// One of a person's channels, by its place among them: what a notice that waits goes by.
public struct Route: Sendable, Hashable {
  /// The id of the person.
  public var person: String
  /// From 0.
  public var channelIndex: Int

  public init(person: String, channelIndex: Int) {
    self.person = person
    self.channelIndex = channelIndex
  }
}

/// By which ways nothing may be leased at a moment.
public enum Barred: Sendable, Equatable {
  /// These are barred; an empty list bars nothing.
  case ways([Route])
  /// Every way is, so that nothing need be looked for.
  case every
}

extension [Route] {
  /// A condition on a notice's row that leaves out those that go by these, and its values.
  var leftOut: (sql: String, values: [DatabaseValue]) {
    guard !isEmpty else { return ("", []) }
    let marks = map { _ in "(?, ?)" }.joined(separator: ", ")
    let values = flatMap { route -> [DatabaseValue] in [.of(route.person), .of(route.channelIndex)] }
    return (" AND (person, channel) NOT IN (VALUES \(marks))", values)
  }
}
