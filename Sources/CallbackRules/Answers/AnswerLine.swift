import Foundation

/// What a person can answer with.
public enum AnswerCommand: Sendable, Equatable {
  /// "I have it"; `take`: also from its owner.
  case acknowledge(take: Bool)
  /// The patient was reached.
  case done
  case attempt(AttemptOutcome)
  case snooze(TimeSpan)
  /// To whoever is named so.
  case pass(to: String)
  case note(String)
}

/// A line that is a command, whole: what to do, and with which callbacks.
///
/// Case, punctuation at its end and polite words don't matter; any other word makes it no command, because nothing may be closed
/// on a guess: `not done`, `done?`, `ok will try tomorrow` are notes.
public struct AnswerLine: Sendable, Equatable {
  public var command: AnswerCommand
  /// The callbacks that it names; none: that of the notice.
  public var numbers: [Int64]

  public init(_ command: AnswerCommand, numbers: [Int64] = []) {
    self.command = command
    self.numbers = numbers
  }

  private static let mostBytes = 300
  private static let mostNumbers = 50

  public init?(_ line: String) {
    guard line.utf8.count <= Self.mostBytes, !line.contains("?") else { return nil }
    var words = Self.words(of: line)
    Self.dropPoliteWords(&words)
    var numbers = Self.takeNumbers(&words)
    guard let verb = words.first?.lowercased() else { return nil }
    if let own = Self.withObject(verb, words.dropFirst(), &numbers) {
      self.init(own, numbers: numbers)
    } else {
      if numbers.isEmpty { numbers = Self.takeNumbersAtEnd(&words) }
      guard let command = Self.commands[words.map { $0.lowercased() }.joined(separator: " ")] else { return nil }
      self.init(command, numbers: numbers)
    }
    guard self.numbers.count <= Self.mostNumbers else { return nil }
  }

  /// Whether a line says nothing but a greeting or thanks.
  static func isPolite(_ line: String) -> Bool {
    var words = words(of: line)
    guard !words.isEmpty else { return line.isEmpty }
    dropPoliteWords(&words)
    return words.isEmpty || closings.contains(words.map { $0.lowercased() }.joined(separator: " "))
  }

  // MARK: - Words

  private static let wrapping = CharacterSet(charactersIn: "*_`\"'“”„«»‘’()[]<>")
  private static let ending = CharacterSet(charactersIn: ".,;:!…-–—")
  /// What people put behind a word to be friendly.
  private static let friendly: Set<Unicode.Scalar> = ["👍", "🙏", "🙂", "😊", "👌", "✅", "✔"]

  private static func words(of line: String) -> [String] {
    let plain = line.replacing("’", with: "'").filter { character in
      character.unicodeScalars.first.map { !friendly.contains($0) } ?? false
    }
    return plain.split(whereSeparator: \.isWhitespace).map {
      $0.trimmingCharacters(in: wrapping.union(ending))
    }.filter { !$0.isEmpty }
  }

  private static let polite: Set<String> = [
    "please", "pls", "plz", "thanks", "thx", "tks", "ty", "cheers", "hi", "hello", "hey", "sorry",
  ]
  private static let politePairs: Set<[String]> = [
    ["thank", "you"], ["many", "thanks"], ["good", "morning"], ["good", "evening"], ["good", "afternoon"],
  ]
  private static let closings: Set<String> = [
    "best", "regards", "best regards", "kind regards", "best wishes", "sincerely", "hi all", "hi there", "hello all",
    "good night", "mfg", "viele grüße", "lg",
  ]

  private static func dropPoliteWords(_ words: inout [String]) {
    while true {
      if let first = words.first, polite.contains(first.lowercased()) {
        words.removeFirst()
      } else if let last = words.last, polite.contains(last.lowercased()) {
        words.removeLast()
      } else if words.count >= 2, politePairs.contains(words.prefix(2).map { $0.lowercased() }) {
        words.removeFirst(2)
      } else if words.count >= 2, politePairs.contains(words.suffix(2).map { $0.lowercased() }) {
        words.removeLast(2)
      } else {
        return
      }
    }
  }

  // MARK: - Numbers of callbacks

  private static func number(_ word: String) -> Int64? {
    let digits = word.hasPrefix("#") ? word.dropFirst() : word[...]
    guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int64(digits), number > 0
    else { return nil }
    return number
  }

  private static let joining: Set<String> = ["and", "&", "+"]
  private static let naming: Set<String> = ["callback", "callbacks", "number", "numbers", "nr", "no"]

  /// Several may stand in one word: `12,13`.
  private static func numbers(in word: String) -> [Int64]? {
    let parts = word.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { number(String($0)) }
    return numbers.count == parts.count ? numbers : nil
  }

