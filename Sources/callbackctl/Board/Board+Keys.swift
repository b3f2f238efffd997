import CallbackControl
import CallbackRules
import Foundation

/// What a key does.
extension Board {
  /// What the board can't do itself.
  enum Intent: Equatable {
    case act(Int64, Command, note: String?)
    case show(Int64)
    case redraw
    case quit
  }

  mutating func press(_ key: Key, at now: Date) -> Intent? {
    message = nil
    switch key {
    case .control("l"): return .redraw
    default: break
    }
    switch mode {
    case .list: return pressInList(key, at: now)
    case .outcomes(let number): return pressOutcome(key, of: number)
    case .confirm(let question): return answer(key, to: question)
    case .input(let input, let text): return type(key, into: input, text)
    case .help:
      mode = .list
      return nil
    case .text(let lines, let top): return scroll(key, lines, top)
    }
  }

  // MARK: - The list

  private mutating func pressInList(_ key: Key, at now: Date) -> Intent? {
    let numbers = numbers(at: now)
    let index = index(in: numbers)
    switch key {
    case .up, .character("k"): select(index - 1, in: numbers)
    case .down, .character("j"): select(index + 1, in: numbers)
    case .pageUp, .control("b"): select(index - pageRows, in: numbers)
    case .pageDown, .control("f"), .character(" "): select(index + pageRows, in: numbers)
    case .home, .character("g"): select(0, in: numbers)
    case .end, .character("G"): select(numbers.count - 1, in: numbers)
    case .character("/"): mode = .input(.filter, filter)
    case .escape: filter = ""
    case .character("?"), .character("h"): mode = .help
    case .character("q"): return .quit
    default:
      guard let selected, let row = rows[selected] else { return nil }
      return press(key, on: row)
    }
    return nil
  }

  private mutating func press(_ key: Key, on row: CallbackRow) -> Intent? {
    let number = row.id
    switch key {
    case .enter: return .show(number)
    case .character("a"):
      guard let owner = row.owner else { return .act(number, .acknowledge(take: false), note: nil) }
      mode = .confirm(.take(number, name(owner)))
    case .character("t"): mode = .outcomes(number)
    case .character("d"): mode = .confirm(.done(number))
    case .character("n"): mode = .input(.note(number), "")
    case .character("s"): mode = .input(.snooze(number), "10m")
    case .character("p"): mode = .input(.assign(number), "")
    default: break
    }
    return nil
  }

  // MARK: - Questions

  /// The keys of the outcomes, in their order.
  static let outcomes: [(outcome: AttemptOutcome, words: String)] = [
    (.noAnswer, "no answer"), (.busy, "busy"), (.voicemail, "voicemail"), (.wrongNumber, "wrong number"),
    (.reached, "reached the patient: closes it"), (.declined, "the patient declined: closes it"),
  ]

  private mutating func pressOutcome(_ key: Key, of number: Int64) -> Intent? {
    mode = .list
    guard case .character(let digit) = key, let place = digit.wholeNumberValue,
      (1...Self.outcomes.count).contains(place)
    else { return nil }
    switch Self.outcomes[place - 1].outcome {
    case .reached: mode = .confirm(.done(number))
    case .declined: mode = .confirm(.declined(number))
    case let outcome: return .act(number, .attempt(outcome), note: nil)
    }
    return nil
  }

  private mutating func answer(_ key: Key, to question: Question) -> Intent? {
    mode = .list
    guard key == .character("y") else { return nil }
    return switch question {
    case .done(let number): .act(number, .done, note: nil)
    case .declined(let number): .act(number, .attempt(.declined), note: nil)
    case .take(let number, _): .act(number, .acknowledge(take: true), note: nil)
    }
  }

  // MARK: - Typing

  private static let mostCharacters = 1000

  private mutating func type(_ key: Key, into input: Input, _ text: String) -> Intent? {
    var text = text
    switch key {
    case .escape, .control("g"):
      mode = .list
      return nil
    case .enter: return finish(input, text)
    case .backspace: if !text.isEmpty { text.removeLast() }
    case .control("u"): text = ""
    case .character(let character): text.append(character)
    case .paste(let pasted): text += pasted.replacing("\n", with: " ").replacing("\r", with: " ")
    default: break
    }
    text = String(text.prefix(Self.mostCharacters))
    mode = .input(input, text)
    if input == .filter { filter = text }
    return nil
  }

  private mutating func finish(_ input: Input, _ text: String) -> Intent? {
    mode = .list
    let words = text.trimmingCharacters(in: .whitespaces)
    guard !words.isEmpty || input == .filter else { return nil }
    switch input {
    case .filter:
      filter = words
      return nil
    case .note(let number): return .act(number, .note(words), note: nil)
    case .assign(let number): return .act(number, .assign(to: words), note: nil)
    case .snooze(let number):
      guard let span = TimeSpan(words) else {
        message = Message(text: "A span is a number and its unit: 90s, 10m, 1h30m.", isFailure: true)
        return nil
      }
      return .act(number, .snooze(span), note: nil)
    }
  }

  // MARK: - Reading

  private mutating func scroll(_ key: Key, _ lines: [String], _ top: Int) -> Intent? {
    let last = max(0, lines.count - pageRows)
    let place: Int
    switch key {
    case .up, .character("k"): place = top - 1
    case .down, .character("j"): place = top + 1
    case .pageUp, .control("b"): place = top - pageRows
    case .pageDown, .control("f"), .character(" "): place = top + pageRows
    case .home, .character("g"): place = 0
    case .end, .character("G"): place = last
    case .character("q"), .escape, .enter:
      mode = .list
      return nil
    default: return nil
    }
    mode = .text(lines, top: min(max(0, place), last))
    return nil
  }
}
