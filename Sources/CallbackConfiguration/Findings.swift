/// Where in the file something stands.
struct Place: Equatable {
  var line: Int?
  /// With its section: `person.email`.
  var key: String?
}

/// Collects what is wrong with one file, so that it can all be said at once.
final class Findings {
  let file: String
  private var found: [ConfigurationProblem] = []
  private var noted: [ConfigurationProblem] = []

  init(file: String) {
    self.file = file
  }

  /// - Parameter sentence: what is wrong, and what to write instead.
  func problem(_ place: Place, _ sentence: String) {
    found.append(ConfigurationProblem(file: file, line: place.line, key: place.key, sentence: sentence))
  }

  /// Something that does not keep the file from taking effect.
  func warning(_ place: Place, _ sentence: String) {
    noted.append(ConfigurationProblem(file: file, line: place.line, key: place.key, sentence: sentence))
  }

  var problems: [ConfigurationProblem] { Self.inFileOrder(found) }
  var warnings: [ConfigurationProblem] { Self.inFileOrder(noted) }

  /// By line, those without one last; as found within a line.
  private static func inFileOrder(_ problems: [ConfigurationProblem]) -> [ConfigurationProblem] {
    problems.enumerated()
      .sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
      .map(\.element)
  }
}

/// How a value is quoted in a sentence: cut short, and harmless on a terminal.
func quoted(_ text: String) -> String {
  let harmless = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isUnprintable ? "?" : $0 }))
  return harmless.count > 60 ? "`\(harmless.prefix(60))…`" : "`\(harmless)`"
}
