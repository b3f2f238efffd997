import Foundation

/// A regular expression that finds the fields of a message in prose: its named groups are their values.
///
/// Capitals make no difference, `^` and `$` stand at the ends of lines, `.` for any character of one line. The syntax is that of
/// ICU (unicode-org.github.io/icu/userguide/strings/regexp.html).
public struct MessagePattern: Sendable, Equatable {
  /// As it was written.
  public let source: String
  /// Its named groups, in their order, and what becomes of what they find.
  public let groups: [Group]
  private let expression: NSRegularExpression

  public struct Group: Sendable, Equatable {
    public var name: String
    public var use: Profile.Use
  }

  /// Why a text is no pattern.
  public enum Mistake: Error, Equatable {
    case isTooLong
    /// It is no regular expression.
    case doesNotCompile
    /// It compares with what a group found (`\1`), which can take longer than any limit on its steps.
    case refersBack
    case hasNoNamedGroup
    /// A group with this name, which is no field's.
    case unknownGroup(String)
  }

  /// Longer ones are refused.
  public static let longestSource = 1000

  /// - Parameter fields: names of the profile, which groups may have too.
  public init(_ source: String, fields: [String: Profile.Use] = [:]) throws(Mistake) {
    guard source.utf8.count <= Self.longestSource else { throw .isTooLong }
    do {
      expression = try NSRegularExpression(pattern: source, options: [.caseInsensitive, .anchorsMatchLines])
    } catch {
      throw .doesNotCompile
    }
    let scan = PatternScan(source)
    guard !scan.refersBack else { throw .refersBack }
    guard !scan.names.isEmpty else { throw .hasNoNamedGroup }
    var groups: [Group] = []
    for name in scan.names {
      let own = fields[FieldName.key(of: name.utf8)]
      guard let use = own ?? FieldName.meaning(of: Array(name.utf8)[...]).map(Profile.Use.means) else {
        throw .unknownGroup(name)
      }
      groups.append(Group(name: name, use: use))
    }
    self.source = source
    self.groups = groups
  }

  public static func == (left: MessagePattern, right: MessagePattern) -> Bool {
    left.source == right.source && left.groups == right.groups
  }

  // MARK: - Finding

  /// Where a pattern fits, in UTF-16 units of the text.
  public struct Match: Sendable, Equatable {
    public var range: Range<Int>
    /// What the groups found that took part, in their order.
    public var groups: [(group: Group, range: Range<Int>)]

    public static func == (left: Match, right: Match) -> Bool {
      left.range == right.range && left.groups.elementsEqual(right.groups) { $0 == $1 }
    }
  }

  /// Where it fits in the text, the first `limit` times.
  ///
  /// - Parameter mayGoOn: asked every few thousand steps of the search, and at each place where it could begin.
  /// - Returns: nil if it was stopped.
  public func matches(in text: String, limit: Int, while mayGoOn: @escaping () -> Bool) -> [Match]? {
    var found: [Match] = []
    var isStopped = false
    let whole = NSRange(location: 0, length: text.utf16.count)
    expression.enumerateMatches(in: text, options: [.reportProgress], range: whole) { result, _, stop in
      if let result {
        if let match = match(result) { found.append(match) }
        if found.count == limit { stop.pointee = true }
      } else if !mayGoOn() {
        isStopped = true
        stop.pointee = true
      }
    }
    return isStopped ? nil : found
  }

  /// Nil where it fits nothing at all, as `x*` does anywhere.
  private func match(_ result: NSTextCheckingResult) -> Match? {
    guard let range = Range(result.range), !range.isEmpty else { return nil }
    let groups = groups.compactMap { group in
      Range(result.range(withName: group.name)).flatMap { $0.isEmpty ? nil : (group, $0) }
    }
    return Match(range: range, groups: groups)
  }
}

/// What has to be known of a regular expression beyond that it compiles.
private struct PatternScan {
  /// Of its groups, in their order.
  private(set) var names: [String] = []
  private(set) var refersBack = false

  /// - Parameter source: compiles.
  init(_ source: String) {
    var rest = source.unicodeScalars[...]
    var bracketDepth = 0
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\": passEscape(&rest)
      case "[": bracketDepth += 1
      case "]": bracketDepth -= bracketDepth > 0 ? 1 : 0
      case "(" where bracketDepth == 0: passGroup(&rest)
      default: break
      }
    }
  }

  private mutating func passEscape(_ rest: inout Substring.UnicodeScalarView) {
    switch rest.popFirst() {
    case "Q":
      while !rest.isEmpty, !rest.starts(with: "\\E".unicodeScalars) { rest.removeFirst() }
    case "k", "1", "2", "3", "4", "5", "6", "7", "8", "9": refersBack = true
    default: break
    }
  }

  private mutating func passGroup(_ rest: inout Substring.UnicodeScalarView) {
    if rest.starts(with: "?#".unicodeScalars) {
      rest = rest.drop { $0 != ")" }
    } else if rest.starts(with: "?<".unicodeScalars) {
      let name = rest.dropFirst(2).prefix { $0 != ">" }
      // Else it looks behind: `(?<=`, `(?<!`.
      if name.first?.properties.isAlphabetic == true { names.append(String(name)) }
    }
  }
}
