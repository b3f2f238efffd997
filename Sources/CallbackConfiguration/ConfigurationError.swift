/// Everything that is wrong with a configuration, in the order of the file.
public struct ConfigurationError: Error, Equatable {
  public var problems: [ConfigurationProblem]

  public init(problems: [ConfigurationProblem]) {
    self.problems = problems
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One line a problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong, or that an administrator should know of, and what to do about it.
public struct ConfigurationProblem: Sendable, Equatable {
  /// The file's path, as it was given.
  public var file: String
  /// Counts from 1. Nil for what stands nowhere: a missing section, or the file itself.
  public var line: Int?
  /// With its section: `person.email`. Nil where the whole file or its syntax is meant.
  public var key: String?
  /// What is wrong, and what to write instead.
  public var sentence: String

  public init(file: String, line: Int? = nil, key: String? = nil, sentence: String) {
    self.file = file
    self.line = line
    self.key = key
    self.sentence = sentence
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  /// `callbackd.toml:12: person.email: …; write …`.
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return ([place, key].compactMap { $0 } + [sentence]).joined(separator: ": ")
  }
}
