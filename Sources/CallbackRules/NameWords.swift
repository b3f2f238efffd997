import Foundation

/// The words of a name, in small letters without accents and titles, in the order in which they were written.
struct NameWords: Sendable, Equatable {
  /// Never empty.
  let words: [String]
  /// Whether there is more than titles.
  let isName: Bool
  /// The first name; nil where there is a family name alone.
  let given: String?
  /// Which of the words is the family name: the last, or the last before a comma, `Jr` and the like left aside.
  private let familyPlace: Int

  private static let titles: Set<String> = [
    "dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "md", "np", "rn", "lpn", "phd", "dds", "dmd", "dpm",
    "fnp", "aprn", "crnp",
  ]
  /// Titles that are family names too.
  private static let doubtful: Set<String> = ["do", "pa"]
  private static let generations: Set<String> = ["jr", "sr", "ii", "iii", "iv"]

  /// How the name can be read, the likelier reading first: the last word of "Kim Do" may be a title.
  static func readings(of name: String) -> [NameWords] {
    let folded =
      name.utf8.allSatisfy { $0 < 0x80 }
      ? name.lowercased()
      : name.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    let parts = folded.split(separator: ",").map { part in
      part.split { $0.isWhitespace || "_-/()".contains($0) }.flatMap(words)
    }.filter { !$0.isEmpty }
    // After a comma a doubtful word is a title.
    let likely = parts.enumerated().map { place, part in
      part.filter { !titles.contains($0) && (place == 0 || !doubtful.contains($0)) }
    }
    let bare = parts.map { $0.filter { !titles.contains($0) && !doubtful.contains($0) } }
    if bare.allSatisfy(\.isEmpty) {
      return [likely, parts].compactMap { NameWords($0, isName: false) }.prefix(1).map { $0 }
    }
    return (likely == bare ? [bare] : [likely, bare]).compactMap { NameWords($0, isName: true) }
  }

  /// - Parameter parts: what stands between commas; nil if that is nothing.
  private init?(_ parts: [[String]], isName: Bool) {
    let parts = parts.filter { !$0.isEmpty }
    guard let first = parts.first else { return nil }
    words = parts.flatMap { $0 }
    self.isName = isName
    familyPlace = first.lastIndex { !Self.generations.contains($0) } ?? first.count - 1
    let behind = parts.dropFirst().joined().first { !Self.generations.contains($0) }
    given = behind ?? first[..<familyPlace].first
  }

  /// `M.D.` is one word, `M.Rivera` are two, and `O'Brien` is one.
  private static func words(of written: Substring) -> [String] {
    let letters = written.filter { $0.isLetter || $0.isNumber }
    if titles.contains(letters) || doubtful.contains(letters) { return [letters] }
    let joined = written.filter { !"'’‘`".contains($0) }
    return joined.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  var family: String { words[familyPlace] }
  var letters: Int { words.reduce(0) { $0 + $1.count } }

  /// Whether this may be a shorter or longer way to write `name`: it has its family name, and each further word is another one of
  /// the name's, or one is the other's initial.
  func fitsByFamilyName(_ name: NameWords) -> Bool {
    guard name.family.count >= 2, words.count <= name.words.count, let place = words.firstIndex(of: name.family)
    else { return false }
    var (mine, theirs) = (words, name.words)
    mine.remove(at: place)
    theirs.remove(at: name.familyPlace)
    return Self.fit(mine[...], theirs)
  }

  /// Whether each of `words` goes with a different one of `others`.
  private static func fit(_ words: ArraySlice<String>, _ others: [String]) -> Bool {
    guard let word = words.first else { return true }
    return others.indices.contains { place in
      guard goTogether(word, others[place]) else { return false }
      var rest = others
      rest.remove(at: place)
      return fit(words.dropFirst(), rest)
    }
  }

  private static func goTogether(_ word: String, _ other: String) -> Bool {
    if word == other { return true }
    let isInitial = word.count == 1 || other.count == 1
    return isInitial && word.first == other.first && !generations.contains(word) && !generations.contains(other)
  }
}
