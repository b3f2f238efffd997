/// Messages that a service has sent, by its own numbers or by its own word, and that have not come in.
public struct MissingRefs: Sendable, Equatable {
  /// The id of the service.
  public var service: String?
  /// The id of the account.
  public var account: String?
  /// In their order; at least one.
  public var ranges: [RefRange]
  public var cause: Cause

  public enum Cause: Sendable {
    /// The service's running numbers skip them.
    case gap
    /// The running numbers jump so far that the service has another numbering, perhaps.
    case newNumbering
    /// The service's list names them.
    case list
  }

  public init(service: String?, account: String?, ranges: [RefRange], cause: Cause) {
    self.service = service
    self.account = account
    self.ranges = ranges
    self.cause = cause
  }

  public var count: Int64 { ranges.reduce(0) { $0 + $1.count } }

  /// Further ranges are counted only.
  private static let mostShown = 5

  /// `AS-0043 to AS-0045, AS-0047`.
  var text: String { Self.joined(ranges.map(\.text)) }

  /// What to ask for, in words that say nothing of anybody: `messages 43 to 45`.
  var asked: String {
    let numbers = ranges.compactMap(\.digits)
    let noun = count == 1 ? "message" : "messages"
    return numbers.count == ranges.count ? "\(noun) \(Self.joined(numbers))" : "\(count) \(noun)"
  }

  private static func joined(_ texts: [String]) -> String {
    let rest = texts.count > mostShown ? " and \(texts.count - mostShown) more" : ""
    return texts.prefix(mostShown).joined(separator: ", ") + rest
  }
}

extension RefRange {
  /// Refs in as few ranges as can be.
  public static func ranges(of refs: [String]) -> [RefRange] {
    var ranges: [RefRange] = []
    for range in refs.map({ RefRange($0) }).sorted(by: comesBefore) {
      if let last = ranges.last, let numbers = last.numbers, let next = range.numbers, last.prefix == range.prefix,
        next.lowerBound <= numbers.upperBound + 1
      {
        ranges[ranges.count - 1].numbers = numbers.lowerBound...max(numbers.upperBound, next.upperBound)
        ranges[ranges.count - 1].width = max(last.width, range.width)
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  /// The order of their prefixes, then of their numbers.
  public static func comesBefore(_ one: RefRange, _ other: RefRange) -> Bool {
    (one.prefix, one.numbers?.lowerBound ?? -1) < (other.prefix, other.numbers?.lowerBound ?? -1)
  }
}
