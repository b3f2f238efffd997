import CallbackConfiguration
import CallbackRules
import ChildProcesses

/// Hands a notice to a program of the office's: its JSON on standard input, the person's keys in the arguments.
///
/// No shell is involved. `{key}` in an argument stands for what the person has there (`Person.value(ofKey:)`); the program
/// itself is taken as written. Exit codes mean what they mean for sendmail (`HandOver`).
struct CommandChannel: Sendable {
  let id: String
  /// The program, an absolute path, and its arguments.
  let words: [String]
  let timeout: TimeSpan
  let scratchDirectory: String
  /// False where the notice holds patient data, which a program might repeat in its error.
  let quotesErrors: Bool

  func handOver(_ json: [UInt8], for person: Person) async -> Delivery {
    guard let program = words.first else {
      return Delivery(outcome: .refused("channel \(name(id)) has no program to run"))
    }
    var arguments: [String] = []
    for word in words.dropFirst() {
      do throws(MissingKey) {
        arguments.append(try Self.fill(word, from: person))
      } catch {
        return Delivery(
          outcome: .refused("\(name(person.id)) has no \(name(error.key)), which channel \(name(id)) needs"))
      }
    }
    let child = ChildProcess(program: program, arguments: arguments, timeout: .seconds(timeout.seconds))
    return await HandOver(child: child, scratchDirectory: scratchDirectory, quotesErrors: quotesErrors).run(json)
  }

  struct MissingKey: Error {
    let key: String
  }

  /// The word with each `{key}` replaced once; what a value holds is not looked at again. A brace without its fellow stays.
  static func fill(_ word: String, from person: Person) throws(MissingKey) -> String {
    var filled = ""
    var start = word.startIndex
    for (range, key) in Channel.placeholders(in: word) {
      guard let value = person.value(ofKey: key) else { throw MissingKey(key: key) }
      filled += word[start..<range.lowerBound] + value
      start = range.upperBound
    }
    return filled + word[start...]
  }

  private func name(_ word: String) -> String { PrintableLine(word, limit: 80).text }
}
