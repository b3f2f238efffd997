import CallbackRules

/// The Refs and ranges of Refs that a service writes down as sent: `AS-0041, AS-0044-AS-0047 9001 to 9012`.
///
/// Commas, semicolons, blanks and line ends are between them. A range has the same words before both numbers, and as many digits
/// in both where they begin with zeros.
struct SentRefs {
  /// In their order, each once.
  private(set) var refs: [String] = []
  /// What is no Ref, or too much; nil if all was read.
  private(set) var problem: String?
  /// Whether it is Refs, but too many.
  private(set) var isTooLong = false
  private var known: Set<String> = []
  /// How many were read, those that stand there again too.
  private var count = 0

  private static let mostBytes = 64
  /// Between these years a number with a hyphen behind it is a year: `2026-0042` is one Ref.
  private static let years: ClosedRange<Int64> = 2020...2039

  init() {}

  /// Reads further ones; the first that is none ends it, and is the problem.
  mutating func read(_ text: String) {
    var words = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)[...]
    while problem == nil, let word = words.popFirst() {
      let first = word.last == "." && word.count > 1 ? String(word.dropLast()) : word
      if let next = words.first, Self.isThrough(next), let last = words.dropFirst().first {
        words.removeFirst(2)
        add(from: first, through: last)
      } else if let (from, through) = Self.ends(of: first) {
        add(from: from, through: through)
      } else if first.lowercased() != "and", first != "&" {
        add(first)
      }
    }
  }

  /// Reads those lines of a free text that hold nothing else.
  mutating func readLines(of freeText: String) {
    for line in freeText.split(separator: "\n") where problem == nil {
      var further = SentRefs()
      further.read(String(line))
      guard further.problem == nil || further.isTooLong else { continue }
      for ref in further.refs where problem == nil { add(ref) }
      problem = problem ?? further.problem
      isTooLong = problem != nil
    }
  }

  private static func isThrough(_ word: String) -> Bool {
    ["-", "–", "—", "..", "...", "to", "through", "thru"].contains(word.lowercased())
  }

  private mutating func add(_ ref: String) {
    guard Self.isRef(ref) else {
      problem = "\"\(quoted(ref))\" is no Ref; write the Refs of all messages sent, such as AS-0041, AS-0044-AS-0047"
      return
    }
    guard count < RefList.mostRefs else {
      isTooLong = true
      problem = "There are more than \(RefList.mostRefs) Refs; send several lists"
      return
    }
    count += 1
    if known.insert(ref).inserted { refs.append(ref) }
  }

  private mutating func add(from first: String, through last: String) {
    guard let range = Self.range(from: first, through: last) else {
      problem =
        "\"\(quoted(first)) to \(quoted(last))\" is no range; write both ends in full, the lower one first, such as AS-0044-AS-0047"
      return
    }
    guard range.count <= RefList.mostRefs else {
      isTooLong = true
      problem = "\"\(quoted(first)) to \(quoted(last))\" is more than \(RefList.mostRefs) Refs; send several lists"
      return
    }
    for ref in range.refs where problem == nil { add(ref) }
  }

  /// Both ends of a range in one word.
  private static func ends(of word: String) -> (String, String)? {
    guard word.utf8.count <= 2 * mostBytes + 3 else { return nil }
    for separator in ["..", "–", "—", "-"] {
      for cut in word.ranges(of: separator) {
        let (first, last) = (String(word[..<cut.lowerBound]), String(word[cut.upperBound...]))
        guard let range = range(from: first, through: last) else { continue }
        let isYear = first.utf8.count == 4 && range.numbers.map { years.contains($0.lowerBound) } ?? false
        if separator != "-" || !isYear { return (first, last) }
      }
    }
    return nil
  }

  private static func range(from first: String, through last: String) -> RefRange? {
    guard isRef(first), isRef(last), let from = RefNumber(first), let through = RefNumber(last),
      from.prefix == through.prefix, from.number <= through.number,
      from.width == 0 && through.width == 0 || first.utf8.count == last.utf8.count
    else { return nil }
    return RefRange(
      prefix: from.prefix, numbers: from.number...through.number, width: max(from.width, through.width))
  }

  // MARK: - A word

  private static func isRef(_ word: String) -> Bool {
    word.utf8.count <= mostBytes && word.utf8.contains(where: ASCII.isDigit) && word.utf8.allSatisfy(isPart)
      && !isDate(word)
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-_./#".utf8.contains(byte)
  }

  /// `11/23/2026`, `2026-11-23`: when, not what.
  private static func isDate(_ word: String) -> Bool {
    let parts = word.split(omittingEmptySubsequences: false) { "-/.".contains($0) }
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }) else { return false }
    let lengths = parts.map(\.utf8.count)
    return (lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2)
      || (lengths[0] <= 2 && lengths[1] <= 2 && (lengths[2] == 4 || lengths[2] == 2))
  }
}
