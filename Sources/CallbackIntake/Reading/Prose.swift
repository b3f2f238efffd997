import CallbackRules
import Foundation

/// Finds fields in prose by the patterns of profiles.
///
/// The patterns look at what is no field of a name that is known. Each in its order looks at what those before it have left,
/// and adds what it finds. What a pattern passes over without a group stays free text, unless its words stand in the
/// pattern: they are its own frame (`MSG FOR`), and everything else could be what the call is about.
///
/// Hostile text can take a regular expression longer than the age of the universe. So only the beginning of a text is
/// searched, and all patterns together get a bounded time.
struct Prose {
  /// So much of a text is searched, in whole lines.
  static let maximumBytes = 8192

  private let layout: MessageLayout
  private let fields: [MessageField]
  /// The lines that patterns do not see: of fields whose names are known.
  private let takenLines: Set<Int>
  private let lines: [Line]
  /// The text of all searched lines, with one line feed after each, so that lines can be counted in it.
  private let whole: [UInt16]
  /// The same, with line feeds where a pattern has been.
  private var searched: [UInt16]
  /// Which units are in a field, or the frame of a pattern.
  private var isPlaced: [Bool]
  private var found: [MessageField] = []
  /// The lines that patterns found something in.
  private var foundLines: Set<Int> = []

  private struct Line {
    var number: Int
    var text: String
    /// Where it stands in `whole`; empty for one that is not searched.
    var units: Range<Int>
  }

  /// - Parameter lastLines: the last line of each field.
  init(_ text: [UInt8], fields: [MessageField], lastLines: [Int], layout: MessageLayout) {
    self.layout = layout
    self.fields = fields
    let known = zip(fields, lastLines).filter { $0.0.placedBy != nil }
    takenLines = Set(known.flatMap { $0.0.line...$0.1 })
    var (lines, whole): ([Line], [UInt16]) = ([], [])
    for line in Lines(of: text) {
      let start = whole.count
      let content = takenLines.contains(line.number) ? "" : String(decoding: text[line.range], as: UTF8.self)
      if line.range.upperBound <= Self.maximumBytes {
        whole += content.utf16
        lines.append(Line(number: line.number, text: content, units: start..<whole.count))
        whole.append(Self.lineFeed)
      } else {
        lines.append(Line(number: line.number, text: content, units: start..<start))
      }
    }
    self.lines = lines
    self.whole = whole
    searched = whole
    isPlaced = [Bool](repeating: false, count: whole.count)
  }

  /// The message with what patterns find in it.
  func placed(in split: SplitMessage) -> SplitMessage {
    var prose = self
    let problem = prose.search()
    var split = split
    split.patternProblem = problem
    if problem == nil, !prose.found.isEmpty {
      split.fields = fields.filter { $0.placedBy != nil || !prose.foundLines.contains($0.line) } + prose.found
      (split.freeText, split.freeTextLines) = prose.rest(besides: split.fields)
    }
    return split
  }

  // MARK: - Searching

  /// Tries each pattern.
  ///
  /// - Returns: what is wrong with one that takes too long.
  private mutating func search() -> String? {
    let time = SearchTime()
    for profile in layout.profiles {
      for (index, pattern) in profile.patterns.enumerated() {
        let text = String(decoding: searched, as: UTF16.self)
        // A second one may be of another message in the same file.
        guard let matches = pattern.matches(in: text, limit: 2, while: { time.isLeft }) else {
          return
            "Pattern \(index + 1) of the \(profile.owner.name) takes too long on this text; make it simpler, without a "
            + "repetition in a repetition, or write a field on each line, as Name: value"
        }
        for match in matches { place(match, of: pattern, by: .pattern(index + 1, profile.owner)) }
      }
    }
    return nil
  }

  private mutating func place(_ match: MessagePattern.Match, of pattern: MessagePattern, by placement: Placement) {
    var end = match.range.lowerBound
    for (group, range) in match.groups.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      let value = value(of: range, meaning: group.use.meaning)
      guard !value.isEmpty else { continue }
      found.append(
        MessageField(
          line: lineNumber(at: range.lowerBound), name: group.name, meaning: group.use.meaning, value: value,
          placedBy: placement))
      mark(range)
      if end < range.lowerBound { markFrame(end..<range.lowerBound, of: pattern) }
      end = max(end, range.upperBound)
    }
    if end < match.range.upperBound { markFrame(end..<match.range.upperBound, of: pattern) }
    foundLines.formUnion(lineNumber(at: match.range.lowerBound)...lineNumber(at: match.range.upperBound - 1))
    for index in match.range { searched[index] = Self.lineFeed }
  }

  private func value(of range: Range<Int>, meaning: FieldName?) -> String {
    let lines = String(decoding: whole[range], as: UTF16.self).split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return lines.filter { !$0.isEmpty }.joined(separator: meaning == .body ? "\n" : " ")
  }

  private mutating func mark(_ range: Range<Int>) {
    for index in range { isPlaced[index] = true }
  }

  /// What stands between groups is the pattern's own if its words stand in the pattern.
  private mutating func markFrame(_ range: Range<Int>, of pattern: MessagePattern) {
    // Without escapes: `\bAT` has the word "at".
    let own = Self.words(of: pattern.source.replacing(/\\./, with: " "))
    if Self.words(of: String(decoding: whole[range], as: UTF16.self)).isSubset(of: own) { mark(range) }
  }

  private static func words(of text: String) -> Set<Substring> {
    Set(text.lowercased().split { !$0.isLetter && !$0.isNumber })
  }

  private func lineNumber(at unit: Int) -> Int {
    1 + whole[..<unit].count { $0 == Self.lineFeed }
  }

  // MARK: - What is left

  /// What is neither in a field nor in a pattern, and its lines.
  private func rest(besides fields: [MessageField]) -> (text: String?, lines: FreeTextLines) {
    let others = Set(fields.filter { $0.placedBy == nil }.map(\.line))
    var (texts, numbers): ([String], [Int]) = ([], [])
    for line in lines where !takenLines.contains(line.number) && !others.contains(line.number) {
      let isTouched = line.units.contains { isPlaced[$0] }
      let left = isTouched ? unplaced(in: line.units) : line.text.trimmingCharacters(in: .whitespaces)
      // A stop or a bracket alone that a pattern left says nothing.
      if isTouched, left.allSatisfy({ $0.isPunctuation || $0.isWhitespace }) { continue }
      if texts.isEmpty, left.isEmpty { continue }
      texts.append(left)
      numbers.append(line.number)
    }
    while texts.last?.isEmpty == true { texts.removeLast() }
    return (texts.isEmpty ? nil : texts.joined(separator: "\n"), FreeTextLines(first: numbers))
  }

  private func unplaced(in units: Range<Int>) -> String {
    let kept = units.map { isPlaced[$0] ? Self.lineFeed : whole[$0] }
    let pieces = String(decoding: kept, as: UTF16.self).split(separator: "\n")
    return pieces.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static let lineFeed = UInt16(ASCII.lineFeed)
}

/// How long the patterns of a message may search: processor time of this thread, so that a busy machine makes no message
/// unreadable.
private struct SearchTime {
  private static let mostNanoseconds = 30_000_000
  private let start = Self.nanoseconds

  var isLeft: Bool { Self.nanoseconds - start < Self.mostNanoseconds }

  private static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
