import CallbackConfiguration
import CallbackRules

/// What to say when somebody names what is not there.
extension Office {
  /// So many names at most: an office may have hundreds, and nobody reads them.
  private static let mostNames = 12

  /// A sentence's end: the name that was probably meant, and which there are.
  ///
  /// - Parameter names: the ids, each with what else it is called.
  func hint(_ written: String, among names: [String: [String]]) -> String {
    let ids = names.keys.sorted()
    let words = Dictionary(
      names.flatMap { id, others in ([id] + others).map { ($0, id) } }, uniquingKeysWith: { first, _ in first })
    let near = nearest(to: written, among: words.keys.sorted()).flatMap { words[$0] }
    let more = ids.count > Self.mostNames ? " and \(ids.count - Self.mostNames) more" : ""
    let known = ids.prefix(Self.mostNames).joined(separator: ", ") + more
    let list = "\(ids.count == 1 ? "is" : "are") \(ids.isEmpty ? "none" : known)"
    return near.map { "; did you mean \($0)? There \(list)" } ?? "; there \(list)"
  }

  /// Those who are there, with what else they are called.
  var namesOfPeople: [String: [String]] {
    people.filter(\.value.active).mapValues { [$0.name] + $0.also }
  }

  /// Persons, teams and rotations, with what else they are called.
  var namesOfRecipients: [String: [String]] {
    namesOfPeople.merging(teams.mapValues { [$0.name] }) { first, _ in first }
      .merging(rotations.mapValues { [$0.name] }) { first, _ in first }
  }
}
