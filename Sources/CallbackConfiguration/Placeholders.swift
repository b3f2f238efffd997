import CallbackRules

extension Person {
  /// What `{key}` in a command stands for: `id`, `name`, `email`, `login`, or a further key; nil if this person has none.
  public func value(ofKey key: String) -> String? {
    switch key {
    case "id": id
    case "name": name
    case "email": email
    case "login": login
    default: keys[key]
    }
  }
}

extension Channel {
  /// The keys a person must have to be told this way, in the order in which the command names them.
  public var placeholders: [String] {
    guard case .command(let arguments) = kind else { return [] }
    // The program itself is a fixed path.
    return arguments.dropFirst().flatMap { Self.placeholders(in: $0).map(\.key) }
  }

  /// Each `{key}` in an argument, in order. A brace without its fellow is none.
  public static func placeholders(in argument: String) -> [(range: Range<String.Index>, key: String)] {
    argument.matches(of: /\{([^{}]+)\}/).map { ($0.range, String($0.1)) }
  }
}
