import ArgumentParser
import CallbackControl
import Foundation

/// What the shell offers for a word that only the daemon knows: quick, and nothing where it does not answer.
///
/// No word of a patient is offered: a menu of the shell opens wherever somebody presses Tab.
enum Completions {
  /// Numbers of open callbacks, the most urgent first; for `reopen` those that were closed last.
  static var numbers: CompletionKind {
    .custom { words, _, _ in
      offered(words) { client throws(ControlError) in
        var query = ControlCall.ListQuery()
        query.limit = mostNumbers
        query.closed = words.contains("reopen")
        let page = try client.list(query)
        return page.callbacks.map { ("\($0.id)", description(of: $0, page.names)) }
      }
    }
  }

  /// Persons who are there, by id.
  static var people: CompletionKind {
    .custom { words, _, _ in
      offered(words) { client throws(ControlError) in sorted(try client.names().people) }
    }
  }

  /// Persons, teams and rotations, by id.
  static var recipients: CompletionKind {
    .custom { words, _, _ in
      offered(words) { client throws(ControlError) in
        let names = try client.names()
        return sorted(names.people) + sorted(names.teams) + sorted(names.rotations)
      }
    }
  }

  static var accounts: CompletionKind {
    .custom { words, _, _ in
      offered(words) { client throws(ControlError) in try client.names().accounts.map { ($0, "") } }
    }
  }

  /// Nobody looks through more.
  private static let mostNumbers = 100
  private static let patience = Duration.seconds(1)

  private static func sorted(_ names: [String: String]) -> [(String, String)] {
    names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// `urgent, 3 min late, Dr. Chen has it`.
  private static func description(of row: CallbackRow, _ names: [String: String]) -> String {
    let who = row.owner.map { "\(names[$0] ?? $0) has it" } ?? "for \(names[row.recipient] ?? row.recipient)"
    let due = row.state == "closed" ? "closed" : WallClock.local.deadline(row.dueAt)
    return "\(row.urgency), \(due), \(who)"
  }

  /// The words as the shell wants them; zsh and fish show what stands behind a word, bash does not.
  private static func offered(
    _ words: [String], _ ask: (ControlClient) throws(ControlError) -> [(word: String, description: String)]
  ) -> [String] {
    do {
      let places = Places(
        config: value(of: "--config", in: words), socket: value(of: "--socket", in: words),
        environment: ProcessInfo.processInfo.environment)
      let client = try ControlClient(path: try places.controlSocket(isQuiet: true), timeout: patience)
      return try ask(client).map { offer in
        let description = offer.description.harmless
        guard !description.isEmpty else { return offer.word }
        return switch CompletionShell.requesting {
        case .zsh: "\(offer.word):\(description.replacing(":", with: "\\:"))"
        case .fish: "\(offer.word)\t\(description)"
        default: offer.word
        }
      }
    } catch {
      // A shell that is asked for a word has no place for a sentence.
      return []
    }
  }

  private static func value(of option: String, in words: [String]) -> String? {
    if let joined = words.first(where: { $0.hasPrefix(option + "=") }) {
      return String(joined.dropFirst(option.count + 1))
    }
    guard let index = words.firstIndex(of: option), index + 1 < words.count else { return nil }
    return words[index + 1]
  }
}
