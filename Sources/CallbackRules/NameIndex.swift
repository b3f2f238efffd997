import Foundation

/// Finds the id that goes with a name as somebody wrote it.
///
/// Names are compared by their words without case, accents, punctuation, titles and order: "DR RIVERA, M." is "M Rivera". What
/// equals no name gets a second look, among people only: "Rivera" or "Maria Rivera" is "Rivera, M." as long as it fits nobody
/// else. A name that fits two finds nobody, because a message for nobody is noticed, and one for the wrong person is not.
struct NameIndex: Sendable {
  /// By their words; nil where a name fits two.
  private var ids: [[String]: String?] = [:]
  /// People by their family names, and by their first names, those who have left included.
  private var families: [String: [Entry]] = [:]
  private var givens: [String: [Entry]] = [:]
  /// What each name finds that is written just as in the configuration, as most are: comparing words takes far longer.
  private var asConfigured: [String: String?] = [:]

  private struct Entry: Sendable {
    var id: String
    var name: NameWords
  }

  /// A longer name is none: nobody writes it, and comparing it would take its time.
  private static let mostBytes = 1000
  /// A name of more words gets no second look.
  private static let mostWords = 8

  init(people: [Person], teams: [Team], rotations: [Rotation]) {
    for person in people {
      let names = [person.name] + person.also
      for name in [person.id] + names { add(name, id: person.id) }
      addForSecondLook(names.flatMap(NameWords.readings), id: person.id)
    }
    for team in teams {
      for name in [team.id, team.name] { add(name, id: team.id) }
    }
    for rotation in rotations {
      for name in [rotation.id, rotation.name] { add(name, id: rotation.id) }
    }
    let names = people.flatMap { [$0.id, $0.name] + $0.also } + (teams.map(\.name) + rotations.map(\.name))
    asConfigured = Dictionary(names.map { ($0, find($0)) }) { first, _ in first }
  }

  func id(named written: String) -> String? {
    if let known = asConfigured[written] { return known }
    return find(written)
  }

  private func find(_ written: String) -> String? {
    guard written.utf8.count <= Self.mostBytes else { return nil }
    for candidate in Self.candidates(written) {
      if let id = id(of: NameWords.readings(of: candidate)) { return id }
    }
    return nil
  }

  private func id(of readings: [NameWords]) -> String? {
    for reading in readings {
      if let known = ids[reading.words.sorted()] { return known }
    }
    var fits: Set<String> = []
    for reading in readings where fits.isEmpty { fits = people(fitting: reading) }
    return fits.count == 1 ? fits.first : nil
  }

  /// Everybody whom this can mean: by the family name with whatever else was written, or by the first name alone.
  private func people(fitting written: NameWords) -> Set<String> {
    guard written.isName, written.words.count <= Self.mostWords else { return [] }
    var fits: Set<String> = []
    for word in Set(written.words) where word.count >= 2 {
      fits.formUnion(families[word, default: []].filter { written.fitsByFamilyName($0.name) }.map(\.id))
    }
    if written.words.count == 1 {
      fits.formUnion(givens[written.words[0], default: []].map(\.id))
    }
    return fits
  }

  /// What two ways to write one name have in common; empty for what is no name.
  static func key(_ name: String) -> [String] { NameWords.readings(of: name).first?.words.sorted() ?? [] }

  private mutating func add(_ name: String, id: String) {
    let key = Self.key(name)
    guard !key.isEmpty else { return }
    if let known = ids[key], known != id {
      ids[key] = .some(nil)
    } else {
      ids[key] = id
    }
  }

  private mutating func addForSecondLook(_ names: [NameWords], id: String) {
    let names = names.filter { $0.isName && $0.words.count <= Self.mostWords }
    for name in names {
      let entry = Entry(id: id, name: name)
      // Whoever is known as "Maria Rivera" too is as "Rivera, M." no Mary.
      let isShortened = names.contains { $0.letters > name.letters && name.fitsByFamilyName($0) }
      if !isShortened { families[name.family, default: []].append(entry) }
      // An initial alone is nobody's first name.
      if let given = name.given, given.count >= 2 { givens[given, default: []].append(entry) }
    }
  }

  /// The name whole, without its parentheses, inside them.
  private static func candidates(_ written: String) -> [String] {
    guard let open = written.firstIndex(of: "("), let close = written.lastIndex(of: ")"), open < close
    else { return [written] }
    let outside = written[..<open] + " " + written[written.index(after: close)...]
    return [written, String(outside), String(written[written.index(after: open)..<close])]
  }
}
