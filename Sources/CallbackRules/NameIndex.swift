import Foundation

/// Finds the id that goes with a name as somebody wrote it.
///
/// Names are compared by their words without case, accents, punctuation, titles and order: "DR RIVERA, M." is "M Rivera".
struct NameIndex: Sendable {
  /// Nil where a name fits two.
  private var ids: [[String]: String?] = [:]

  private static let titles: Set<String> = ["dr", "doctor", "md", "do", "np", "pa", "rn", "mr", "mrs", "ms", "prof"]

  init(people: [Person], teams: [Team], rotations: [Rotation]) {
    for person in people {
      for name in [person.id, person.name] + person.also { add(name, id: person.id) }
    }
    for team in teams {
      for name in [team.id, team.name] { add(name, id: team.id) }
    }
    for rotation in rotations {
      for name in [rotation.id, rotation.name] { add(name, id: rotation.id) }
    }
  }

  func id(named written: String) -> String? {
    for candidate in Self.candidates(written) {
      if let found = ids[Self.key(candidate)], let id = found { return id }
    }
    return nil
  }

  private mutating func add(_ name: String, id: String) {
    let key = Self.key(name)
    guard !key.isEmpty else { return }
    if let known = ids[key], known != id {
      ids[key] = .some(nil)
    } else {
      ids[key] = id
    }
  }

  /// The name whole, without its parentheses, inside them.
  private static func candidates(_ written: String) -> [String] {
    guard let open = written.firstIndex(of: "("), let close = written.lastIndex(of: ")"), open < close
    else { return [written] }
    let outside = written[..<open] + " " + written[written.index(after: close)...]
    return [written, String(outside), String(written[written.index(after: open)..<close])]
  }

  static func key(_ name: String) -> [String] {
    let folded = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    let words = folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let untitled = words.filter { !titles.contains($0) }
    return (untitled.isEmpty ? words : untitled).sorted()
  }
}
