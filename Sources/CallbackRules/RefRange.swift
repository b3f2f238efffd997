/// Refs that follow one another: `AS-0043 to AS-0045`, or a single one, which need not end in digits.
public struct RefRange: Sendable, Hashable {
  public var prefix: String
  /// Nil: the prefix is the whole Ref.
  public var numbers: ClosedRange<Int64>?
  /// How many digits they are written with at least.
  public var width: Int

  public init(prefix: String, numbers: ClosedRange<Int64>?, width: Int = 0) {
    self.prefix = prefix
    self.numbers = numbers
    self.width = width
  }

  /// A single Ref.
  public init(_ written: String) {
    guard let ref = RefNumber(written) else {
      self.init(prefix: written, numbers: nil)
      return
    }
    self.init(prefix: ref.prefix, numbers: ref.number...ref.number, width: ref.width)
  }

  public var count: Int64 { numbers.map { $0.upperBound - $0.lowerBound + 1 } ?? 1 }

  /// As the service writes them: `AS-0043`, `AS-0043 to AS-0045`.
  public var text: String { spelled { prefix + $0 } ?? prefix }

  /// The numbers alone, `0043 to 0045`, which say nothing of anybody; nil where there are none.
  public var digits: String? { spelled { $0 } }

  private func spelled(_ number: (String) -> String) -> String? {
    numbers.map { numbers in
      let first = number(padded(numbers.lowerBound))
      return numbers.count == 1 ? first : "\(first) to \(number(padded(numbers.upperBound)))"
    }
  }

  /// Every Ref of it.
  public var refs: [String] { numbers.map { $0.map { prefix + padded($0) } } ?? [prefix] }

  private func padded(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