  /// Takes numbers from the beginning.
  private static func takeNumbers(_ words: inout [String]) -> [Int64] {
    var rest = words[...]
    if let first = rest.first, naming.contains(first.lowercased()) { rest = rest.dropFirst() }
    var found: [Int64] = []
    var taken = rest
    while let word = rest.first {
      if let more = numbers(in: word) {
        found += more
        rest = rest.dropFirst()
        taken = rest
      } else if !found.isEmpty, joining.contains(word.lowercased()) {
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    if !found.isEmpty { words = Array(taken) }
    return found
  }

  private static func takeNumbersAtEnd(_ words: inout [String]) -> [Int64] {
    var rest = words[...]
    var found: [Int64] = []
    var taken = rest
    while let word = rest.last {
      if let more = numbers(in: word) {
        found = more + found
        rest = rest.dropLast()
        taken = rest
      } else if !found.isEmpty, joining.contains(word.lowercased()) {
        rest = rest.dropLast()
      } else {
        break
      }
    }
    guard !found.isEmpty else { return [] }
    if let last = taken.last, naming.contains(last.lowercased()) { taken = taken.dropLast() }
    if let last = taken.last, ["for", "on"].contains(last.lowercased()) { taken = taken.dropLast() }
    words = Array(taken)
    return found
  }

  // MARK: - Commands

  private static let commands: [String: AnswerCommand] = {
    let phrases: [(AnswerCommand, [String])] = [
      (
        .acknowledge(take: false),
        [
          "ok", "okay", "ack", "acknowledge", "acknowledged", "i have it", "i've got it", "i got it", "have it",
          "got it",
          "mine", "it's mine", "i'll take it", "i will take it", "on it", "i'm on it", "yes i have it", "ok i have it",
          "ok i've got it", "ok got it", "ok on it", "ok i'm on it",
        ]
      ),
      (.acknowledge(take: true), ["take over", "take it over", "i take over", "i'll take over", "i will take over"]),
      (
        .done,
        [
          "done", "all done", "it's done", "it is done", "reached", "patient reached", "reached patient",
          "reached the patient",
        ]
      ),
      (
        .attempt(.noAnswer),
        ["no answer", "no-answer", "noanswer", "didn't answer", "did not answer", "nobody answered", "no one answered"]
      ),
      (
        .attempt(.voicemail),
        [
          "voicemail", "voice mail", "vm", "left voicemail", "left a voicemail", "left voice mail", "left vm",
          "left a vm",
        ]
      ),
      (
        .attempt(.busy),
        ["busy", "line busy", "line is busy", "line was busy", "the line is busy", "the line was busy"]
      ),
      (.attempt(.wrongNumber), ["wrong number", "wrong-number"]),
    ]
    var commands: [String: AnswerCommand] = [:]
    for (command, words) in phrases {
      for word in words { commands[word] = command }
    }
    return commands
  }()

  /// A command with something behind it: a span, a name, a text.
  private static func withObject(
    _ verb: String, _ words: ArraySlice<String>, _ numbers: inout [Int64]
  ) -> AnswerCommand? {
    var rest = Array(words)
    switch verb {
    case "snooze":
      if let span = span(rest) { return .snooze(span) }
      if numbers.isEmpty { numbers = takeNumbers(&rest) }
      if let span = span(rest) { return .snooze(span) }
      if numbers.isEmpty { numbers = takeNumbersAtEnd(&rest) }
      return span(rest).map { .snooze($0) }
    case "pass", "assign", "give", "hand":
      if numbers.isEmpty { numbers = takeNumbers(&rest) }
      while let word = rest.first?.lowercased(), ["it", "this", "on", "over", "them"].contains(word) {
        rest.removeFirst()
      }
      guard rest.count >= 2, rest.removeFirst().lowercased() == "to" else { return nil }
      return .pass(to: rest.joined(separator: " "))
    case "note":
      if numbers.isEmpty { numbers = takeNumbers(&rest) }
      return rest.isEmpty ? nil : .note(rest.joined(separator: " "))
    default: return nil
    }
  }

  private static let units: [String: Int] = [
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600,
    "hours": 3600, "d": 86_400, "day": 86_400, "days": 86_400,
  ]

  /// `20m`, `for 20 minutes`, `1h30m`, `an hour`.
  private static func span(_ words: [String]) -> TimeSpan? {
    var text = words.map { $0.lowercased() }
    if text.first == "for" { text.removeFirst() }
    switch text {
    case ["an", "hour"]: return TimeSpan(seconds: 3600)
    case ["half", "an", "hour"]: return TimeSpan(seconds: 1800)
    default: break
    }
    var rest = Substring(text.joined(separator: " "))
    var seconds = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count).drop { $0 == " " }
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count).drop { $0 == " " }
      guard (1...5).contains(digits.count), let count = Int(digits), let length = units[String(unit)] else {
        return nil
      }
      seconds += count * length
    }
    return seconds > 0 ? TimeSpan(seconds: seconds) : nil
  }
}
